/** What axe finds on the pages: nothing serious, in light and in dark, wide and narrow, with dialogs and menus open. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noBrowser } from "./testing/browser.ts";
import { Candor, NARROW, type View, WIDE } from "./testing/candor.ts";
import { noteSomePolicy, noteSomeTraining } from "./testing/training.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical findings, one line each. */
async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
      resultTypes: ["violations"],
    }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

describe.skipIf(noBrowser !== undefined)("axe finds nothing serious", () => {
  let candor: Candor;
  let run = "";
  let done = "";
  beforeAll(async () => {
    candor = await Candor.open();
    noteSomeTraining(candor.home);
    noteSomePolicy(candor.home);
    const start = async (more: object): Promise<string> =>
      (
        await candor.api<{ run: string }>("POST", "/runs", {
          kind: "audit",
          world: { kind: "town", seed: 7 },
          mind: { kind: "scout" },
          ...more,
        })
      ).run;
    // Of a mind whose steps can be looked into.
    done = await start({ mind: { kind: "small" }, budget: { steps: 14 } });
    run = await start({ permissions: "watch" });
    await candor.when<{ status: string }>(done, ({ status }) => status === "finished");
    await candor.when<{ status: string }>(run, ({ status }) => status === "waiting");
  }, 240_000);
  afterAll(() => candor?.[Symbol.asyncDispose]());

  const views: [string, View][] = [
    ["light", WIDE],
    ["dark", { ...WIDE, dark: true }],
    ["light, 390 px", NARROW],
    ["dark, 390 px", { ...NARROW, dark: true }],
  ];

  /** Every page but the home page and that of a run. */
  const others = () => [
    "findings",
    `runs/${done}/findings`,
    `runs/${done}/map`,
    `runs/${done}/explain`,
    `compare?a=${done}&b=${run}`,
    "permissions",
    "judgments",
    "training",
    "lens",
    "lens?tab=prompt",
    "lens?tab=circuit",
    "lens?tab=features",
    "lens?tab=edit",
    "api-reference",
  ];

  test.each(views)("on the home page, in %s", async (_, view) => {
    const { page, context } = await candor.page(view);
    await page.getByText("Waits for you").first().waitFor();
    await page.getByText("What it costs").waitFor();
    await page.locator("summary").first().click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Colours" }).click();
    await page.getByRole("menu").waitFor();
    expect(await findings(page)).toEqual([]);
    await context.close();
  });

  test.each(views)("on the page of a run, in %s", async (name, view) => {
    // A step of its own: the judgment of another test would be taken back.
    const step = 5 + views.findIndex(([each]) => each === name);
    const { page, context } = await candor.page(view, `runs/${done}?step=${step}`);
    await page.getByRole("article").first().waitFor();
    await page.keyboard.press("g");
    await page.locator("[data-reason]").waitFor();
    expect(await findings(page)).toEqual([]);
    for (const name of ["Page", "Why", "Timeline", "Children", "Signals"]) {
      await page
        .getByRole("button", { name: new RegExp(`^${name}[ \\d]*$`) })
        .filter({ visible: true })
        .first()
        .click();
      if (name === "Why") await page.getByText("Parts of the model").waitFor();
      if (name === "Timeline") await page.locator("figure svg").first().waitFor();
      expect(await findings(page)).toEqual([]);
    }
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    expect(await findings(page)).toEqual([]);
    await context.close();
  });

  test.each(views)("where something is asked and edited, in %s", async (_, view) => {
    const { page, context } = await candor.page(view, `runs/${run}`);
    const card = page.getByRole("region", { name: "Waits for you" });
    await card.getByRole("button", { name: "Approve", exact: true }).waitFor();
    expect(await findings(page)).toEqual([]);
    await card.getByRole("button", { name: "Approve for longer" }).click();
    await page.getByRole("menu").waitFor();
    expect(await findings(page)).toEqual([]);
    await context.close();
  });

  test("on every other page and its tabs, in light and dark, wide and narrow", async () => {
    const { page, context, problems } = await candor.page();
    const found: string[] = [];
    for (const path of others()) {
      await page.goto(`${candor.address}/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const loading = page.getByRole("status").filter({ hasText: / …$/ });
      await expect.poll(() => loading.count(), { timeout: 30_000 }).toBe(0);
      const look = async (where: string) => {
        for (const line of await findings(page)) found.push(`${path}, ${where}: ${line}`);
      };
      // Loaded once: what differs is the styles.
      for (const [where, { width, height, dark }] of views) {
        await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
        await page.setViewportSize({ width, height });
        // Colours change over a moment: between two schemes is no colour of either.
        await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
        await look(where);
      }
      for (const tab of await page.getByRole("tab").all()) {
        await tab.click();
        await look(`${await tab.textContent()}`);
      }
    }
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  }, 120_000);

  test.each([WIDE, NARROW])(
    "nothing is wider than $width px",
    async (view) => {
      const { page, context } = await candor.page(view);
      for (const path of ["", `runs/${done}`, `runs/${run}`, ...others()]) {
        await page.goto(`${candor.address}/${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForTimeout(300);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(view.width);
      }
      await context.close();
    },
    60_000,
  );
});
