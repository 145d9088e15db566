/** A reward model on a port, behind OpenRLHF's interface: POST /get_reward { query } gives { rewards, scores }. */
import { type OpenModel, openModel, Reader, RewardRequest, type TokenText } from "@candor/training";
import { SCORE_HEAD, TransformerError } from "@candor/transformer";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { ApiError, apiErrorOf, errorBody } from "./api-error.ts";
import { bodyOf } from "./body.ts";
import { border } from "./border.ts";
import { listen, mustHaveKey } from "./listen.ts";

export interface ServeRewardsOptions {
  /** 0 for any that is free. */
  port: number;
  /** Loopback where it is not given; elsewhere a key is needed. */
  host?: string;
  key?: string;
  /** Texts that are read at once. */
  batch?: number;
  threads?: number;
}

export interface RewardServer extends AsyncDisposable {
  /** `http://127.0.0.1:5000/get_reward` */
  url: string;
  parameters: number;
  close(): Promise<void>;
}

/**
 * A query that is longer than the model's context is read without its beginning. Whether a text came to its end is told by the token
 * that ends texts, spelt out (`<|endoftext|>`), as OpenRLHF sends it.
 * @throws {TransformerError} before anything is listened on, when the folder holds no reward model
 */
export async function serveRewards(folder: string, options: ServeRewardsOptions): Promise<RewardServer> {
  const { host = "127.0.0.1", port, key, batch = 16, threads } = options;
  mustHaveKey(host, key);
  const model = await openModel(folder);
  if (!model.weights.has(SCORE_HEAD))
    throw new TransformerError(`${folder} gives no score: it has no ${SCORE_HEAD}`, "candor train reward makes one.");
  const { decoder } = model.config;
  const shape = { batch, time: decoder.context, count: decoder.context };
  const reader = await Reader.create(decoder, { reading: "scores", shape, threads });
  try {
    await reader.hold(model.weights);
    const app = new Hono();
    border(app, key);
    app.post("/get_reward", async (c) => {
      const { query } = RewardRequest.parse(await bodyOf(c.req));
      const texts = query.map((text) => textOf(model, text));
      const rewards = (await reader.read(texts)).map(([score]) => score ?? Number.NaN);
      // Between 0 and 1, as OpenRLHF's dynamic filtering takes them.
      return c.json({ rewards, scores: rewards.map((reward) => 1 / (1 + Math.exp(-reward))), extra_logs: {} });
    });
    app.notFound((c) => c.json(errorBody(new ApiError(404, `There is no ${c.req.method} ${c.req.path}`)), 404));
    app.onError((thrown, c) => {
      if (thrown instanceof HTTPException) return thrown.getResponse();
      const error = apiErrorOf(thrown);
      return c.json(errorBody(error), error.status);
    });
    const listening = await listen(app.fetch, host, port);
    const close = async (): Promise<void> => {
      await listening.end();
      await reader.close();
    };
    const parameters = [...model.weights.values()].reduce((sum, { length }) => sum + length, 0);
    return { url: `${listening.url}/get_reward`, parameters, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

function textOf({ tokenizer, config }: OpenModel, text: string): TokenText {
  const tokens = tokenizer.encode(text, { added: "parse" }).slice(-config.decoder.context);
  const [first, ...rest] = tokens;
  if (first === undefined) throw new ApiError(400, "A query is empty", { param: "query" });
  return { prompt: [first], completion: rest };
}
