import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAnswer } from "@candor/agent";
import { type FakeOpenAI, startFakeOpenAI } from "@candor/agent/testing";
import { openStore } from "@candor/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../api/app.ts";
import { settled, type TestHome, testHome } from "../fixture.ts";
import { createJudging } from "./create-judging.ts";
import type { Judging } from "./judgments.ts";

let at: TestHome;
let model: FakeOpenAI;
/** A run of the scout in a town, its fork from step 4, and a run of a language model. */
let run = "";
let fork = "";
let asked = "";
const judging = (): Judging => at.service.judgments;

beforeAll(async () => {
  at = await testHome();
  const begun = await at.service.start(
    { kind: "audit", world: { kind: "town", seed: 4 }, mind: { kind: "scout" }, budget: { steps: 9 } },
    "me",
  );
  run = begun.run;
  await settled(at.service, run);
  const last = { thought: "Enough is known.", tool: "finish", args: { summary: "I found your own page." } };
  const script = [last, last, last, last, last];
  ({ run: fork } = await at.service.fork(run, { step: 4, mind: { kind: "scripted", script } }, "me"));
  await settled(at.service, fork);
  model = await startFakeOpenAI([
    { kind: "call", tool: "search", args: { query: "harbour" }, text: "Look for the harbour." },
    { kind: "call", tool: "plan", args: { subgoals: [{ text: "read it" }] }, text: "A plan helps." },
  ]);
  const mind = { kind: "llm" as const, model: "openai-compatible:test", baseUrl: model.baseUrl };
  ({ run: asked } = await at.service.start(
    { kind: "run", goal: "Where is the harbour?", world: { kind: "town", seed: 4 }, mind },
    "me",
  ));
  await settled(at.service, asked);
});

