/** Serves a town: every host of it behind one port of this machine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fieldsOfRaw, type RequestMessage } from "@candor/agent-identity";
import { peaceful } from "../generate/peaceful.ts";
import { BREACH_HOST, breachService } from "../services/breach.ts";
import { GATEWAY_HOST, type GatewayFault, gateway } from "../services/gateway.ts";
import { SERVICE_HOSTS } from "../services/hosts.ts";
import { SEARCH_HOST, searchService } from "../services/search.ts";
import type { Town } from "../town.ts";
import { TownError } from "../town-error.ts";
import { target } from "./address.ts";
import { type Message, openInbox } from "./inbox.ts";

import { type Exchange, type Misbehaviour, type Reply, type Service, text } from "./reply.ts";
import { openRequestLog, type Requested } from "./request-log.ts";
import { sitesOf } from "./site.ts";
import { misbehave, send } from "./transmit.ts";
import { humanView } from "./view/view.ts";
import { type TownAgent, visitors } from "./visitors.ts";

export interface ServeOptions {
  /** 0 or absent: any free port. */
  port?: number;
  /** JSONL file that messages are appended to. */
  inbox: string;
  /** JSONL file that requests are appended to. */
  requestLog?: string;
  /** Without the hostile pages. */
  peaceful?: boolean;
  /** Agents that declared themselves; requests of all others count as unsigned or unknown. */
  agents?: readonly TownAgent[];
  /** How the message gateway fails, for tests. */
  gatewayFault?: GatewayFault;
}

export interface TownServer {
  port: number;
  /** Names of all hosts, those of the search engine, the gateway and the breach service included. */
  hosts: string[];
  /** Oldest first; those of earlier servers on the same inbox included. */
  messages(): Message[];
  /** What programs asked this server for, oldest first. */
  requests(): Requested[];
  failGateway(fault: GatewayFault | undefined): void;
  close(): Promise<void>;
}

/**
 * Serves `town` on 127.0.0.1. Hosts are told apart by the `Host` header or by the absolute form that HTTP proxies get.
 *
 * @throws TownError when the port is taken or the inbox cannot be read.
 */
export async function serveTown(town: Town, options: ServeOptions): Promise<TownServer> {
  const served = options.peaceful === true ? peaceful(town) : town;
  const inbox = openInbox(options.inbox);
  const log = openRequestLog(options.requestLog);
  const operators = served.persona.seeds.names;
  const sms = gateway(inbox, operators, options.gatewayFault);
  const door = visitors(options.agents ?? [], operators);
  const services = new Map<string, Service>([
    [SEARCH_HOST, searchService(served.pages)],
    [GATEWAY_HOST, sms.service],
    [BREACH_HOST, breachService(served.breached)],
  ]);
  const sites = sitesOf(served);
  const port = (): number => (server.address() as AddressInfo).port;
  const view = humanView({ sites, services, inbox, port, searchHost: SEARCH_HOST });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const meant = target(request.url ?? "", request.headers.host);
    if (meant === null) return send(request, response, text(400, "Bad request\n"));
    const { host, path, human } = meant;
    const method = request.method ?? "GET";
    const body = await readBody(request);
    if (body === null) return send(request, response, text(413, "Too large\n", { connection: "close" }));
    const visitor = human ? ({ identity: "unsigned" } as const) : await door.judge(asSigned(request, method), body);
    const record = (status: number): void =>
      log.add({ at, host, path, userAgent: request.headers["user-agent"] ?? "", status, ...visitor });
    const exchange: Exchange = { method, host, path, headers: request.headers, body, visitor };
    if (human) return send(request, response, await view.answer(exchange));

    const service = services.get(host);
    if (service !== undefined) {
      const reply = await service(exchange);
      record(reply === "drop" ? 0 : reply.status);
      if (reply === "drop") request.socket.destroy();
      else send(request, response, reply);
      return;
    }
    const reply: Reply | Misbehaviour = (await sites.get(host)?.answer(exchange)) ?? unknownHost(host);
    if ("how" in reply) {
      record(reply.how === "reset" ? 0 : reply.reply.status);
      misbehave(request, response, reply);
    } else {
      record(reply.status);
      send(request, response, reply);
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(request, response, text(500, `The town failed: ${error instanceof Error ? error.message : error}\n`));
    });
  });
  // A proxy client that wants https gets told so: the town speaks plain HTTP only.
  server.on("connect", (_, socket) => socket.end("HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n"));
  try {
    await listen(server, options.port ?? 0);
  } catch (error) {
    inbox.close();
    log.close();
    throw error;
  }
  const hosts = [...new Set([...sites.keys(), ...SERVICE_HOSTS])];
  return {
    port: port(),
    hosts,
    messages: inbox.messages,
    requests: log.requests,
    failGateway: sms.fail,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      inbox.close();
      log.close();
    },
  };
}

/** The request as its sender meant it: what came is a path and a `Host`, or a whole address. */
function asSigned({ url = "", headers, rawHeaders }: IncomingMessage, method: string): RequestMessage {
  const target = /^https?:/i.test(url) ? url : `http://${headers.host ?? ""}${url}`;
  return { method, url: target, fields: fieldsOfRaw(rawHeaders) };
}

const unknownHost = (host: string): Reply => text(502, `No host ${host} in this town\n`);

/** Largest request body, in bytes. */
const BODY_LIMIT = 256 * 1024;

/** @returns null when the body is larger than any that the town takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (request.method === "GET" || request.method === "HEAD") return "";
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).byteLength;
    if (size > BODY_LIMIT) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function listen(server: Server, port: number): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TownError(`${port} is not a port`, "Give a number from 1 to 65535, or none for any free port.");
  }
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE" && error.code !== "EACCES") return reject(error);
      const why = error.code === "EADDRINUSE" ? "is taken by another program" : "may not be used";
      reject(new TownError(`Port ${port} ${why}`, "Give another port, or none for any free one."));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
