/** The shipped model, its language and its lessons. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grammarOf, optionsOf, promptOf, readAnswer, small, WORDS, writeAnswer } from "@candor/agent/small";
import { emptyView, leadView, simulate, smallWeb } from "@candor/agent/testing/minds";
import { openModel } from "@candor/training";
import { byteLanguage, parseGrammar } from "@candor/transformer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLES, imitate, Practice, SHIPPED, SmallModel, StepExplainer, writeBase, writeMind } from "./index.ts";
import { restless } from "./restless.ts";
import { mindTokenizer } from "./tokenizer.ts";

const folder = mkdtempSync(join(tmpdir(), "candor-mind-"));
let model: SmallModel;
beforeAll(async () => {
  model = await SmallModel.open();
});
afterAll(async () => {
  await model[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe("the model that comes with Candor", () => {
  it("has 1 to 5 million numbers in float16, in less than 12 MB", async () => {
    const { weights } = await openModel(SHIPPED);
    const numbers = [...weights.values()].reduce((sum, { length }) => sum + length, 0);
    expect(numbers).toBeGreaterThan(1e6);
    expect(numbers).toBeLessThan(5e6);
    expect(statSync(join(SHIPPED, "model.safetensors")).size).toBeLessThan(12e6);
    expect(JSON.parse(readFileSync(join(SHIPPED, "config.json"), "utf8"))).toMatchObject({ torch_dtype: "float16" });
  });

  it("audits a web to its end: it finds what there is and does nothing twice", async () => {
    const mind = {
      decide: (view: Parameters<typeof small.decide>[0]) =>
        small.decide(view, { infer: (request) => model.infer(request) }),
    };
    const { decisions, found, finished } = await simulate(mind, smallWeb);
    expect(finished).toBe(true);
    expect([...found].sort()).toEqual(["interest:running", "phone:1", "photo:1"]);
    const done = decisions.map(({ tool, args }) => JSON.stringify([tool, args]));
    expect(new Set(done).size).toBe(done.length);
  }, 60_000);

  it("answers the same view the same way, whoever asks beside", async () => {
    const request = (city: string) => {
      const view = emptyView();
      view.seeds = { ...view.seeds, city };
      const options = optionsOf(view);
      return {
        system: "",
        messages: [{ role: "user" as const, content: promptOf(options) }],
        tools: [],
        maxTokens: 40,
        grammar: grammarOf(options),
      };
    };
    const alone = await model.infer(request("Thornby"));
    const together = await Promise.all([1, 2, 3, 4, 5].map(() => model.infer(request("Thornby"))));
    expect(together.map(({ text }) => text)).toEqual(Array(5).fill(alone.text));
    expect(alone.inputTokens).toBeGreaterThan(20);
    expect(alone.usd).toBe(0);
  });

  it("cannot answer what is not legal: every answer reads back", async () => {
    const view = emptyView({ left: { ...emptyView().left, pages: 0 } });
    const options = optionsOf(view);
    expect(options.options.some(({ tool }) => tool === "open")).toBe(false);
    const { text } = await model.infer({
      system: "",
      messages: [{ role: "user", content: promptOf(options) }],
      tools: [],
      maxTokens: 40,
      grammar: grammarOf(options),
    });
    expect(readAnswer(options, text).tool).not.toBe("open");
  });

  it("is not any model", async () => {
    await expect(SmallModel.open(join(folder, "nowhere"))).rejects.toThrow("holds no model");
  });
});

describe("its lessons", () => {
  it("begin with the scout's call, and tell what would come in its stead", async () => {
    const view = emptyView();
    const row = imitate(view);
    const [first = "", ...others] = (row?.completion ?? "").split("then ");
    expect(readAnswer(optionsOf(view), first).tool).toBe("prove");
    expect(others.length).toBeGreaterThan(0);
    for (const answer of others) expect(() => readAnswer(optionsOf(view), answer)).not.toThrow();
    expect(new Set([first, ...others]).size).toBe(others.length + 1);
  });

  it("are in a language in which no word begins another", () => {
    const tokenizer = mindTokenizer();
    expect(tokenizer.vocabSize).toBe(WORDS.length + 1);
    const text = "steps many then ";
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    const language = byteLanguage(parseGrammar(grammarOf(optionsOf(emptyView()))));
    expect(language.accepts(language.start)).toBe(false);
  });

  it("come from a scout that slips in some towns, the same way each time", async () => {
    const view = emptyView();
    const calls = (town: number) => {
      const decide = restless(town);
      return Array.from({ length: 20 }, () => decide(view));
    };
    expect(calls(1002)).toEqual(calls(1002));
  });

  it("begin with weights that depend on the seed alone, and end as a folder half the size", async () => {
    await writeBase(join(folder, "base"), 3);
    await writeBase(join(folder, "again"), 3);
    const [one, two] = [await openModel(join(folder, "base")), await openModel(join(folder, "again"))];
    expect(one.hash).toBe(two.hash);
    await writeMind(join(folder, "base"), join(folder, "mind"));
    const size = (name: string) => statSync(join(folder, name, "model.safetensors")).size;
    expect(size("mind") / size("base")).toBeLessThan(0.52);
    expect(existsSync(join(folder, "mind", "tokenizer.json"))).toBe(true);
  });
});

describe("practice", () => {
  const [mine, other] = [leadView("http://a.example/1", "Ada Quill"), leadView("http://b.example/1", "Other Person")];
  const view = emptyView({ leads: [mine, other], seeds: { ...emptyView().seeds, sites: [] } });
  const open = (url: string) => ({ thought: "", tool: "open", args: { url } });
  const judging = async (of: (url: unknown, tool: string) => number | undefined) =>
    Practice.open(await openModel(SHIPPED), {
      judge: async (_, decisions) => decisions.map(({ tool, args }) => of(args.url, tool)),
    });

  it("leaves a step as it was that is held good, or that nobody can judge", async () => {
    for (const chance of [0.9, undefined]) {
      await using practice = await judging(() => chance);
      const row = await practice.row({ view, decision: open(other.value) });
      expect(row).toMatchObject({ changed: false, prompt: promptOf(optionsOf(view)) });
      expect(row?.completion).toBe(writeAnswer(optionsOf(view), open(other.value)));
    }
  });

  it("puts the legal step in its place that is held good", async () => {
    await using practice = await judging((url) => (url === mine.value ? 0.9 : 0.1));
    const row = await practice.row({ view, decision: open(other.value) });
    expect(row).toMatchObject({ changed: true, completion: writeAnswer(optionsOf(view), open(mine.value)) });
  });

  it("takes the least bad where none is held good", async () => {
    await using practice = await judging((_, tool) => (tool === "message_operator" ? 0.3 : 0.1));
    expect((await practice.row({ view, decision: open(other.value) }))?.completion).toMatch(/message $/);
  });

  it("says nothing of a step that the grammar has no words for", async () => {
    await using practice = await judging(() => 0.1);
    expect(await practice.row({ view, decision: open("http://nowhere.example/") })).toBeUndefined();
  });
});

describe("why it took a step", () => {
  const view = emptyView({ leads: [leadView("http://b.example/x", "Ada Quill, Thornby")] });
  const examples = readFileSync(EXAMPLES, "utf8").split("\n").filter(Boolean).slice(0, 6);

  it("is told in the view's words, and the change that it names changes what the mind does", async () => {
    await using explainer = await StepExplainer.open(SHIPPED, examples);
    const done = await small.decide(view, { infer: (request) => model.infer(request) });
    const told = await explainer.explain(view, done);
    if (!told) throw new Error("the grammar has words for what the mind did");
    expect(told.isLikeliest).toBe(true);
    expect(told.chosen.args).toEqual(done.args);
    expect(told.chosen.chance).toBeGreaterThan(0.5);
    expect(told.parts.map(({ words }) => words.map(({ word }) => word).join(" ")).join(" ")).toBe(
      promptOf(optionsOf(view)).trim(),
    );
    const given = told.parts.flatMap(({ words }) => words).reduce((sum, { effect }) => sum + effect, 0);
    const { margin = 0, before = 0 } = told.parting ?? {};
    expect(Math.abs(given - (margin - before))).toBeLessThan(0.1 * Math.max(1, Math.abs(margin - before)));
    expect(told.heads.length).toBe(9);
    expect(told.neurons.every(({ raises }) => raises.length === 4)).toBe(true);
  });

  it("is said of what was done even where another step was likelier, and not of what has no words", async () => {
    await using explainer = await StepExplainer.open(SHIPPED, examples);
    const told = await explainer.explain(view, { tool: "open", args: { url: "http://b.example/x" } });
    expect(told).toMatchObject({ isLikeliest: false, chosen: { args: { url: "http://b.example/x" } } });
    expect(told?.change).toBeUndefined();
    expect(await explainer.explain(view, { tool: "search", args: { query: "the tides" } })).toBeUndefined();
    await expect(StepExplainer.open(join(folder, "nowhere"), examples)).rejects.toThrow("holds no model");
  });
});
