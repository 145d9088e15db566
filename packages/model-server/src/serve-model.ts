/** A model on a port. */

import type { EngineOptions } from "@candor/transformer";
import { type AppOptions, modelApp } from "./app.ts";
import { listen, mustHaveKey } from "./listen.ts";
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
  mustHaveKey(host, key);
  const model = await openModel(folder, options);
  try {
    const { fetch } = modelApp(model, options);
    const listening = await listen(fetch, host, port);
    const close = async (): Promise<void> => {
      await listening.end();
      await model[Symbol.asyncDispose]();
    };
    return { model, baseUrl: `${listening.url}/v1`, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}
