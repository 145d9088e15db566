import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type FakeAnswer, type FakeOpenAI, startFakeOpenAI } from "@candor/agent/testing";
import type { Recorded } from "@candor/store";
import * as conventions from "@opentelemetry/semantic-conventions/incubating";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type TestHome, testHome } from "../fixture.ts";
import { collectorOf, push } from "./push.ts";
import { spansOf } from "./spans.ts";
import { nanosOf, type Span, Trace } from "./wire.ts";

interface Request {
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/** A collector on loopback that keeps what it is sent, and answers as told, then 200. */
async function collector(...answers: number[]) {
  const requests: Request[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      requests.push({ path: request.url ?? "", headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

const spansIn = (trace: Trace): Span[] =>
  trace.resourceSpans.flatMap((each) => each.scopeSpans.flatMap(({ spans }) => spans));
const attribute = (span: Pick<Span, "attributes"> | undefined, key: string): unknown => {
  const value = span?.attributes.find((each) => each.key === key)?.value;
  return value && Object.values(value)[0];
};
const named = (spans: readonly Span[], name: string) => spans.filter((span) => span.name.startsWith(name));

const call = (tool: string, args: unknown, text: string): FakeAnswer => ({ kind: "call", tool, args, text });

describe("a family of runs", () => {
  let at: TestHome;
  let model: FakeOpenAI;
  let collected: Awaited<ReturnType<typeof collector>>;
  let run = "";
  let child = "";
  let spans: Span[] = [];

  beforeAll(async () => {
    collected = await collector(503);
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collected.url;
    process.env.OTEL_EXPORTER_OTLP_HEADERS = "x-key=a%20secret";
    at = await testHome();
    // The parent spawns, waits until it has heard from its child, and ends; the child ends at once.
    model = await startFakeOpenAI([], ({ body }) => {
      const prompt = JSON.stringify(body.messages);
      if (prompt.includes("Goal: Look at the harbour.")) return call("finish", { summary: "seen" }, "It is there.");
      if (prompt.includes("A child run reports")) return call("finish", { summary: "seen" }, "The child is done.");
      if (prompt.includes("1. spawn")) return call("wait", {}, "The child is not back.");
      return call("spawn", { goal: "Look at the harbour.", steps: 3 }, "A child can look.");
    });
    const mind = { kind: "llm" as const, model: "openai-compatible:test", baseUrl: model.baseUrl };
    ({ run } = await at.service.start(
      { kind: "run", goal: "Where is the harbour?", world: { kind: "town", seed: 4 }, mind, permissions: "normal" },
      "me",
    ));
    // It waits for its child, or for a person's word on spawning one.
    for (;;) {
      const { status, question } = await at.service.show(run);
      if (status === "finished") break;
      if (question) {
        const { step, argsHash } = question;
        await at.service.answer(run, { answer: "approve", step, argsHash, message: "" }, "me");
      } else await new Promise((resolve) => setTimeout(resolve, 20));
    }
    spans = spansIn(await at.service.tracing.trace(run));
    child = (await at.service.show(run)).children[0]?.run ?? "";
  });
  afterAll(async () => {
    await at[Symbol.asyncDispose]();
    await model.close();
    await collected.close();
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
  });

  test("is one valid trace: ids in hexadecimal, every parent there, children inside, the same each time", async () => {
    const trace = await at.service.tracing.trace(run);
    expect(Trace.parse(JSON.parse(JSON.stringify(trace)))).toEqual(trace);
    expect(await at.service.tracing.trace(run)).toEqual(trace);
    const ids = new Map(spans.map((span) => [span.spanId, span]));
    expect(ids.size).toBe(spans.length);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.filter(({ parentSpanId }) => !parentSpanId)).toHaveLength(1);
    for (const { parentSpanId } of spans) if (parentSpanId) expect(ids.has(parentSpanId)).toBe(true);
    for (const { startTimeUnixNano, endTimeUnixNano } of spans)
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
    const agents = named(spans, "invoke_agent");
    expect(agents.map((span) => attribute(span, "gen_ai.agent.id"))).toEqual([run, child]);
    const spawn = named(spans, "execute_tool spawn")[0];
    expect(agents[1]?.parentSpanId).toBe(spawn?.spanId);
    // A child alone lies in the same trace, under the same parent.
    const [alone] = spansIn(await at.service.tracing.trace(child));
    expect(alone).toEqual(agents[1]);
  });

  test("says what the conventions have names for, by those names", () => {
    const known = new Set<unknown>(Object.values(conventions).filter((value) => typeof value === "string"));
    const keys = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    for (const key of keys) if (!key.startsWith("candor.")) expect(known.has(key), key).toBe(true);
    const [agent] = named(spans, "invoke_agent");
    expect(attribute(agent, "gen_ai.operation.name")).toBe("invoke_agent");
    expect(attribute(agent, "gen_ai.request.model")).toBe("test");
    const chats = named(spans, "chat test").filter((span) => span.traceId === agent?.traceId);
    expect(chats.length).toBeGreaterThan(2);
    const sum = (key: string) => chats.reduce((n, span) => n + Number(attribute(span, key)), 0);
    const agents = named(spans, "invoke_agent");
    // The model says of each call that it read 100 tokens and wrote 20. One whose answer came too late was paid too.
    for (const [key, each] of [
      ["gen_ai.usage.input_tokens", 100],
      ["gen_ai.usage.output_tokens", 20],
    ] as const) {
      expect(sum(key)).toBe(each * model.requests.length);
      expect(agents.reduce((n, span) => n + Number(attribute(span, key)), 0)).toBe(sum(key));
    }
  });

  test("tells verdicts and approvals as events, and no content unless asked for it", async () => {
    const names = spans.flatMap(({ events }) => events.map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining(["candor.verdict", "candor.child.started", "candor.run.finished"]));
    const plain = JSON.stringify(spans);
    expect(plain).not.toContain("harbour");
    expect(plain).not.toContain("A child can look.");
    const whole = JSON.stringify(await at.service.tracing.trace(run, { content: true }));
    expect(whole).toContain("Look at the harbour.");
    expect(whole).toContain("A child can look.");
  });

  test("was sent to the collector, each run once, the one that was turned away again", async () => {
    for (let waited = 0; waited < 10_000 && collected.requests.length < 3; waited += 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const sent = collected.requests;
    expect(sent).toHaveLength(3);
    for (const { path, headers } of sent) {
      expect(path).toBe("/v1/traces");
      expect(headers).toMatchObject({ "content-type": "application/json", "x-key": "a secret" });
    }
    const bodies = new Set(sent.map(({ body }) => body));
    expect(bodies.size).toBe(2);
    const received = [...bodies].flatMap((body) => spansIn(Trace.parse(JSON.parse(body))));
    const ids = (of: readonly Span[]) => of.map(({ spanId }) => spanId).sort();
    expect(ids(received)).toEqual(ids(spans));
  });
});

describe("a fold", () => {
  const event = (seq: number, at: number, event: Recorded["event"]): Recorded => ({
    run: "r-1",
    seq,
    at,
    hash: "",
    event,
  });
  const started = event(1, 1_000, {
    type: "run.started",
    kind: "run",
    goal: "g",
    wanted: [],
    seed: 1,
    world: { kind: "town", seed: 1 },
    mind: { kind: "scout" },
    budget: { steps: 9, tokens: 0, usd: 0.5, seconds: 60, pages: 9, pagesPerHost: 9 },
    permissions: {},
    mode: "continuous",
    isolation: "none",
    version: "0",
    forkOf: { run: "r-0", step: 2 },
  });
  const proposed = event(2, 1_100, {
    type: "step.proposed",
    step: 3,
    decision: { thought: "t", tool: "open", args: { url: "http://a.example/" } },
    cost: { ms: 40 },
    viewHash: "",
  });
  const judged = (outcome: "allow" | "ask" | "deny", seq: number, at: number) =>
    event(seq, at, {
      type: "step.judged",
      step: 3,
      argsHash: "",
      verdict: { outcome, rule: "r", reason: "why" },
    });
  const answered = event(4, 9_000, {
    type: "approval.answered",
    step: 3,
    argsHash: "",
    answer: "approve",
    message: "",
    by: "me",
  });
  const done = event(5, 9_500, {
    type: "step.done",
    step: 3,
    tool: "open",
    effect: "read",
    observation: { status: "error", origin: "host:a.example", text: "no", leads: [], cost: { pages: 1, ms: 300 } },
  });

  test("times the mind by what it took, the tool from the approval on, the step over both", () => {
    const spans = spansOf([started, proposed, judged("ask", 3, 1_101), answered, done], {
      root: "r-1",
      forkRoot: "r-00",
    });
    const time = (name: string) => {
      const [span] = named(spans, name);
      return [span?.startTimeUnixNano, span?.endTimeUnixNano];
    };
    expect(time("decide scout")).toEqual([nanosOf(1_060), nanosOf(1_100)]);
    expect(time("execute_tool open")).toEqual([nanosOf(9_200), nanosOf(9_500)]);
    expect(time("step 3")).toEqual([nanosOf(1_060), nanosOf(9_500)]);
    expect(named(spans, "execute_tool")[0]?.status).toEqual({ code: 2, message: "error" });
    expect(named(spans, "step 3")[0]?.events.map(({ name }) => name)).toEqual(["candor.verdict", "candor.approval"]);
  });

  test("links a fork to the step that it was forked from, in that run's trace", () => {
    const [agent] = spansOf([started], { root: "r-1", forkRoot: "r-00" });
    const original = spansOf(
      [
        { ...started, run: "r-0" },
        { ...proposed, run: "r-0", event: { ...proposed.event, step: 2 } as never },
      ],
      {
        root: "r-00",
      },
    );
    const step = original.find(({ name }) => name === "step 2");
    expect(agent?.links).toMatchObject([{ traceId: step?.traceId, spanId: step?.spanId }]);
  });

  test("a denied step has no tool span, and is no error", () => {
    const spans = spansOf([started, proposed, judged("deny", 3, 1_101)], { root: "r-1" });
    expect(named(spans, "execute_tool")).toEqual([]);
    expect(named(spans, "step 3")[0]?.status).toEqual({ code: 0, message: "why" });
  });

  test("at every moment of a run it is a valid trace", () => {
    const all = [started, proposed, judged("ask", 3, 1_101), answered, done];
    for (let n = 1; n <= all.length; n++) {
      const spans = spansOf(all.slice(0, n), { root: "r-1" });
      const trace = {
        resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: "s", version: "0" }, spans }] }],
      };
      expect(Trace.safeParse(trace).success).toBe(true);
    }
  });

  test("nanoseconds are exact to the microsecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 999 }), (ms, micro) => {
        expect(nanosOf(ms)).toBe(`${BigInt(ms) * 1_000_000n}`);
        if (ms < 2e12) expect(nanosOf(ms + micro / 1_000)).toBe(`${BigInt(ms) * 1_000_000n + BigInt(micro) * 1_000n}`);
      }),
    );
  });
});

