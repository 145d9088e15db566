import { rmSync } from "node:fs";
import { TransformerError } from "@candor/transformer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ModelServer, serveModel } from "./serve-model.ts";
import { tinyModel } from "./testing/tiny-model.ts";

let folder = "";
let server: ModelServer;
beforeAll(async () => {
  folder = await tinyModel();
  server = await serveModel(folder, { port: 0, name: "tiny", batch: 2, chunk: 16, threads: 1 });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Choice {
  index: number;
  text: string;
  message: { content: string | null; tool_calls?: { function: { name: string; arguments: string } }[] };
  delta: { content?: string };
  finish_reason: string | null;
  logprobs: {
    content: { token: string; logprob: number; top_logprobs: { token: string; logprob: number }[] }[];
    tokens: string[];
    text_offset: number[];
  };
}
interface Body {
  choices: Choice[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
  error: { message: string; type: string; param: string | null; code: string | null };
}

function post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  const headers = { "content-type": "application/json", ...init.headers };
  return fetch(`${server.baseUrl}${path}`, {
    method: "POST",
    ...init,
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
const ask = async (path: string, body: object): Promise<Body> =>
  (await (await post(path, { model: "tiny", ...body })).json()) as Body;
const chat = (body: object): Promise<Body> =>
  ask("/chat/completions", { messages: [{ role: "user", content: "hi" }], ...body });
async function events(path: string, body: object): Promise<(Body | "[DONE]")[]> {
  const text = await (await post(path, { model: "tiny", stream: true, ...body })).text();
  return text
    .split("\n\n")
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ""))
    .map((data) => (data === "[DONE]" ? data : (JSON.parse(data) as Body)));
}

describe("answers", () => {
  test("a seed repeats them, streamed or whole, alone or beside others; usage is counted", async () => {
    const asked = { prompt: "Once", max_tokens: 12, seed: 5 };
    const whole = await ask("/completions", asked);
    expect(whole.usage).toEqual({ prompt_tokens: 4, completion_tokens: 12, total_tokens: 16 });
    expect(whole.choices[0]?.finish_reason).toBe("length");
    const others = await Promise.all(
      [asked, { ...asked, seed: 6 }, asked, asked].map((each) => ask("/completions", each)),
    );
    expect(others[3]?.choices[0]?.text).toBe(whole.choices[0]?.text);
    expect(others[1]?.choices[0]?.text).not.toBe(whole.choices[0]?.text);
    const streamed = await events("/completions", { ...asked, stream_options: { include_usage: true } });
    expect(streamed.at(-1)).toBe("[DONE]");
    const chunks = streamed.filter((each) => each !== "[DONE]");
    expect(chunks.flatMap(({ choices }) => choices.map(({ text }) => text)).join("")).toBe(whole.choices[0]?.text);
    expect(chunks.at(-1)?.usage).toEqual(whole.usage);
  });

  test("of several prompts and several answers to each, the order is that of the prompts", async () => {
    const { choices, usage } = await ask("/completions", {
      prompt: ["a", "bc"],
      n: 2,
      max_tokens: 3,
      seed: 1,
    });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(usage.completion_tokens).toBe(12);
    const [single] = (await ask("/completions", { prompt: "a", max_tokens: 3, seed: 2 })).choices;
    expect(choices[1]?.text).toBe(single?.text);
  });

  test("a chat is measured, stopped, greedy and streamed", async () => {
    const greedy = { temperature: 0, max_completion_tokens: 6, logprobs: true, top_logprobs: 2 };
    const [choice] = (await chat(greedy)).choices;
    expect(choice?.logprobs.content).toHaveLength(6);
    for (const { token, logprob, top_logprobs } of choice?.logprobs.content ?? [])
      expect(top_logprobs[0]).toMatchObject({ token, logprob });
    const chunks = (
      await events("/chat/completions", { messages: [{ role: "user", content: "hi" }], ...greedy })
    ).filter((each) => each !== "[DONE]");
    expect(chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta.content ?? "")).join("")).toBe(
      choice?.message.content,
    );
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("length");
    const stop = choice?.message.content?.[2] ?? "";
    const [stopped] = (await chat({ ...greedy, stop })).choices;
    expect(stopped?.finish_reason).toBe("stop");
    expect(stopped?.message.content).toBe(choice?.message.content?.slice(0, choice.message.content.indexOf(stop)));
  });

  test("JSON schemas, JSON and grammars are kept to", async () => {
    const schema = {
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
      additionalProperties: false,
    };
    const format = { type: "json_schema", json_schema: { name: "n", schema } };
    const text = async (body: object) => (await chat({ max_tokens: 60, ...body })).choices[0]?.message.content ?? "";
    expect(JSON.parse(await text({ response_format: format }))).toEqual({ n: expect.any(Number) });
    JSON.parse(await text({ response_format: { type: "json_object" } }));
    expect(await text({ grammar: 'root ::= "yes" | "no"' })).toMatch(/^(yes|no)$/);
  });

  test("tools are called with arguments of their schema, or left alone", async () => {
    const parameters = { type: "object", properties: { city: { enum: ["Oslo", "Rome"] } }, required: ["city"] };
    const tools = [{ type: "function", function: { name: "weather", parameters } }];
    const [choice] = (await chat({ tools, tool_choice: "required", max_tokens: 80 })).choices;
    expect(choice?.finish_reason).toBe("tool_calls");
    expect(choice?.message.content).toBeNull();
    const [call] = choice?.message.tool_calls ?? [];
    expect(call?.function.name).toBe("weather");
    expect(JSON.parse(call?.function.arguments ?? "")).toEqual({ city: expect.stringMatching(/^(Oslo|Rome)$/) });
    const [prose] = (await chat({ tools, tool_choice: "none", max_tokens: 5 })).choices;
    expect(prose?.message.tool_calls).toBeUndefined();
  });
});

describe("what cannot be", () => {
  test.each([
    ["not JSON", "{", 400, "not JSON"],
    ["no messages", { model: "tiny", messages: [] }, 400, "messages"],
    ["another model", { model: "gpt-9", messages: [{ role: "user", content: "" }] }, 404, "there is tiny"],
    ["a picture", { model: "tiny", messages: [{ role: "user", content: [{ type: "image_url" }] }] }, 400, "messages"],
    [
      "a penalty that is not there",
      { model: "tiny", messages: [{ role: "user", content: "a" }], presence_penalty: 1 },
      400,
      "not supported",
    ],
    [
      "a grammar that is none",
      { model: "tiny", messages: [{ role: "user", content: "a" }], grammar: "root ::= (" },
      400,
      "line 1",
    ],
    [
      "a text too long",
      { model: "tiny", messages: [{ role: "user", content: "a" }], max_tokens: 600 },
      400,
      "context is 512 tokens; you asked for 6",
    ],
    [
      "a prompt too long",
      { model: "tiny", messages: [{ role: "user", content: "a".repeat(600) }] },
      400,
      "context is 512 tokens",
    ],
  ])("%s is refused in one line", async (_, body, status, words) => {
    const answer = await post("/chat/completions", body);
    expect(answer.status).toBe(status);
    const { error } = (await answer.json()) as Body;
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("\n");
    expect(error.type).toBe("invalid_request_error");
  });

  test("pages of other sites and names are refused, and bodies without end", async () => {
    expect((await fetch(`${server.baseUrl}/models`, { headers: { origin: "http://evil.example" } })).status).toBe(403);
    expect((await post("/completions", `"${"x".repeat(9_000_000)}"`)).status).toBe(413);
    expect((await fetch(`${server.baseUrl}/nothing`)).status).toBe(404);
    const list = (await (await fetch(`${server.baseUrl}/models`)).json()) as { data: { id: string }[] };
    expect(list.data.map(({ id }) => id)).toEqual(["tiny"]);
  });

  test("a key is asked of everybody, and needed off this machine", async () => {
    await using keyed = await serveModel(folder, { port: 0, key: "secret", threads: 1 });
    const status = async (authorization?: string) =>
      (await fetch(`${keyed.baseUrl}/models`, { headers: authorization ? { authorization } : {} })).status;
    expect([await status(), await status("Bearer wrong"), await status("Bearer secret")]).toEqual([
      401,
      expect.any(Number),
      200,
    ]);
    expect(await status("Bearer wrong")).not.toBe(200);
    await expect(serveModel(folder, { port: 0, host: "0.0.0.0" })).rejects.toThrow("no key is set");
    const port = Number(new URL(keyed.baseUrl).port);
    await expect(serveModel(folder, { port, threads: 1 })).rejects.toThrow(`Port ${port} is in use`);
    await expect(serveModel("/nowhere", { port: 0 })).rejects.toSatisfy(TransformerError.isInstance);
    await expect(serveModel(folder, { port: 0, batch: 100_000_000 })).rejects.toThrow("this machine has");
  });
});

test("a client that goes away stops its answer, streamed or not", async () => {
  const { scheduler } = server.model;
  for (const stream of [true, false]) {
    const client = new AbortController();
    const answer = post(
      "/completions",
      { model: "tiny", prompt: "a", max_tokens: 500, stream, temperature: 0 },
      { signal: client.signal },
    );
    if (stream) await answer;
    else await expect.poll(() => scheduler.speaking).toBe(1);
    client.abort();
    await answer.catch(() => undefined);
    await expect.poll(() => scheduler.speaking, { timeout: 5_000 }).toBe(0);
  }
});
