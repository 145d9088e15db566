/**
 * Makes `template/pglite-VERSION.zst`, an empty database with Candor's and DBOS's schemas, from which a first start
 * unpacks its data folder. Run it after updating PGlite: `npm run template -w @candor/store`.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createEngine } from "../engine/engine.ts";
import { FolderKeyRing } from "../keys/keyring.ts";
import { openEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { pack, templatePath } from "./template.ts";

const path = templatePath();
const home = mkdtempSync(join(tmpdir(), "candor-template-"));
try {
  mkdirSync(dirname(path), { recursive: true });
  for (const old of readdirSync(dirname(path))) rmSync(join(dirname(path), old));
  const database = await openEmbedded(home);
  await migrate(database.pool, database.where);
  const engine = createEngine(database, new FolderKeyRing(home));
  await engine.start(async () => undefined);
  await engine.stop();
  await database.pool.query("vacuum freeze");
  await database.close();
  const packed = pack(join(home, "db"));
  writeFileSync(`${path}.tmp`, packed);
  renameSync(`${path}.tmp`, path);
  console.log(`${path}: ${(packed.length / 1e6).toFixed(2)} MB`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
