/** The published JSON schema of the report. Run this file to write `report.schema.json`. */
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { Report } from "./report.ts";

export const SCHEMA_FILE = new URL("../../report.schema.json", import.meta.url);

export const reportSchema = (): string => `${JSON.stringify(z.toJSONSchema(Report), null, 2)}\n`;

if (import.meta.main) writeFileSync(SCHEMA_FILE, reportSchema());
