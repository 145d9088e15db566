/** Rewards from another machine, by OpenRLHF's interface: POST /get_reward { query, prompts } gives { rewards }. */
import { z } from "zod";
import { TrainingError } from "../../training-error.ts";
import type { RewardSource, Written } from "./source.ts";

/** `query` is the whole text, prompt and answer. */
export const RewardRequest = z.object({
  query: z.array(z.string()).min(1),
  prompts: z.array(z.string()).optional(),
  labels: z.array(z.unknown()).optional(),
});
export type RewardRequest = z.output<typeof RewardRequest>;

export const RewardReply = z.object({
  rewards: z.array(z.number()),
  scores: z.array(z.number()).optional(),
  extra_logs: z.record(z.string(), z.unknown()).optional(),
});

/** OpenRLHF's own. */
const TIMEOUT = 180_000;

/** @param urls share the texts equally */
export function remoteRewards(urls: readonly [string, ...string[]]): RewardSource {
  return {
    identity: urls.join(" "),
    async score(texts, signal) {
      const size = Math.ceil(texts.length / urls.length);
      const parts = urls.map((url, n) => ask(url, texts.slice(n * size, (n + 1) * size), signal));
      return (await Promise.all(parts)).flat();
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function ask(url: string, texts: readonly Written[], signal?: AbortSignal): Promise<number[]> {
  if (texts.length === 0) return [];
  const body: RewardRequest = {
    query: texts.map(({ prompt, completion, ended, end }) => prompt + completion + (ended ? end : "")),
    prompts: texts.map(({ prompt }) => prompt),
  };
  const limit = AbortSignal.timeout(TIMEOUT);
  let answer: unknown;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    answer = await response.json();
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    throw new TrainingError(`${url} gave no rewards: ${why}`, "Check that the reward model is served there.");
  }
  const read = RewardReply.safeParse(answer);
  if (!read.success || read.data.rewards.length !== texts.length)
    throw new TrainingError(
      `${url} answered with ${read.success ? `${read.data.rewards.length} rewards` : "something else than rewards"} for ${texts.length} texts`,
      "The server must speak OpenRLHF's interface.",
    );
  return read.data.rewards;
}
