/** Runs PGlite in a thread of its own, because it blocks the thread it runs in, and serves it on a private socket. */
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { z } from "zod";

const port = parentPort;
if (!port) throw new Error("pglite-worker.ts runs in a worker thread");
const { dataDir, socket } = z.object({ dataDir: z.string(), socket: z.string() }).parse(workerData);

const database = await PGlite.create({ dataDir });
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
