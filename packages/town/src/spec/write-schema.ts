/** Writes town.schema.json, or with `--check` says whether it is up to date. Run: `npm run schema -w @candor/town`. */
import { readFileSync, writeFileSync } from "node:fs";
import { townSchemaText } from "./json-schema.ts";

const file = new URL("../../town.schema.json", import.meta.url);
if (process.argv.includes("--check")) {
  const current = readFileSync(file, "utf8") === townSchemaText();
  console.log(
    current ? "town.schema.json is up to date" : "town.schema.json is out of date: npm run schema -w @candor/town",
  );
  process.exitCode = current ? 0 : 1;
} else writeFileSync(file, townSchemaText());
