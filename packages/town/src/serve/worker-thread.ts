/** The worker's side: builds the town, serves it, answers calls. */
import { parentPort, workerData } from "node:worker_threads";
import { generateTown } from "../generate/generate.ts";
import { peaceful } from "../generate/peaceful.ts";
import { townTruth } from "../score/truth.ts";
import { loadSpec } from "../spec/load.ts";
import type { Town } from "../town.ts";
import { TownError } from "../town-error.ts";
import { serveTown, type TownServer } from "./serve-town.ts";
import type { Call, FromWorker, WorkerOptions } from "./worker-protocol.ts";

const say = (message: FromWorker): void => parentPort?.postMessage(message);

async function build({ seed, spec }: WorkerOptions): Promise<Town> {
  if (spec !== undefined) return loadSpec(spec);
  if (seed === undefined || !Number.isSafeInteger(seed)) {
    throw new TownError(`${seed} is not a town seed`, "Give a whole number, such as 7.");
  }
  return generateTown(seed);
}

async function answer(server: TownServer, call: Call): Promise<unknown> {
  switch (call.name) {
    case "messages":
      return server.messages();
    case "requests":
      return server.requests();
    case "failGateway":
      server.failGateway((call as Call<"failGateway">).argument ?? undefined);
      return null;
    case "close":
      await server.close();
      return null;
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

try {
  const options: WorkerOptions = workerData;
  const built = await build(options);
  const town = options.peaceful === true ? peaceful(built) : built;
  const server = await serveTown(town, options);
  parentPort?.on("message", (call: Call) => {
    answer(server, call).then(
      (result) => say({ type: "answered", id: call.id, result }),
      (error: unknown) => say({ type: "refused", id: call.id, reason: reason(error) }),
    );
  });
  say({ type: "started", port: server.port, hosts: server.hosts, truth: townTruth(town) });
} catch (error) {
  say({ type: "failed", message: reason(error), hint: TownError.isInstance(error) ? error.hint : null });
  parentPort?.close();
}
