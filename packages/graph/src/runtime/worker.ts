/** The thread in which a session runs: ONNX Runtime blocks whoever calls it. */
import { parentPort } from "node:worker_threads";
import { answers } from "./answers.ts";
import { Runner } from "./runner.ts";

parentPort?.on(
  "message",
  answers({ load: Runner.load, post: (reply) => parentPort?.postMessage(reply), exit: () => process.exit() }),
);
