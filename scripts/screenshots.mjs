// Takes the pictures of docs/pages.md: a real audit in the town on a server of its own, in light and dark and on a phone.
//   node scripts/screenshots.mjs [FOLDER]          docs/pictures when none is named
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root } from "./install.mjs";

if (!process.features.typescript) {
  console.error("error: this needs Node 24\nhint: npm run screenshots");
  process.exit(2);
}
ensureInstalled();
ensureBuilt();
const { Candor, NARROW, noBrowser, WIDE } = await import("../apps/web/src/testing/candor.ts");
if (noBrowser) {
  console.error(`error: ${noBrowser}`);
  process.exit(1);
}
const folder = process.argv[2] ?? join(root, "docs/pictures");
mkdirSync(folder, { recursive: true });

await using candor = await Candor.open();
const start = async (more) =>
  (
    await candor.api("POST", "/runs", {
      kind: "audit",
      world: { kind: "town", seed: 7 },
      mind: { kind: "scout" },
      ...more,
    })
  ).run;
const done = await start({});
await candor.when(done, ({ status }) => status === "finished");
const asking = await start({ permissions: "careful", world: { kind: "town", seed: 8 } });
await candor.when(asking, ({ status }) => status === "waiting");

const dark = { ...WIDE, dark: true };
const pictures = [
  ["home", "", WIDE],
  ["run", `runs/${done}?step=12`, WIDE],
  ["run-dark", `runs/${done}?step=12`, dark],
  ["run-phone", `runs/${done}?step=12`, NARROW],
  ["question", `runs/${asking}`, WIDE],
  ["timeline", `runs/${done}?step=40`, WIDE, "Timeline"],
];
for (const [name, path, view, panel] of pictures) {
  const { page, context } = await candor.page(view, path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  if (path) await page.getByRole("article").first().waitFor();
  if (panel) await page.getByRole("button", { name: panel }).filter({ visible: true }).click();
  await page.waitForLoadState("load");
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(join(folder, `${name}.png`));
  await context.close();
}
