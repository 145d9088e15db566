/** Runs PGlite in a thread of its own, because it blocks the thread it runs in, and serves it on a private socket. */
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { z } from "zod";

const port = parentPort;
if (!port) throw new Error("pglite-worker.ts runs in a worker thread");
const { dataDir, socket } = z.object({ dataDir: z.string(), socket: z.string() }).parse(workerData);

// V8 compiles WebAssembly at once, and hot functions again in the background. For PGlite that second time takes 600 MB
// and both cores for seconds after each start; without it appends are as fast (0.7 ms) and the peak is 0.3 GB, not 0.9.
// It holds for every WebAssembly module of the process; the others (undici's parser) are small.
setFlagsFromString("--no-wasm-tier-up");
setFlagsFromString("--no-wasm-dynamic-tiering");

const database = await PGlite.create({
  dataDir,
  // The default of 128 MB is memory that is taken for good; a log that is written at its end needs little of it.
  startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB"],
});
// One in use, and one on its way out: after a failed query the pool replaces the connection before the old one is gone.
const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: 2 });
await server.start();
port.postMessage("ready");

port.once("message", async () => {
  await server.stop();
  await database.close();
  port.postMessage("closed");
  port.close();
});
