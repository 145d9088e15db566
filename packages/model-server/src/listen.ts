/** A port to answer on. */
import { TransformerError } from "@candor/transformer";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { isLoopback } from "./border.ts";

/** @throws {TransformerError} where others could reach it without one */
export function mustHaveKey(host: string, key: string | undefined): void {
  if (isLoopback(host) || key) return;
  throw new TransformerError(
    `On ${host} others can reach the model, and no key is set`,
    "Give --key or set CANDOR_MODEL_KEY.",
  );
}

export interface Listening {
  /** `http://127.0.0.1:8080` */
  url: string;
  end(): Promise<void>;
}

/** @param port 0 for any that is free @throws {TransformerError} when it is in use */
export function listen(fetch: Hono["fetch"], host: string, port: number): Promise<Listening> {
  const shown = host.includes(":") ? `[${host}]` : host;
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host }, (info) =>
      resolve({
        url: `http://${shown}:${info.port}`,
        end: () =>
          new Promise((ended) => {
            server.close(() => ended());
            // Answers under way end with their connections.
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new TransformerError(`Port ${port} is in use`, "Give another with --port.")
          : error,
      ),
    );
  });
}
