import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MindConfig } from "@candor/store";
import { afterEach, describe, expect, it } from "vitest";
import type { InferenceRequest } from "../mind.ts";
import { describeTools } from "../minds/testing/views.ts";
import { retryAfter } from "./attempts.ts";
import { createEmbedder } from "./embedder.ts";
import { createInference, type InferenceOptions } from "./inference.ts";
import { InferenceError } from "./inference-error.ts";
import { priceOf, readPrices } from "./prices.ts";
import { type FakeAnswer, type FakeOpenAI, startFakeOpenAI } from "./testing/fake-openai.ts";

const request: InferenceRequest = {
  system: "You drive an agent.",
  messages: [{ role: "user", content: "Choose." }],
  tools: describeTools("open", "finish"),
  maxTokens: 50,
};
const quick = { attempts: 3, baseMs: 1, capMs: 20, timeoutMs: 5_000 };

let server: FakeOpenAI | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function ask(answers: FakeAnswer[], options: InferenceOptions = {}, signal = new AbortController().signal) {
  server = await startFakeOpenAI(answers);
  const config: MindConfig = { kind: "llm", model: "openai-compatible:fake", baseUrl: server.baseUrl };
  return createInference(config, { patience: quick, ...options }).infer(request, signal);
}

async function failure(promise: Promise<unknown>): Promise<InferenceError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!InferenceError.isInstance(error)) throw new Error(`no InferenceError, but ${error}`);
  expect(error.message).not.toContain("\n");
  return error;
}