/** Judging in another home, without runs. */
async function another() {
  const home = mkdtempSync(join(tmpdir(), "candor-test-"));
  const store = await openStore({ home });
  const judging = createJudging({
    ledger: store.ledger,
    runs: store.runs,
    log: store.log,
    pastView: async () => undefined,
    findings: async () => [],
    mask: async () => (text) => text,
  });
  return {
    judging,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

afterAll(async () => {
  await at[Symbol.asyncDispose]();
  await model.close();
});

const step = (n: number, of = run) => ({ kind: "step" as const, run: of, step: n });
const rows = async (query: Parameters<Judging["export"]>[0]) =>
  (await judging().export(query)).lines.map((line) => JSON.parse(line));

describe("a judgment", () => {
  test("is kept once however often it is sent, changed by a later one, and taken back", async () => {
    const request = { subject: step(1), verdict: "good" as const, key: "my first judgment" };
    const { item, already } = await judging().judge("operator", request);
    expect(already).toBe(false);
    expect(await judging().judge("operator", request)).toEqual({ item, already: true });
    await expect(judging().judge("operator", { ...request, verdict: "bad" })).rejects.toMatchObject({ exit: 2 });
    await judging().judge("operator", { subject: step(1), verdict: "bad", reason: "It was slow." });
    const of = async () => (await judging().items({ run })).find((each) => each.item === item);
    expect((await of())?.judgments).toMatchObject([{ rater: "operator", verdict: "bad", reason: "It was slow." }]);
    await judging().withdraw("operator", { item });
    expect(await of()).toMatchObject({ judgments: [], history: [{}, {}, { verdict: null }] });
    await expect(judging().withdraw("operator", { item })).rejects.toMatchObject({ exit: 2 });
  });

  test("of what is not there, or of the wrong kind, is refused in one line", async () => {
    for (const request of [
      { subject: step(400), verdict: "good" as const },
      { subject: step(1, "r-nope"), verdict: "good" as const },
      { subject: { kind: "finding" as const, run, finding: "nope" }, verdict: "good" as const },
      { subject: step(1), verdict: "a" as const },
      { item: "i-000000000000000000000000", verdict: "good" as const },
    ])
      await expect(judging().judge("operator", request)).rejects.toSatisfy(
        (error) => error instanceof Error && ("exit" in error ? error.exit : "code" in error && error.code) === 2,
      );
  });

  test("carries nobody's phone number in its reason", async () => {
    const reason = "It should have rung +44 20 7946 0958 or written to jane.roe@mail.example.";
    const { item } = await judging().judge("operator", { subject: step(2), verdict: "bad", reason });
    const kept = (await judging().items({ run })).find((each) => each.item === item);
    expect(kept?.judgments[0]?.reason).toMatch(/\[phone \d: not yours\].*\[e-mail \d: not yours\]/);
    await judging().withdraw("operator", { item });
  });
});

describe("a rater", () => {
  test("has a token that opens judging and nothing else, until it is revoked", async () => {
    const { token } = await judging().raters.add("ada", "operator");
    await expect(judging().raters.add("ada", "operator")).rejects.toMatchObject({ exit: 2 });
    await expect(judging().raters.add("Operator", "operator")).rejects.toMatchObject({ exit: 2 });
    const app = createApp(at.service, {
      token: "the operator's",
      cookie: "candor_1",
      roleOf: (given) => judging().raters.roleOf(given),
    });
    const ask = (path: string, body?: object) =>
      app.request(`http://127.0.0.1${path}`, {
        method: body ? "POST" : "GET",
        headers: { host: "127.0.0.1", authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
    const queue = (await (await ask("/api/judgments/queue")).json()) as { rater: string; items: { item: string }[] };
    expect(queue.rater).toBe("ada");
    const given = { item: queue.items[0]?.item, verdict: "good", key: "ada's first word" };
    expect(await (await ask("/api/judgments", given)).json()).toMatchObject({ already: false });
    expect(await (await ask("/api/judgments", given)).json()).toMatchObject({ already: true });
    expect(await (await ask("/api/judgments/mine")).json()).toMatchObject([{ item: given.item, verdict: "good" }]);
    // Neither by which run, nor what others said, nor anything else.
    expect((await ask(`/api/judgments/queue?run=${run}`)).status).toBe(400);
    expect((await ask("/api/judgments", { subject: step(3), verdict: "good" })).status).toBe(400);
    for (const path of [
      "/api/judgments/items",
      "/api/judgments/agreement",
      "/api/judgments/export",
      "/api/raters",
      "/api/runs",
      `/api/runs/${run}`,
    ])
      expect((await ask(path)).status, path).toBe(403);
    expect(await judging().raters.list()).toMatchObject([{ name: "ada", revoked: false, judged: 1 }]);
    expect((await ask("/api/judgments/withdraw", { item: given.item })).status).toBe(200);
    await judging().raters.revoke("ada", "operator");
    expect((await ask("/api/judgments/queue")).status).toBe(401);
    expect(await judging().raters.list()).toMatchObject([{ name: "ada", revoked: true, judged: 0 }]);
  });

  test("sees neither run nor mind nor what others said, and pairs in an order of their own", async () => {
    const pair = { kind: "pair" as const, a: step(5), b: step(5, fork) };
    await judging().ask({ subjects: [pair, step(3)] }, "operator");
    await judging().judge("operator", { subject: step(3), verdict: "bad", reason: "unmistakable words" });
    const shown = await judging().queue("ben", { limit: 50 });
    expect(shown.items.map(({ kind, sides }) => `${kind} ${sides.length}`)).toEqual(
      expect.arrayContaining(["step 2", "step 1"]),
    );
    const all = JSON.stringify(shown);
    for (const told of [run, fork, "scout", "scripted", "unmistakable"]) expect(all.includes(told), told).toBe(false);
    expect(shown.items.some((item) => "subject" in item)).toBe(false);
    // Whoever prefers the fork's step says so by its place, wherever that is, and it is kept as the same.
    for (const rater of ["ben", "cy", "dee", "eve"]) {
      const { items } = await judging().queue(rater, { limit: 50 });
      const two = items.find(({ sides }) => sides.length === 2);
      const fromFork = two?.sides.findIndex(({ completion }) => completion.includes("Enough is known."));
      await judging().judge(rater, { item: two?.item ?? "", verdict: fromFork === 0 ? "a" : "b" });
    }
    const [row] = await rows({ format: "preference" });
    expect(row.chosen[0].content).toContain("Enough is known.");
    const [kept] = (await judging().items({ run: fork })).filter(({ subject }) => subject.kind === "pair");
    expect(new Set(kept?.judgments.map(({ verdict }) => verdict)).size).toBe(1);
    expect(kept?.consensus).toMatchObject({ for: 4, against: 0 });
  });
});

describe("an export", () => {
  test("has the prompt that the model was sent, and a completion that is read as the decision it was", async () => {
    for (const n of [1, 2, 3]) await judging().judge("operator", { subject: step(n, asked), verdict: "good" });
    const lines = await rows({ format: "unpaired", run: asked });
    expect(lines).toHaveLength(3);
    const decisions = (await at.service.events(asked, 0)).flatMap(({ event }) =>
      event.type === "step.proposed" ? [event.decision] : [],
    );
    for (const [i, { prompt, completion, label, tools }] of lines.entries()) {
      const sent = model.requests[i]?.body as { messages: unknown; tools: { function: { name: string } }[] };
      expect(prompt).toEqual(sent.messages);
      expect(tools.map((tool: { function: { name: string } }) => tool.function.name)).toEqual(
        sent.tools.map((tool) => tool.function.name),
      );
      expect(label).toBe(true);
      const answer = { text: completion[0].content, calls: [], tokens: 0, usd: 0 };
      expect(readAnswer(answer)).toEqual(decisions[i]);
    }
  });

  test("comes in TRL's shapes, the same each time, and an adjudicator's word overrides the majority", async () => {
    const subject = { kind: "answer" as const, run: fork };
    for (const rater of ["x", "y"]) {
      await judging().raters.add(rater, "operator");
      await judging().ask({ subjects: [subject] }, "operator");
      const { items } = await judging().queue(rater, { limit: 50 });
      const { item = "" } = items.find(({ kind }) => kind === "answer") ?? {};
      await judging().judge(rater, { item, verdict: "good", discipline: "honesty" });
    }
    const query = { format: "unpaired", style: "standard", discipline: "honesty" } as const;
    const goal = (await at.service.show(fork)).goal;
    expect(await rows(query)).toEqual([{ prompt: goal, completion: "\n\nI found your own page.", label: true }]);
    expect(await rows({ ...query, minRaters: 3 })).toEqual([]);
    await judging().adjudicate({ subject, verdict: "bad", reason: "It says too little." }, "operator");
    expect(await rows({ ...query, minRaters: 3 })).toMatchObject([{ label: false }]);
    expect(await judging().export(query)).toEqual(await judging().export(query));
    const prompts = await rows({ format: "prompt-only", style: "standard", run: fork });
    expect(prompts.every((row) => Object.keys(row).join() === "prompt")).toBe(true);
    expect(prompts).toContainEqual({ prompt: goal });
  });

  test("goes into another Candor as TRL's lines, and there and back again", async () => {
    await using elsewhere = await another();
    const there = elsewhere.judging;
    const { lines } = await judging().export({ format: "unpaired" });
    const { lines: pairs } = await judging().export({ format: "preference" });
    const text = [...lines, ...pairs].join("\n");
    expect(await there.import({ text, rater: "ada" })).toEqual({ added: lines.length + pairs.length, already: 0 });
    expect(await there.import({ text, rater: "ada" })).toEqual({ added: 0, already: lines.length + pairs.length });
    const again = async (format: "unpaired" | "preference", from: readonly string[]) => {
      const without = (line: string) => {
        const { tools: _, ...row } = JSON.parse(line);
        return row;
      };
      const back = (await there.export({ format })).lines.map(without);
      expect(back).toHaveLength(from.length);
      expect(back).toEqual(expect.arrayContaining(from.map(without)));
    };
    await again("unpaired", lines);
    await again("preference", pairs);
    // Its own lines speak of runs, which are not there.
    const own = (await judging().export({ format: "candor" })).lines.join("\n");
    await expect(there.import({ text: own })).rejects.toThrow(/^line 1: there is no run/);
    // Here they are known.
    const before = await judging().agreement({});
    await judging().judge("operator", { subject: step(1, asked), verdict: "bad" });
    expect(await judging().import({ text: own })).toMatchObject({ added: 0 });
    expect(await rows({ format: "unpaired", run: asked })).toMatchObject([{ label: false }, {}, {}]);
    await judging().judge("operator", { subject: step(1, asked), verdict: "good" });
    expect(await judging().agreement({})).toEqual(before);
  });

  test("an import with one bad line keeps nothing, and masks what it keeps", async () => {
    const good = JSON.stringify({ prompt: "Call +44 20 7946 0958?", completion: "No.", label: false });
    await expect(judging().import({ text: `${good}\n{"prompt":1}` })).rejects.toMatchObject({
      name: "ImportError",
      line: 2,
    });
    expect(JSON.stringify(await judging().items({}))).not.toContain("Call");
    await judging().import({ text: good });
    const kept = JSON.stringify(await rows({ format: "unpaired", style: "standard" }));
    expect(kept).toContain("Call [phone 1: not yours]?");
    expect(kept).not.toContain("7946");
  });
});

test("a queue offers the latest runs' steps until something is put up, and a run's steps when asked for them", async () => {
  await using elsewhere = await another();
  expect(await elsewhere.judging.queue("operator", { limit: 5 })).toMatchObject({ items: [], progress: { open: 0 } });
  const { items, progress } = await judging().queue("operator", { limit: 50, run: asked });
  expect(items).toHaveLength(progress.open);
  expect(items.every(({ subject }) => subject && "run" in subject && subject.run === asked)).toBe(true);
});

test("erasing a run forgets what was said of it, of its pairs too, and nothing else", async () => {
  await judging().judge("operator", { subject: step(4), verdict: "good" });
  await at.service.erase(fork);
  const left = await judging().items({});
  expect(left.some(({ subject }) => JSON.stringify(subject).includes(fork))).toBe(false);
  expect(left.some(({ subject }) => JSON.stringify(subject).includes(run))).toBe(true);
  expect(await rows({ format: "preference" })).toEqual([]);
});
