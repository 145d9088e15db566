/** The pages in a real Chromium, on a real server, with real audits in the town. */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noBrowser } from "./testing/browser.ts";
import { Candor, NARROW, type View, WIDE } from "./testing/candor.ts";
import { noteSomePolicy } from "./testing/training.ts";

if (noBrowser) console.warn(`skipped: tests of the pages, ${noBrowser}`);

const town = { kind: "town", seed: 7 } as const;
const scout = { kind: "scout" } as const;

/** Asks again until it holds: eight servers may share this machine. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 60_000, interval: 100 });

interface RunView {
  run: string;
  status: string;
  reason: string;
  steps: number;
  question?: { step: number; decision: { tool: string; args: Record<string, unknown> } };
}

interface EventLine {
  seq: number;
  event: { type: string; step?: number; by?: string } & Record<string, unknown>;
}

describe.skipIf(noBrowser !== undefined).each([
  ["1280 px", WIDE],
  ["390 px", NARROW],
] as const)("at %s", (_, view: View) => {
  let candor: Candor;
  beforeAll(async () => {
    candor = await Candor.open();
  }, 180_000);
  afterAll(() => candor?.[Symbol.asyncDispose]());
  // What one test leaves open is no other's question.
  afterEach(() => candor.api("POST", "/stop", { target: "all" }));

  const show = (run: string) => candor.api<RunView>("GET", `/runs/${run}`);
  const start = async (request: object): Promise<string> =>
    (await candor.api<{ run: string }>("POST", "/runs", { kind: "audit", world: town, mind: scout, ...request })).run;
  const events = async (run: string): Promise<EventLine[]> => {
    const response = await fetch(`${candor.address}/api/runs/${run}/events`, {
      headers: { authorization: `Bearer ${candor.token}` },
    });
    return [...(await response.text()).matchAll(/^id: \d+\ndata: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data ?? "") as EventLine,
    );
  };
  const ofType = async (run: string, type: string) => (await events(run)).filter(({ event }) => event.type === type);
  /** The question of a run, about a later step than `after`. */
  const asks = async (run: string, after = 0): Promise<NonNullable<RunView["question"]>> => {
    const { question } = await candor.when<RunView>(run, (view) => (view.question?.step ?? 0) > after);
    if (!question) throw new Error("unreachable");
    return question;
  };

  test("one click begins an audit, whose steps come in as they happen until it is finished", async () => {
    const { page, context, problems } = await candor.page(view);
    await page.getByRole("button", { name: "Start an audit" }).click();
    await page.waitForURL(/\/runs\/r-/);
    await page.getByRole("article").first().waitFor();
    await page.getByText("Finished", { exact: true }).first().waitFor({ timeout: 120_000 });
    const run = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const { status, steps } = await show(run);
    expect(status).toBe("finished");
    await eventually(() => page.locator("main dl").first().textContent()).toContain(`Steps${steps}`);
    // What it saw is beside the step: text, never the page's own markup.
    await page.keyboard.press("Home");
    await page.keyboard.press("j");
    if (view === NARROW) await page.keyboard.press("p");
    const panel = page.getByRole("region", { name: "Page", exact: true });
    expect(await panel.textContent()).toContain("hamish-hollis.example");
    expect(await panel.locator("iframe, img, script").count()).toBe(0);
    expect(problems).toEqual([]);
    await context.close();
  });

  test("what a run asks is approved, changed, denied with a word, and ended from the page", async () => {
    const run = await start({ permissions: "watch" });
    const { page, context, problems } = await candor.page(view, `runs/${run}`);
    const card = page.getByRole("region", { name: "Waits for you" });
    await card.getByRole("button", { name: "Approve", exact: true }).click();
    await eventually(() => ofType(run, "approval.answered")).toHaveLength(1);

    // A person's edit is judged like the agent's own words: an address that no page showed stays forbidden.
    const guess = await asks(run, 1);
    await card.getByText(`Step ${guess.step} asks`).waitFor();
    await card.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog").getByLabel("url", { exact: true }).fill("http://hamish-hollis.example/guessed");
    await page.getByRole("button", { name: "Approve with these" }).click();
    await page.getByText("Denied by always: no data in addresses").first().waitFor();

    const again = await asks(run, guess.step);
    await card.getByText(`Step ${again.step} asks`).waitFor();
    await card.getByRole("button", { name: "Approve", exact: true }).click();

    const check = await asks(run, again.step);
    expect(check.decision.tool).toBe("check_username");
    await card.getByText(`Step ${check.step} asks`).waitFor();
    await card.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog").getByLabel("username", { exact: true }).fill("hamish.hollis");
    await page.getByRole("button", { name: "Approve with these" }).click();
    await eventually(async () => (await ofType(run, "approval.answered")).at(-1)?.event).toMatchObject({
      step: check.step,
      answer: "modify",
      args: { username: "hamish.hollis" },
      by: "operator",
    });
    await eventually(async () => (await ofType(run, "step.done")).map(({ event }) => event.step)).toContain(check.step);

    const second = await asks(run, check.step);
    await card.getByText(`Step ${second.step} asks`).waitFor();
    await card.getByLabel("A word to the agent, sent with your answer").fill("Not this one");
    await card.getByRole("button", { name: "Deny" }).click();
    await eventually(async () => (await ofType(run, "approval.answered")).at(-1)?.event).toMatchObject({
      step: second.step,
      answer: "reject",
      message: "Not this one",
    });

    const third = await asks(run, second.step);
    await card.getByText(`Step ${third.step} asks`).waitFor();
    await card.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "End the run" }).click();
    await eventually(async () => (await show(run)).status).toBe("stopped");
    const done = (await ofType(run, "step.done")).map(({ event }) => event.step);
    expect(done).not.toContain(guess.step);
    expect(done).not.toContain(second.step);
    expect(done).not.toContain(third.step);
    expect(problems).toEqual([]);
    await context.close();
  });

  test("several questions are answered together from the home page", async () => {
    const runs = await Promise.all([8, 9, 10].map((seed) => start({ permissions: "watch", world: { ...town, seed } })));
    for (const run of runs) await asks(run);
    const { page, context, problems } = await candor.page(view);
    await page.getByLabel("All", { exact: true }).check();
    await page.getByRole("button", { name: "Deny 3 questions" }).click();
    for (const run of runs)
      await eventually(async () => (await ofType(run, "approval.answered"))[0]?.event).toMatchObject({
        step: 1,
        answer: "reject",
      });
    expect(problems).toEqual([]);
    await context.close();
  });

  test("keys alone: judge a step, say why, take it back, approve, and stop", async () => {
    const run = await start({ permissions: "watch" });
    await asks(run);
    const { page, context, problems } = await candor.page(view, `runs/${run}`);
    const judged = async () => {
      const items = await candor.api<{ judgments: { verdict: string; reason: string }[] }[]>(
        "GET",
        `/judgments/items?run=${run}`,
      );
      return items.flatMap(({ judgments }) => judgments.map(({ verdict, reason }) => `${verdict} ${reason}`.trim()));
    };
    await page
      .getByRole("region", { name: "Waits for you" })
      .getByRole("button", { name: "Approve" })
      .first()
      .waitFor();
    await page.keyboard.press("g");
    await eventually(judged).toEqual(["good"]);
    await page.keyboard.press("r");
    await page.keyboard.type("a good beginning");
    await page.keyboard.press("Enter");
    await eventually(judged).toEqual(["good a good beginning"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    await eventually(judged).toEqual(["bad a good beginning"]);
    await page.keyboard.press("b");
    await eventually(judged).toEqual([]);

    await page.keyboard.press("a");
    await eventually(async () => (await ofType(run, "approval.answered"))[0]?.event).toMatchObject({
      answer: "approve",
    });
    await asks(run);
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("stop this run and its children").waitFor();
    // Nothing behind a dialog hears keys.
    await page.keyboard.press(" ");
    await page.keyboard.press("Escape");
    expect((await show(run)).status).toBe("waiting");
    await page.keyboard.press(" ");
    await eventually(async () => (await show(run)).status).toBe("stopped");
    await page.getByText("Stopped one run.").waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  test("the address of a step far down brings it into view", async () => {
    const run = await start({ budget: { steps: 60 } });
    const { steps } = await candor.when<RunView>(run, ({ status }) => status === "finished");
    const { page, context, problems } = await candor.page(view, `runs/${run}?step=45`);
    const row = page.getByRole("article").and(page.locator('[aria-current="step"]'));
    await row.waitFor();
    expect(await row.getByRole("button", { name: "Look at step 45", exact: true }).count()).toBe(1);
    await eventually(() => row.evaluate((element) => element.getBoundingClientRect().top < innerHeight)).toBe(true);
    expect(await row.evaluate((element) => element.getBoundingClientRect().top)).toBeGreaterThan(100);
    for (const [absurd, taken] of [
      ["987654", steps],
      ["-3", 1],
    ] as const) {
      await page.goto(`${candor.address}/runs/${run}?step=${absurd}`);
      await row.getByRole("button", { name: `Look at step ${taken}`, exact: true }).waitFor();
    }
    expect(problems).toEqual([]);
    await context.close();
  });

  test("a fork goes on from the chosen step, and can be told something", async () => {
    const run = await start({ budget: { steps: 12 } });
    await eventually(async () => (await show(run)).status).toBe("finished");
    const { page, context, problems } = await candor.page(view, `runs/${run}?step=4`);
    await page.getByRole("article", { name: /.+/ }).first().waitFor();
    await page.getByRole("button", { name: "Fork from here" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("After step").inputValue()).toBe("4");
    await dialog.getByLabel("Permissions").selectOption("watch");
    await dialog.getByRole("button", { name: "Fork", exact: true }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/runs/") && !url.pathname.endsWith(run));
    const fork = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect((await asks(fork)).step).toBe(5);
    await page.getByLabel("Say something to the agent").fill("Begin with the library");
    await page.keyboard.press("Enter");
    await eventually(async () => (await ofType(fork, "operator.said"))[0]?.event).toMatchObject({
      text: "Begin with the library",
      by: "operator",
    });
    await page.getByText("Begin with the library").waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await eventually(async () => (await show(fork)).status).toBe("stopped");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe.skipIf(noBrowser !== undefined)("the shell", () => {
  let candor: Candor;
  beforeAll(async () => {
    candor = await Candor.open();
  }, 180_000);
  afterAll(() => candor?.[Symbol.asyncDispose]());

  test("a browser without a session is asked for the token, and a wrong one opens nothing", async () => {
    const { page, context } = await candor.page(WIDE);
    await page.getByRole("button", { name: "Start an audit" }).waitFor();
    await context.clearCookies();
    await page.goto(candor.address);
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Open the pages" }).click();
    await page.getByRole("alert").getByText("the token is wrong").waitFor();
    await page.getByLabel("Token").fill(candor.token);
    await page.getByRole("button", { name: "Open the pages" }).click();
    await page.getByRole("button", { name: "Start an audit" }).waitFor();
    expect(page.url()).not.toContain(candor.token);
    await context.close();
  });

  test("a page whose server dies says so, and goes on where it was when there is one again", async () => {
    const run = (
      await candor.api<{ run: string }>("POST", "/runs", {
        kind: "audit",
        world: town,
        mind: scout,
        permissions: "watch",
      })
    ).run;
    const { page, context } = await candor.page(WIDE, `runs/${run}`);
    await page.getByRole("article").first().waitFor();
    await candor.kill();
    await page.getByText("Connection lost, trying again").waitFor();
    await page.getByText("No connection").waitFor();
    await candor.serve();
    await page.getByText("Connection lost, trying again").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByRole("button", { name: "Look at step 2" }).waitFor({ timeout: 60_000 });
    // Resumed, not begun again: each step is there once.
    expect(await page.getByRole("button", { name: "Look at step 1", exact: true }).count()).toBe(1);
    await candor.api("POST", "/stop", { target: "all" });
    await context.close();
  });

  test("the page of a policy shows how it learns, and its answers before and after", async () => {
    noteSomePolicy(candor.home);
    const { page, context } = await candor.page(WIDE, "training");
    for (const title of ["reward", "KL to the reference", "length, tokens", "entropy", "win rate"])
      await page.getByRole("figure").filter({ hasText: title }).first().locator("svg").first().waitFor();
    // It was 0 all along.
    expect(await page.getByRole("figure").filter({ hasText: "clipped" }).count()).toBe(0);
    const both = page.getByRole("region", { name: "Before and after" });
    await both.getByText("What a dumb question.").waitFor();
    await both.getByText("Thank you for asking.").waitFor();
    await context.close();
  });

  test("the small mind is looked into: a prompt as it is typed, a circuit that is cut, an edit that is tried", async () => {
    const { page, context } = await candor.page(WIDE, "lens");
    await page.getByRole("button", { name: /Head 1\.1/ }).click();
    await page.getByRole("img", { name: /Attention of head 1\.1 over 73 tokens/ }).waitFor({ timeout: 30_000 });
    const prompt = page.getByRole("textbox", { name: "Prompt" });
    const text = await prompt.inputValue();
    await prompt.fill("steps many pages many ");
    await page.getByRole("img", { name: /over 4 tokens/ }).waitFor();
    await page.getByRole("tab", { name: "Circuit" }).click();
    await page.getByLabel("The same with something swapped").fill("steps ");
    await page.getByRole("textbox", { name: "What comes next", exact: true }).fill("given ");
    await page.getByLabel("What comes next after the other").fill("found ");
    await page.getByRole("button", { name: "Find the circuit" }).click();
    await page.getByText("the prompts have 73 and 1 tokens").waitFor();
    await page.getByLabel("The same with something swapped").fill(text.replace("name/yours", "nobody/yours"));
    await page.getByRole("button", { name: "Find the circuit" }).click();
    const told = page.getByText(/of 100 edges say/);
    await told.waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "MLP 0: cut off" }).click();
    await page.getByText(/edges say .* without the MLP of layer 0/).waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save this picture" }).click();
    expect(readFileSync(await (await saved).path(), "utf8")).toMatch(/^<svg[^>]* xmlns=.*MLP 0/s);
    await page.getByLabel("Keep what you see, under a name").fill("without MLP 0");
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByRole("status").getByRole("link", { name: "without MLP 0" }).click();
    await page.getByRole("region", { name: "Finding" }).getByText("the same.").waitFor({ timeout: 30_000 });
    await page.getByText(/edges say .* without the MLP of layer 0/).waitFor({ timeout: 30_000 });
    await page.getByRole("tab", { name: "Features" }).click();
    await page.getByText("less likely").first().waitFor({ timeout: 30_000 });
    await page.getByRole("tab", { name: "Edit" }).click();
    await page.getByLabel("What it is about").fill("then");
    await page.getByLabel("What is to come next").fill("begin ");
    await page.getByRole("button", { name: "Try it on a copy" }).click();
    await page.getByText("A rank-one edit of layer 0").waitFor({ timeout: 60_000 });
    await context.close();
  }, 180_000);

  test("an unknown run and an unknown address say so", async () => {
    const { page, context } = await candor.page(WIDE, "runs/r-none");
    await page
      .getByRole("alert")
      .getByText(/r-none/)
      .waitFor();
    await page.goto(`${candor.address}/nowhere`);
    await page.getByRole("heading", { name: "No such page" }).waitFor();
    await context.close();
  });
});