describe("a server that speaks the OpenAI protocol", () => {
  it("is asked with the tools and its call comes back with text, tokens and cost", async () => {
    const priceTable = { "openai-compatible:fake": { input: 10, output: 100 } };
    const result = await ask([{ kind: "call", tool: "open", args: { url: "http://a.example/" }, text: "Because." }], {
      priceTable,
      keys: { openai: "sk-secret" },
    });
    expect(result).toEqual({
      text: "Because.",
      calls: [{ tool: "open", args: { url: "http://a.example/" } }],
      tokens: 120,
      inputTokens: 100,
      usd: (10 * 100 + 100 * 20) / 1e6,
    });
    const [seen] = server?.requests ?? [];
    expect(seen?.authorization).toBe("Bearer sk-secret");
    expect(seen?.body).toMatchObject({ model: "fake", max_tokens: 50, tool_choice: "auto" });
    expect(seen?.body.messages).toEqual([
      { role: "system", content: "You drive an agent." },
      { role: "user", content: "Choose." },
    ]);
    expect(JSON.stringify(seen?.body.tools)).toContain('"name":"open"');
  });

  it("may answer with text, nothing, an unknown tool, several calls, or arguments that are not JSON", async () => {
    expect(await ask([{ kind: "text", text: "hm" }])).toMatchObject({ text: "hm", calls: [] });
    await server?.close();
    expect(await ask([{ kind: "empty" }])).toMatchObject({ text: "", calls: [], tokens: 120 });
    await server?.close();
    expect((await ask([{ kind: "call", tool: "fly", args: {} }])).calls).toEqual([{ tool: "fly", args: {} }]);
    await server?.close();
    const two = [
      { tool: "open", args: { url: "http://a.example/" } },
      { tool: "finish", args: { summary: "s" } },
    ];
    expect((await ask([{ kind: "calls", calls: two }])).calls).toEqual(two);
    await server?.close();
    expect((await ask([{ kind: "raw arguments", tool: "open", text: '{"url": ' }])).calls).toEqual([
      { tool: "open", args: '{"url": ' },
    ]);
  });

  it.each<[FakeAnswer["kind"], FakeAnswer]>([
    ["status", { kind: "status", status: 429, headers: { "retry-after": "0" } }],
    ["status", { kind: "status", status: 503 }],
    ["malformed JSON", { kind: "malformed JSON" }],
    ["wrong content type", { kind: "wrong content type" }],
    ["no choices", { kind: "no choices" }],
    ["cut off", { kind: "cut off" }],
  ])("that fails once (%s) is asked again", async (_, bad) => {
    const result = await ask([bad, { kind: "text", text: "better" }]);
    expect(result.text).toBe("better");
    expect(server?.requests).toHaveLength(2);
  });

  it.each<[string, FakeAnswer, InferenceError["kind"], number]>([
    ["500 for ever", { kind: "status", status: 500 }, "unavailable", 3],
    ["429 for ever", { kind: "status", status: 429, headers: { "retry-after": "3600" } }, "busy", 3],
    ["400", { kind: "status", status: 400 }, "rejected", 1],
    ["a wrong key", { kind: "status", status: 401 }, "rejected", 1],
    ["an unknown model", { kind: "status", status: 404 }, "rejected", 1],
    ["malformed JSON", { kind: "malformed JSON" }, "malformed", 3],
    ["a web page", { kind: "wrong content type" }, "malformed", 3],
    ["no choices", { kind: "no choices" }, "malformed", 3],
  ])("that answers with %s fails with a reason, after the tries that make sense", async (_, bad, kind, tries) => {
    expect(await failure(ask([bad, bad, bad, bad]))).toMatchObject({ kind });
    expect(server?.requests).toHaveLength(tries);
  });

  it.each<FakeAnswer>([{ kind: "endless stream" }, { kind: "endless JSON" }])(
    "that never ends its answer ($kind) is cut off",
    async (bad) => {
      expect(await failure(ask([bad], { maxBytes: 300_000 }))).toMatchObject({ kind: "too-long" });
      expect(server?.requests).toHaveLength(1);
    },
  );

  it.each<FakeAnswer>([
    { kind: "hang" },
    { kind: "slow", ms: 60_000, answer: { kind: "empty" } },
    { kind: "endless JSON" },
  ])("that takes too long ($kind) ends in a timeout", async (bad) => {
    const error = await failure(ask([bad], { patience: { ...quick, timeoutMs: 80 }, maxBytes: 1e12 }));
    expect(error).toMatchObject({ kind: "timeout", message: "The model did not answer in 0.08 s." });
  });

  it("is left at once when the run is stopped, also between tries", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stopped")), 50);
    const patience = { ...quick, baseMs: 60_000, capMs: 60_000, timeoutMs: 60_000 };
    await expect(ask([{ kind: "status", status: 503 }], { patience }, controller.signal)).rejects.toThrow("stopped");
    const again = new AbortController();
    setTimeout(() => again.abort(new Error("stopped")), 20);
    await server?.close();
    await expect(ask([{ kind: "hang" }], {}, again.signal)).rejects.toThrow("stopped");
  });

  it("that cannot be reached is named, and the key is not", async () => {
    const config: MindConfig = { kind: "llm", model: "openai-compatible:fake", baseUrl: "http://127.0.0.1:1/v1" };
    const inference = createInference(config, { keys: { openai: "sk-secret" }, patience: quick });
    const error = await failure(inference.infer(request, new AbortController().signal));
    expect(error).toMatchObject({ kind: "unavailable" });
    expect(error.message).toContain("127.0.0.1:1");
    expect(error.message).not.toContain("sk-secret");
  });

  it("gets tool names it allows, and the call comes back under the real one", async () => {
    server = await startFakeOpenAI([{ kind: "call", tool: "files_read_file", args: {} }]);
    const config: MindConfig = { kind: "llm", model: "openai-compatible:fake", baseUrl: server.baseUrl };
    const tools = [
      { name: "files/read.file", description: "d", effect: "read" as const, parameters: { type: "object" } },
    ];
    const { calls } = await createInference(config).infer({ ...request, tools }, new AbortController().signal);
    expect(calls).toEqual([{ tool: "files/read.file", args: {} }]);
  });

  it("also gives embeddings, in batches and in order", async () => {
    server = await startFakeOpenAI();
    const embedder = createEmbedder({ model: "openai-compatible:fake", baseUrl: server.baseUrl });
    const texts = Array.from({ length: 70 }, (_, index) => "x".repeat(index));
    const vectors = await embedder.embed(texts, new AbortController().signal);
    expect(vectors.map(([length]) => length)).toEqual(texts.map((text) => text.length));
    expect(server.requests).toHaveLength(2);
  });
});

