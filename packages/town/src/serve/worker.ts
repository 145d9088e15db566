/** Runs a town in a thread of its own, so that neither building nor serving it holds up the caller. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { TownTruth } from "../score/truth.ts";
import type { GatewayFault } from "../services/gateway.ts";
import { TownError } from "../town-error.ts";
import type { Message } from "./inbox.ts";
import type { Requested } from "./request-log.ts";
import type { CallName, Calls, FromWorker, WorkerOptions } from "./worker-protocol.ts";

export type { WorkerOptions } from "./worker-protocol.ts";

export interface TownWorker {
  /** On 127.0.0.1. */
  port: number;
  /** Names of all hosts, services included. */
  hosts: string[];
  /** Of the town as it is served: a peaceful one has no traps. */
  truth: TownTruth;
  messages(): Promise<Message[]>;
  requests(): Promise<Requested[]>;
  failGateway(fault: GatewayFault | undefined): Promise<void>;
  close(): Promise<void>;
}

/**
 * Generates the town of a seed, or loads a spec, and serves it.
 *
 * @throws TownError when the seed, the spec, the port or the inbox is no good.
 * @example
 * const town = await startTownInWorker({ seed: 7, inbox: "inbox.jsonl" });
 * await fetch(`http://127.0.0.1:${town.port}/`);
 * await town.close();
 */
export async function startTownInWorker(options: WorkerOptions): Promise<TownWorker> {
  const worker = new Worker(new URL("./worker-thread.ts", import.meta.url), { workerData: options });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let ended: Error | null = null;
  let next = 0;

  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };

  const call = <Name extends CallName>(name: Name, argument: Calls[Name]["argument"]): Promise<Calls[Name]["result"]> =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const id = next++;
      waiting.set(id, { resolve: (result) => resolve(result as Calls[Name]["result"]), reject });
      worker.postMessage({ id, name, argument });
    });

  const started = await new Promise<Extract<FromWorker, { type: "started" }>>((resolve, reject) => {
    worker.on("error", (error: Error) => {
      end(error);
      reject(error);
    });
    worker.on("exit", () => {
      end(new Error("The town's thread has ended"));
      reject(ended);
    });
    worker.on("message", (message: FromWorker) => {
      switch (message.type) {
        case "started":
          return resolve(message);
        case "failed":
          return reject(
            message.hint === null ? new Error(message.message) : new TownError(message.message, message.hint),
          );
        case "answered":
          waiting.get(message.id)?.resolve(message.result);
          break;
        case "refused":
          waiting.get(message.id)?.reject(new Error(message.reason));
          break;
      }
      waiting.delete(message.id);
    });
  });

  return {
    port: started.port,
    hosts: started.hosts,
    truth: started.truth,
    messages: () => call("messages", null),
    requests: () => call("requests", null),
    async failGateway(fault) {
      await call("failGateway", fault ?? null);
    },
    async close() {
      if (ended !== null) return;
      const gone = once(worker, "exit");
      await call("close", null);
      await worker.terminate();
      await gone;
    },
  };
}
