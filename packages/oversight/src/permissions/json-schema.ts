/** The published schema of a permissions file. */
import { z } from "zod";
import { PermissionsFile } from "./schema.ts";

export function permissionsSchemaText(): string {
  const schema = z.toJSONSchema(PermissionsFile, { io: "input", target: "draft-2020-12" });
  return `${JSON.stringify({ ...schema, title: "Candor permissions" }, null, 2)}\n`;
}
