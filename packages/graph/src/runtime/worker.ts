/** The thread in which a session runs: ONNX Runtime blocks whoever calls it. */
import { parentPort } from "node:worker_threads";
import type { Reply, Request } from "./protocol.ts";
import { Runner } from "./runner.ts";

let runner: Runner | undefined;

async function answer(request: Request): Promise<Omit<Reply, "id">> {
  if (request.type === "load") {
    runner = await Runner.load(request.program, request.options);
    return { bytes: runner.bytes };
  }
  if (request.type === "exit") process.exit();
  if (!runner) throw new Error("nothing is loaded");
  switch (request.type) {
    case "run":
      return { values: await runner.run(request.feeds) };
    case "state":
      return { values: { [request.name]: runner.state(request.name) } };
    case "set state":
      runner.setState(request.name, request.values);
      return {};
    case "bind":
      runner.bind(request.memory);
      return {};
    case "release":
      await runner.release();
      return {};
  }
}

// One at a time, in the order in which they came.
let last: Promise<void> = Promise.resolve();
parentPort?.on("message", ({ id, request }: { id: number; request: Request }) => {
  last = last.then(async () => {
    const reply = await answer(request).catch((error: Error) => ({ error: error.message }));
    parentPort?.postMessage({ id, ...reply } satisfies Reply);
  });
});