describe("a collector", () => {
  const trace: Trace = { resourceSpans: [] };
  let stub: Awaited<ReturnType<typeof collector>> | undefined;
  beforeEach(() => {
    stub = undefined;
  });
  afterEach(() => stub?.close());
  const at = (url: string) => ({ url: `${url}/v1/traces`, headers: { authorization: "Bearer hush" }, content: false });

  test("that is busy is asked again, one that refuses is not, and the error tells no header", async () => {
    stub = await collector(503, 429);
    await push(at(stub.url), trace);
    expect(stub.requests).toHaveLength(3);
    await stub.close();
    stub = await collector(400);
    const error = await push(at(stub.url), trace).catch((thrown: Error) => thrown);
    expect(stub.requests).toHaveLength(1);
    expect(String(error)).toMatch(/answered 400/);
    expect(String(error)).not.toContain("hush");
  });

  test("is found by the standard variables, and a wrong address is one clear line", () => {
    expect(collectorOf({})).toBeUndefined();
    expect(collectorOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318/" })).toEqual({
      url: "http://127.0.0.1:4318/v1/traces",
      headers: {},
      content: false,
    });
    expect(
      collectorOf({
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://elsewhere",
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://c.example/in",
        OTEL_EXPORTER_OTLP_HEADERS: "a=1,b=2%203, =nothing",
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true",
      }),
    ).toEqual({ url: "https://c.example/in", headers: { a: "1", b: "2 3" }, content: true });
    expect(() => collectorOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "ftp://x" })).toThrow(/no http address/);
  });
});
