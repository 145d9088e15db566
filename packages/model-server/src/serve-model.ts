/** A model on a port. */

import { type EngineOptions, TransformerError } from "@candor/transformer";
import { serve } from "@hono/node-server";
import { type AppOptions, modelApp } from "./app.ts";
import { isLoopback } from "./border.ts";
import { openModel, type ServedModel } from "./served-model.ts";

export interface ServeModelOptions extends EngineOptions, AppOptions {
  /** 0 for any that is free. */
  port: number;
  /** Loopback where it is not given; elsewhere a key is needed. */
  host?: string;
  /** The folder's where it is not given. */
  name?: string;
}

export interface ModelServer extends AsyncDisposable {
  model: ServedModel;
  /** `http://127.0.0.1:8080/v1` */
  baseUrl: string;
  close(): Promise<void>;
}

/**
 * @throws {TransformerError} before anything is listened on, when the folder or the options cannot be
 * @example
 * await using server = await serveModel("model/best", { port: 8080 });
 */
export async function serveModel(folder: string, options: ServeModelOptions): Promise<ModelServer> {
  const { host = "127.0.0.1", port, key } = options;
  if (!isLoopback(host) && !key)
    throw new TransformerError(
      `On ${host} others can reach the model, and no key is set`,
      "Give --key or set CANDOR_MODEL_KEY.",
    );
  const model = await openModel(folder, options);
  try {
    const { fetch } = modelApp(model, options);
    const listening = await new Promise<{ end(): Promise<void>; port: number }>((resolve, reject) => {
      const server = serve({ fetch, port, hostname: host }, (info) =>
        resolve({
          port: info.port,
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
    const close = async (): Promise<void> => {
      await listening.end();
      await model[Symbol.asyncDispose]();
    };
    const shown = host.includes(":") ? `[${host}]` : host;
    return { model, baseUrl: `http://${shown}:${listening.port}/v1`, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}
