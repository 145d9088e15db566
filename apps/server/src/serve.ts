/** `candor serve`: owns the store and the runs, and answers on a loopback port. */
import { join } from "node:path";
import { Lease, latchFolder } from "@candor/oversight";
import { serve as listen, type ServerType } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import { createApp } from "./api/app.ts";
import { createService } from "./create-service.ts";
import { Failure } from "./failure.ts";
import { removeServeFile, writeServeFile } from "./serve-file.ts";
import { serveToken } from "./serve-token.ts";
import { VERSION } from "./version.ts";

export interface ServeOptions {
  home: string;
  databaseUrl?: string | undefined;
  port?: number;
  /** Address to listen on; anything but loopback lets others in, who need the token all the same. */
  host?: string;
  /** Further names that it answers to, when a proxy with TLS stands before it. */
  names?: string[];
  /** Holds a lease that a watchdog ends this process by, once its event loop stands still: where the process is all Candor's. */
  watchdog?: boolean;
  /** Ends by itself after this long without a request or a run at work; 0: never. */
  idleMs?: number;
}

export interface Serving {
  port: number;
  token: string;
  close(): Promise<void>;
  /** Resolves when it has been idle for `idleMs`. */
  idle: Promise<void>;
}

export async function serve(options: ServeOptions): Promise<Serving> {
  const service = await createService({ home: options.home, databaseUrl: options.databaseUrl });
  const token = serveToken(options.home);
  let app = new OpenAPIHono();
  let lastRequest = Date.now();
  const fetch = (request: Request): Response | Promise<Response> => {
    lastRequest = Date.now();
    return app.fetch(request);
  };
  const { server, port } = await open(fetch, options.port ?? 0, options.host ?? "127.0.0.1").catch(
    async (error: NodeJS.ErrnoException) => {
      await service.close();
      if (error.code !== "EADDRINUSE") throw error;
      throw new Failure(`port ${options.port} is in use`, { hint: "Give another one with --port, or none.", exit: 2 });
    },
  );
  app = createApp(service, {
    token,
    cookie: `candor_${port}`,
    names: options.names ?? [],
    roleOf: (given) => service.judgments.raters.roleOf(given),
  });
  writeServeFile(options.home, { port, token, pid: process.pid, version: VERSION });

  const lease = options.watchdog
    ? new Lease({ path: join(options.home, "serve.lease"), folder: latchFolder(options.home) })
    : undefined;
  // Stops every run from outside, even where nothing answers on the port: kill -USR2 PID.
  const stopAll = (): void => {
    service
      .stop("all", "SIGUSR2", "operator")
      .catch((error: unknown) =>
        process.stderr.write(`SIGUSR2: ${error instanceof Error ? error.message : String(error)}\n`),
      );
  };
  process.on("SIGUSR2", stopAll);

  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<void>((resolve) => {
    const { idleMs } = options;
    if (!idleMs) return;
    timer = setInterval(
      () => {
        if (Date.now() - lastRequest > idleMs && service.isIdle()) resolve();
      },
      Math.min(idleMs, 5_000),
    );
    timer.unref();
  });

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      clearInterval(timer);
      process.off("SIGUSR2", stopAll);
      removeServeFile(options.home);
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      await service.close();
      lease?.end();
    })();
    return closing;
  };
  return { port, token, close, idle };
}

function open(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
  hostname: string,
): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch, port, hostname }, (info) => resolve({ server, port: info.port }));
    server.once("error", reject);
  });
}
