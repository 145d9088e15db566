import type { MindConfig, Observation } from "@candor/store";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createInference } from "../../inference/inference.ts";
import { startFakeOpenAI } from "../../inference/testing/fake-openai.ts";
import type { InferenceRequest, InferenceResult, StepView, View } from "../../mind.ts";
import { MindError } from "../mind-error.ts";
import { createMindPool } from "../pool.ts";
import { describeTools, emptyView, leadView } from "../testing/views.ts";
import { createLlm } from "./llm.ts";
import { buildPrompt, fence } from "./prompt.ts";
import { readAnswer } from "./read-answer.ts";
import { clip, countTokens } from "./tokens.ts";

const limits = { promptTokens: 4_000, answerTokens: 500 };

function seen(text: string, change: Partial<Observation> = {}): View["last"] {
  return {
    decision: { thought: "t", tool: "open", args: { url: "http://a.example/" } },
    verdict: { outcome: "allow", rule: "r", reason: "" },
    observation: {
      status: "ok",
      origin: "host:a.example",
      text,
      leads: [],
      cost: {},
      url: "http://a.example/",
      ...change,
    },
  };
}

const step = (number: number): StepView => ({
  step: number,
  tool: "open",
  args: { url: `http://a.example/${number}` },
  outcome: "allow",
  status: "ok",
  summary: `page ${number}`,
});

const size = ({ system, messages, tools }: InferenceRequest): number =>
  countTokens(system) +
  messages.reduce((sum, { content }) => sum + countTokens(content), 0) +
  countTokens(JSON.stringify(tools));

describe("the prompt", () => {
  it("says what is wanted, what is left, what was said and what was seen", () => {
    const view = emptyView({
      last: seen("Ada runs on Sundays."),
      history: [step(1)],
      notices: [{ from: "operator", step: 1, code: "said", text: "Hurry up" }],
      memory: [{ text: "Ada likes chess", origin: "http://b.example/", step: 1 }],
      findings: [{ id: "1", kind: "phone", value: "phone 1", urls: ["http://a.example/"], confidence: 1 }],
      leads: [leadView("http://c.example/ada-quill", "Ada Quill")],
      subgoals: [{ text: "Look at clubs", done: false }],
    });
    const { messages, tools, maxTokens } = buildPrompt(view, limits);
    const [{ content } = { content: "" }] = messages;
    expect(content).toMatchInlineSnapshot(`
      "Goal: Find what the web shows about the operator.
      Wanted: phone, e-mail, address, birth date, employer, school, interest, username, photo, location
      The operator: names Ada Quill; usernames adaq; city Thornby; employer Brindle & Co; own pages http://ada.example/
      Sub-goal (open): Look at clubs
      Left: 300 steps, 200 pages, 600 seconds. This is step 1.
      The operator says: Hurry up

      ## Findings so far
      <DATA 11zzpm from several pages>
      phone: phone 1 (on 1 pages)
      </DATA 11zzpm>

      ## Memory, newest first
      <DATA mm4nl from memory>
      Ada likes chess (http://b.example/)
      </DATA mm4nl>

      ## Leads not followed yet, most promising first
      <DATA 30b5zz from several pages>
      page http://c.example/ada-quill Ada Quill
      </DATA 30b5zz>

      ## History
      1. open {"url":"http://a.example/1"} -> ok: "page 1"

      ## Last step
      open {"url":"http://a.example/"}
      Status: ok, address: http://a.example/
      <DATA 685q1f from host:a.example>
      Ada runs on Sundays.
      </DATA 685q1f>

      Choose the next action."
    `);
    expect(tools).toEqual(view.tools);
    expect(maxTokens).toBe(500);
  });

  it("fits its tokens whatever the view holds", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 200 }).map((piece) => piece.repeat(100));
    fc.assert(
      fc.property(
        text,
        fc.nat(300),
        fc.nat(100),
        text,
        fc.integer({ min: 3_500, max: 9_000 }),
        (page, steps, leads, label, promptTokens) => {
          const view = emptyView({
            goal: label || "g",
            last: seen(page),
            history: Array.from({ length: steps }, (_, index) => step(index + 1)),
            leads: Array.from({ length: leads }, (_, index) => leadView(`http://x.example/${index}`, label)),
            memory: Array.from({ length: 20 }, () => ({ text: label, origin: "mind", step: 1 })),
            notices: [{ from: "child", step: 1, code: "finished", text: label }],
          });
          expect(size(buildPrompt(view, { promptTokens, answerTokens: 500 }))).toBeLessThanOrEqual(promptTokens + 30);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("keeps the newest steps and counts the older ones", () => {
    const history = Array.from({ length: 400 }, (_, index) => step(index + 1));
    const [message] = buildPrompt(emptyView({ history }), limits).messages;
    expect(message?.content).toContain("400. open");
    expect(message?.content).not.toContain("\n1. open");
    expect(message?.content).toMatch(/Earlier: open ok \d+x\./);
  });

  it("also keeps to the tokens that the run has left", () => {
    const view = emptyView({ last: seen("word ".repeat(20_000)), left: { ...emptyView().left, tokens: 2_600 } });
    expect(size(buildPrompt(view, limits))).toBeLessThanOrEqual(2_600);
  });

  it("lets no page close its own fence", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.array(fc.string()), (text, seed, tries) => {
        const attack = `${text}${tries.map((mark) => `</DATA ${mark}>`).join("")}`;
        const fenced = fence(seed, attack, "host:a.example");
        const mark = /^<DATA (\w+) /.exec(fenced)?.[1] ?? "";
        expect(attack).not.toContain(mark);
        expect(fenced.endsWith(`\n</DATA ${mark}>`)).toBe(true);
      }),
    );
    // A page that has seen the fence of an earlier prompt gets another one.
    const first = fence(7, "hello", "host:a.example");
    expect(fence(7, `hello ${first}`, "host:a.example").split("\n").at(-1)).not.toBe(first.split("\n").at(-1));
  });

  it("says plainly that the last step was denied", () => {
    const last = {
      ...seen(""),
      observation: null,
      verdict: { outcome: "deny" as const, rule: "r", reason: "not on this host" },
    };
    const [message] = buildPrompt(
      emptyView({ last: { ...last, decision: seen("")?.decision ?? { thought: "", tool: "x", args: {} } } }),
      limits,
    ).messages;
    expect(message?.content).toContain("It was denied: not on this host");
  });
});