describe("other providers", () => {
  const serve = (answer: unknown) => {
    const bodies: { url: string; headers: Headers; body: string }[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      bodies.push({ url: String(input), headers: new Headers(init?.headers), body: String(init?.body) });
      return Response.json(answer);
    };
    return { fetch, bodies };
  };

  it("speak Anthropic's protocol", async () => {
    const { fetch, bodies } = serve({
      type: "message",
      id: "msg_1",
      model: "claude-sonnet-4-5",
      role: "assistant",
      content: [
        { type: "text", text: "Because." },
        { type: "tool_use", id: "t", name: "open", input: { url: "http://a.example/" } },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: { input_tokens: 1_000, output_tokens: 100 },
    });
    const inference = createInference(
      { kind: "llm", model: "anthropic:claude-sonnet-4-5" },
      { fetch, keys: { anthropic: "k" } },
    );
    const result = await inference.infer(request, new AbortController().signal);
    expect(result).toMatchObject({
      text: "Because.",
      calls: [{ tool: "open", args: { url: "http://a.example/" } }],
      tokens: 1_100,
    });
    expect(result.usd).toBeCloseTo((3 * 1_000 + 15 * 100) / 1e6);
    expect(bodies[0]?.url).toBe("https://api.anthropic.com/v1/messages");
    expect(bodies[0]?.headers.get("x-api-key")).toBe("k");
  });

  it("speak Ollama's protocol, and cost nothing", async () => {
    const { fetch, bodies } = serve({
      model: "qwen3",
      created_at: "2026-01-01T00:00:00Z",
      message: {
        role: "assistant",
        content: "Because.",
        tool_calls: [{ function: { name: "finish", arguments: { summary: "s" } } }],
      },
      done: true,
      done_reason: "stop",
      prompt_eval_count: 10,
      eval_count: 5,
    });
    const inference = createInference({ kind: "llm", model: "ollama:qwen3" }, { fetch });
    const result = await inference.infer(request, new AbortController().signal);
    expect(result).toMatchObject({
      text: "Because.",
      calls: [{ tool: "finish", args: { summary: "s" } }],
      tokens: 15,
      usd: 0,
    });
    expect(bodies[0]?.url).toBe("http://127.0.0.1:11434/api/chat");
  });
});

describe("configuration", () => {
  const wrong = (config: MindConfig, options: InferenceOptions = {}): string => {
    try {
      createInference(config, options);
    } catch (error) {
      if (InferenceError.isInstance(error) && error.kind === "config") return error.message;
    }
    throw new Error("no config error");
  };

  it("says in one line what is missing or wrong", () => {
    expect(wrong({ kind: "llm" })).toMatchInlineSnapshot(
      `"The llm mind needs a model: give one as openai-compatible:NAME, anthropic:NAME or ollama:NAME."`,
    );
    expect(wrong({ kind: "llm", model: "gpt-4o" })).toMatchInlineSnapshot(
      `"Unknown model "gpt-4o": give one as openai-compatible:NAME, anthropic:NAME or ollama:NAME."`,
    );
    expect(wrong({ kind: "llm", model: "anthropic:claude-sonnet-4-5" })).toMatchInlineSnapshot(
      `"No key for Anthropic: set ANTHROPIC_API_KEY, or give --base-url of a server on this machine."`,
    );
    expect(wrong({ kind: "llm", model: "openai-compatible:gpt-4o" })).toMatchInlineSnapshot(
      `"No key for api.openai.com: set OPENAI_API_KEY, or give --base-url of a server on this machine."`,
    );
    expect(wrong({ kind: "llm", model: "ollama:x", baseUrl: "localhost:80" })).toMatchInlineSnapshot(
      `"The base URL "localhost:80" is not an http address, such as http://127.0.0.1:8080/v1."`,
    );
  });

  it("estimates before a call no less than its answer may cost, and says when it knows no price", () => {
    const known = createInference({ kind: "llm", model: "openai-compatible:gpt-4o" }, { keys: { openai: "k" } });
    expect(known.estimate({ ...request, maxTokens: 1e6 })).toBeGreaterThanOrEqual(10);
    expect(known.notices).toEqual([]);
    const unknown = createInference({ kind: "llm", model: "openai-compatible:secret-9" }, { keys: { openai: "k" } });
    expect(unknown.estimate(request)).toBe(0);
    expect(unknown.notices[0]).toContain("No price is known for openai-compatible:secret-9");
  });

  it("reads prices from a file, and says where it is wrong", () => {
    const folder = mkdtempSync(join(tmpdir(), "candor-prices-"));
    const file = join(folder, "prices.json");
    writeFileSync(
      file,
      '{"openai-compatible:gpt-4o*": {"input": 1, "output": 2}, "ollama:big": {"input": 3, "output": 4}}',
    );
    const table = readPrices(file);
    expect(priceOf("openai-compatible:gpt-4o-2024", table)).toEqual({ input: 1, output: 2 });
    expect(priceOf("openai-compatible:gpt-4o-mini", table)).toEqual({ input: 0.15, output: 0.6 });
    expect(priceOf("ollama:big", table)).toEqual({ input: 3, output: 4 });
    writeFileSync(file, '{"openai-compatible:x": {"input": -1, "output": 2}}');
    expect(() => readPrices(file)).toThrow(/wrong at openai-compatible:x.input/);
    writeFileSync(file, "{");
    expect(() => readPrices(file)).toThrow(/cannot be read/);
    rmSync(folder, { recursive: true });
  });

  it("understands every form of Retry-After", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect(retryAfter({ "retry-after": "2" }, now)).toBe(2_000);
    expect(retryAfter({ "retry-after-ms": "70" }, now)).toBe(70);
    expect(retryAfter({ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }, now)).toBe(5_000);
    expect(retryAfter({ "retry-after": "soon" }, now)).toBeUndefined();
    expect(retryAfter({}, now)).toBeUndefined();
  });
});
