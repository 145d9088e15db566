/** What a town's worker thread and the thread that started it say to each other. */
import type { TownTruth } from "../score/truth.ts";
import type { GatewayFault } from "../services/gateway.ts";
import type { Message } from "./inbox.ts";
import type { Requested } from "./request-log.ts";
import type { ServeOptions } from "./serve-town.ts";

export interface WorkerOptions extends ServeOptions {
  /** A whole number; not together with `spec`. */
  seed?: number;
  /** Path of a town spec. */
  spec?: string;
}

export interface Calls {
  messages: { argument: null; result: Message[] };
  requests: { argument: null; result: Requested[] };
  failGateway: { argument: GatewayFault | null; result: null };
  close: { argument: null; result: null };
}

export type CallName = keyof Calls;

export interface Call<Name extends CallName = CallName> {
  id: number;
  name: Name;
  argument: Calls[Name]["argument"];
}

export type FromWorker =
  | { type: "started"; port: number; hosts: string[]; truth: TownTruth }
  /** `hint` is null where the error is not one that a person caused. */
  | { type: "failed"; message: string; hint: string | null }
  | { type: "answered"; id: number; result: unknown }
  | { type: "refused"; id: number; reason: string };