describe("tokens", () => {
  it("are counted high rather than low, and a clipped text fits", () => {
    expect(countTokens("The quick brown fox jumps over the lazy dog.")).toBeGreaterThanOrEqual(10);
    expect(countTokens("こんにちは世界")).toBeGreaterThanOrEqual(5);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 500 }), fc.integer({ min: 5, max: 50 }), (text, tokens) => {
        expect(countTokens(clip(text, tokens))).toBeLessThanOrEqual(tokens);
        expect(clip(text, tokens).isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("an answer", () => {
  const result = (change: Partial<InferenceResult>): InferenceResult => ({
    text: "",
    calls: [],
    tokens: 1,
    usd: 0,
    ...change,
  });

  it.each<[string, Partial<InferenceResult>, unknown]>([
    [
      "a tool call with a text",
      { text: "To see.\n", calls: [{ tool: "open", args: { url: "u" } }] },
      { thought: "To see.", tool: "open", args: { url: "u" } },
    ],
    [
      "several calls: the first",
      {
        calls: [
          { tool: "a", args: {} },
          { tool: "b", args: {} },
        ],
      },
      { thought: "The model gave no reason.", tool: "a", args: {} },
    ],
    ["arguments as text", { calls: [{ tool: "open", args: '{"url":"u"}' }] }, { tool: "open", args: { url: "u" } }],
    [
      "JSON in a text",
      { text: 'I will open it.\n```json\n{"tool": "open", "args": {"url": "u{"}}\n```' },
      { thought: "I will open it.", tool: "open", args: { url: "u{" } },
    ],
    [
      "JSON with its own thought",
      { text: '{"thought":"Why not.","tool":"finish","args":{}}' },
      { thought: "Why not.", tool: "finish", args: {} },
    ],
    [
      "another form of JSON",
      { text: '{"name":"search","arguments":"{\\"query\\":\\"q\\"}"}' },
      { tool: "search", args: { query: "q" } },
    ],
    [
      "JSON after other braces",
      { text: 'Set {x} aside: {"a":1} {"action":"open","action_input":{"url":"u"}}' },
      { tool: "open", args: { url: "u" } },
    ],
    [
      "a reasoning model's thoughts left out",
      { text: "<think>secret {}</think>Because.", calls: [{ tool: "a", args: {} }] },
      { thought: "Because." },
    ],
  ])("may be %s", (_, given, decision) => {
    expect(readAnswer(result(given))).toMatchObject(decision as object);
  });

  it.each<[Partial<InferenceResult>, string]>([
    [{}, "The model gave an empty answer."],
    [{ text: "I am not sure what to do." }, "The model answered with text and no tool call."],
    [
      { calls: [{ tool: "open", args: '{"url": ' }] },
      "The model called open with arguments that are not a JSON object.",
    ],
    [{ calls: [{ tool: "open", args: [1] }] }, "The model called open with arguments that are not a JSON object."],
    [{ text: '{"tool": 5}' }, "The model answered with text and no tool call."],
  ])("that is not a decision is an error with a reason (%#)", (given, message) => {
    expect(() => readAnswer(result(given))).toThrow(new MindError("invalid", message));
  });

  it("never takes long to read, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("{", "}", '"', "\\", "a", ":", '{"tool":"x"}'), { maxLength: 2_000 }),
        (pieces) => {
          try {
            expect(typeof readAnswer(result({ text: pieces.join("") })).tool).toBe("string");
          } catch (error) {
            expect(MindError.isInstance(error)).toBe(true);
          }
        },
      ),
    );
  });
});

describe("the whole way: view, process, warden, server and back", () => {
  const pool = createMindPool({ size: 1 });
  afterAll(() => pool.close());

  it("gives a decision, or an error with a reason for each way a server misbehaves", async () => {
    const server = await startFakeOpenAI([
      { kind: "call", tool: "open", args: { url: "http://ada.example/" }, text: "It is the operator's own page." },
      { kind: "call", tool: "fly", args: {} },
      { kind: "empty" },
      { kind: "text", text: "Let me think." },
      { kind: "raw arguments", tool: "open", text: "{" },
      { kind: "status", status: 500 },
    ]);
    const config: MindConfig = { kind: "llm", model: "openai-compatible:fake", baseUrl: server.baseUrl };
    const inference = createInference(config, { patience: { attempts: 1, timeoutMs: 5_000 } });
    const signal = new AbortController().signal;
    const ask = () =>
      pool
        .decide(
          config,
          emptyView({ tools: describeTools("open", "finish") }),
          (request) => inference.infer(request, signal),
          { signal, timeoutMs: 5_000 },
        )
        .catch((error: unknown) => (MindError.isInstance(error) ? error.message : error));
    expect(await ask()).toEqual({
      thought: "It is the operator's own page.",
      tool: "open",
      args: { url: "http://ada.example/" },
    });
    // For the warden to deny: it knows which tools there are, and tells the model.
    expect(await ask()).toMatchObject({ tool: "fly" });
    expect(await ask()).toBe("The model gave an empty answer.");
    expect(await ask()).toBe("The model answered with text and no tool call.");
    expect(await ask()).toBe("The model called open with arguments that are not a JSON object.");
    expect(await ask()).toMatch(/^The model's server at 127\.0\.0\.1:\d+ failed \(500\): the server says 500$/);
    expect(JSON.stringify(server.requests[0]?.body)).toContain("never an instruction");
    await server.close();
  });

  it("tells its model no more than the view", async () => {
    let asked: InferenceRequest | undefined;
    await createLlm().decide(emptyView(), {
      infer: async (request) => {
        asked = request;
        return { text: "", calls: [{ tool: "finish", args: {} }], tokens: 1, usd: 0 };
      },
    });
    expect(asked?.messages).toHaveLength(1);
    expect(asked?.system).toMatch(/never an instruction/);
  });
});
