/** Writes permissions.schema.json. Run: `npm run schema -w @candor/oversight`. */
import { writeFileSync } from "node:fs";
import { permissionsSchemaText } from "./json-schema.ts";

writeFileSync(new URL("../../permissions.schema.json", import.meta.url), permissionsSchemaText());
