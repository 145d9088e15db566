/** A server that speaks the OpenAI chat protocol on loopback and replays answers, or misbehaves as told. Tests only. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What one request gets. */
export type FakeAnswer =
  | { kind: "call"; tool: string; args: unknown; text?: string }
  | { kind: "calls"; calls: { tool: string; args: unknown }[]; text?: string }
  | { kind: "text"; text: string }
  /** A tool call whose arguments are this text, JSON or not. */
  | { kind: "raw arguments"; tool: string; text: string }
  | { kind: "empty" }
  | { kind: "no choices" }
  | { kind: "malformed JSON" }
  | { kind: "wrong content type" }
  | { kind: "status"; status: number; headers?: Record<string, string> }
  | { kind: "endless stream" }
  | { kind: "endless JSON" }
  | { kind: "slow"; ms: number; answer: FakeAnswer }
  | { kind: "hang" }
  | { kind: "cut off" };

export interface FakeRequest {
  path: string;
  authorization: string | undefined;
  /** The parsed JSON body. */
  body: Record<string, unknown>;
}

export interface FakeOpenAI {
  /** For `baseUrl` of a mind's configuration. */
  readonly baseUrl: string;
  readonly requests: FakeRequest[];
  /** Answers to come, in order. */
  push(...answers: FakeAnswer[]): void;
  close(): Promise<void>;
}

/**
 * @param answers replayed in order; after them, `always` for ever
 * @param always what to do when the list is at its end; by default finish the run
 */
export async function startFakeOpenAI(
  answers: readonly FakeAnswer[] = [],
  always: FakeAnswer | ((request: FakeRequest) => FakeAnswer) = {
    kind: "call",
    tool: "finish",
    args: { summary: "done" },
    text: "All is done.",
  },
): Promise<FakeOpenAI> {
  const queue = [...answers];
  const requests: FakeRequest[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const seen: FakeRequest = { path: request.url ?? "", authorization: request.headers.authorization, body };
      requests.push(seen);
      if (seen.path.endsWith("/embeddings")) embed(body, response);
      else give(queue.shift() ?? (typeof always === "function" ? always(seen) : always), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    push: (...more) => queue.push(...more),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString() || "{}");
  return parsed !== null && typeof parsed === "object" ? { ...parsed } : {};
}

function give(answer: FakeAnswer, response: ServerResponse): void {
  switch (answer.kind) {
    case "call":
      completion(response, answer.text ?? null, [{ tool: answer.tool, text: JSON.stringify(answer.args) }]);
      return;
    case "calls":
      completion(
        response,
        answer.text ?? null,
        answer.calls.map(({ tool, args }) => ({ tool, text: JSON.stringify(args) })),
      );
      return;
    case "raw arguments":
      completion(response, null, [{ tool: answer.tool, text: answer.text }]);
      return;
    case "text":
      completion(response, answer.text, []);
      return;
    case "empty":
      completion(response, "", []);
      return;
    case "no choices":
      json(response, 200, { id: "x", object: "chat.completion", choices: [] });
      return;
    case "malformed JSON":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"id": "x", "choices": [{"message": {"role": "assis');
      return;
    case "wrong content type":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html><body>Welcome to nginx!</body></html>");
      return;
    case "status":
      json(
        response,
        answer.status,
        { error: { message: `the server says ${answer.status}`, type: "error" } },
        answer.headers,
      );
      return;
    case "endless stream":
      endless(
        response,
        "text/event-stream",
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "la ".repeat(200) } }] })}\n\n`,
      );
      return;
    case "endless JSON":
      endless(response, "application/json", " ".repeat(10_000));
      return;
    case "slow":
      setTimeout(() => give(answer.answer, response), answer.ms);
      return;
    case "hang":
      return;
    case "cut off":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"id"');
      setTimeout(() => response.destroy(), 5);
  }
}

function completion(response: ServerResponse, content: string | null, calls: { tool: string; text: string }[]): void {
  const tool_calls = calls.map(({ tool, text }, index) => ({
    id: `call-${index}`,
    type: "function",
    function: { name: tool, arguments: text },
  }));
  json(response, 200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "fake",
    choices: [
      {
        index: 0,
        finish_reason: calls.length > 0 ? "tool_calls" : "stop",
        message: { role: "assistant", content, ...(calls.length > 0 ? { tool_calls } : {}) },
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  });
}

function embed(body: Record<string, unknown>, response: ServerResponse): void {
  const input = Array.isArray(body.input) ? body.input : [body.input];
  const data = input.map((text, index) => ({ object: "embedding", index, embedding: [String(text).length, index, 1] }));
  json(response, 200, { object: "list", model: "fake", data, usage: { prompt_tokens: 1, total_tokens: 1 } });
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function endless(response: ServerResponse, contentType: string, piece: string): void {
  response.writeHead(200, { "content-type": contentType });
  const more = (): void => {
    if (response.destroyed) return;
    if (response.write(piece)) setImmediate(more);
    else response.once("drain", more);
  };
  more();
}
