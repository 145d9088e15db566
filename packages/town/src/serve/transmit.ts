/** Puts a reply on a socket, properly or as a broken server would. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Misbehaviour, Reply } from "./reply.ts";

export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const body = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  const bare = reply.status === 304 || reply.status === 204;
  response.writeHead(reply.status, bare ? reply.headers : { ...reply.headers, "content-length": body.byteLength });
  response.end(bare || request.method === "HEAD" ? undefined : body);
}

export function misbehave(request: IncomingMessage, response: ServerResponse, { how, reply }: Misbehaviour): void {
  if (how === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  if (request.method === "HEAD") {
    send(request, response, reply);
    return;
  }
  const body = Buffer.from(reply.body);
  if (how === "truncated") {
    response.writeHead(reply.status, { ...reply.headers, "content-length": body.byteLength });
    response.write(body.subarray(0, body.byteLength >> 1), () => request.socket.destroy());
    return;
  }
  response.writeHead(reply.status, reply.headers);
  response.write(body);
  // Ends with an error when the client has had enough, which is the only way it ends.
  void pipeline(flood(), response).catch(() => {});
}

/** Past any sane client's limit; after it a trickle, so that a client without one does not fill this machine. */
const FAST_BYTES = 64 * 1024 * 1024;
const CHUNK = Buffer.from(`${"more of the same ".repeat(3855)}\n`);

async function* flood(): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < FAST_BYTES; sent += CHUNK.byteLength) {
    yield CHUNK;
    // Other requests get their turn.
    await new Promise(setImmediate);
  }
  for (;;) {
    await wait(1000, undefined, { ref: false });
    yield CHUNK.subarray(0, 1);
  }
}
