// Takes the pictures of docs/pages.md: a real audit in the town on a server of its own, in light and dark and on a phone.
//   node scripts/screenshots.mjs [FOLDER [NAME...]]          all into docs/pictures when none is named
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, root } from "./install.mjs";

if (!process.features.typescript) {
  console.error("error: this needs Node 24\nhint: npm run screenshots");
  process.exit(2);
}
ensureInstalled();
ensureBuilt();
const { noBrowser } = await import("../apps/web/src/testing/browser.ts");
const { Candor, NARROW, WIDE } = await import("../apps/web/src/testing/candor.ts");
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
// Each with what it shows when it is whole.
const pictures = [
  ["home", "", WIDE, "h1"],
  ["run", `runs/${done}?step=12`, WIDE, "article"],
  ["run-dark", `runs/${done}?step=12`, dark, "article"],
  ["run-phone", `runs/${done}?step=12`, NARROW, "article"],
  ["question", `runs/${asking}`, WIDE, "article"],
  ["timeline", `runs/${done}?step=40`, WIDE, "article", "Timeline"],
  ["findings", `runs/${done}/findings`, WIDE, "h2"],
  ["explain", `runs/${done}/explain`, WIDE, "main svg"],
  ["map", `runs/${done}/map`, WIDE, ".react-flow__node"],
  ["lens", "lens?tab=prompt", { ...WIDE, height: 1_400 }, "canvas"],
];
const wanted = process.argv.slice(3);
for (const [name, path, view, whole, panel] of pictures) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { page, context } = await candor.page(view, path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator(`${whole}`).first().waitFor();
  if (panel) await page.getByRole("button", { name: panel }).filter({ visible: true }).click();
  await page.waitForLoadState("load");
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(join(folder, `${name}.png`));
  await context.close();
}
