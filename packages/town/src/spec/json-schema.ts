/** The published JSON schema of town specs. */
import { z } from "zod";
import { TownSpec } from "./spec.ts";

/** Text of town.schema.json, for editors and for people who check specs with other tools. */
export function townSchemaText(): string {
  const schema = z.toJSONSchema(TownSpec, { io: "input" });
  return `${JSON.stringify({ title: "Candor town spec", ...schema }, null, 2)}\n`;
}
