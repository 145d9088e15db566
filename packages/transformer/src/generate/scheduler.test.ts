import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byteLanguage } from "../constrain/byte-language.ts";
import { jsonSchemaGrammar } from "../constrain/json-schema.ts";
import { bytesTokenizer } from "../tokenizers/simple-tokenizers.ts";
import { Engine } from "./engine.ts";
import { generateBatch, whole } from "./generate.ts";
import type { GenerationRequest } from "./generation.ts";
import { Scheduler, type Speaker } from "./scheduler.ts";
import { randomWeights, TINY, uniforms } from "./testing/tiny-models.ts";

const CHUNK = 4;
// Three tokens more than the tokenizer has: they must never be said.
const config = { ...TINY["GPT-2"], vocab: 260 };
const weights = randomWeights(config, uniforms(2));
const tokenizer = bytesTokenizer({ special: ["<|end|>"] });
let together: Speaker;
let alone: Speaker;

beforeAll(async () => {
  const speaker = async (batch: number): Promise<Speaker> => ({
    engine: await Engine.create(config, weights, { batch, chunk: CHUNK, threads: 1 }),
    tokenizer,
    ends: [256],
  });
  together = await speaker(3);
  alone = await speaker(1);
});
afterAll(async () => {
  await together.engine.close();
  await alone.engine.close();
});

const pairs = byteLanguage(jsonSchemaGrammar({ type: "array", items: { type: "integer" }, minItems: 2 }));

const request: fc.Arbitrary<GenerationRequest> = fc.record(
  {
    prompt: fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 14 }),
    maxTokens: fc.integer({ min: 12, max: 20 }),
    temperature: fc.constantFrom(0, 1),
    seed: fc.nat(),
    repetitionPenalty: fc.constantFrom(1, 1.3),
    topK: fc.constantFrom(0, 5),
    stop: fc.constantFrom([], ["a"], ["\u{fffd}"]),
    logProbabilities: fc.constant(2),
    language: fc.constant(pairs),
  },
  { requiredKeys: ["prompt", "maxTokens", "temperature", "seed", "logProbabilities"] },
);

describe("answers side by side", () => {
  test("each is what it is alone, however many there are and whatever was read before", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 6 }), async (requests) => {
        const batch = await generateBatch(together, requests);
        for (const [n, each] of requests.entries()) {
          const [single] = await generateBatch(alone, [each]);
          expect(batch[n]?.text).toBe(single?.text);
          expect(batch[n]?.finish).toBe(single?.finish);
          const ids = batch[n]?.pieces.flatMap(({ token }) => token?.id ?? []);
          expect(ids).toEqual(single?.pieces.flatMap(({ token }) => token?.id ?? []));
          expect(ids?.every((id) => id < 256)).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("a prompt that goes on from an earlier one is read from there on, with the same result to the last bit", async () => {
    const read: number[] = [];
    const spied: Speaker = {
      ...together,
      engine: new Proxy(together.engine, {
        get: (engine, name) => {
          if (name === "read")
            return (row: number, tokens: readonly number[]) => {
              read.push(tokens.length);
              return engine.read(row, tokens);
            };
          const value: unknown = Reflect.get(engine, name, engine);
          return typeof value === "function" ? value.bind(engine) : value;
        },
      }),
    };
    const scheduler = new Scheduler(spied);
    const first = Array.from({ length: 10 }, (_, n) => 40 + n);
    const longer = { prompt: [...first, 1, 2, 3], maxTokens: 6, temperature: 0, logProbabilities: 3 };
    await whole(scheduler.generate({ prompt: first, maxTokens: 5 }));
    expect(read.splice(0)).toEqual([4, 4, 2]);
    const after = await whole(scheduler.generate(longer));
    expect(read.splice(0)).toEqual([4, 1]);
    const [anew] = await generateBatch(together, [longer]);
    expect(after).toEqual(anew);
  });

  test("more requests than rows wait for their turn; a row that is left is given away", async () => {
    const scheduler = new Scheduler(alone);
    const long = scheduler.generate({ prompt: "abc", maxTokens: 30, temperature: 0 });
    await long.next();
    const short = scheduler.generate({ prompt: "b", maxTokens: 2 });
    const next = short.next();
    expect(scheduler.waiting).toBe(1);
    await long.return("stop");
    expect((await next).done).toBe(false);
    expect((await short.next()).value).toMatchObject({ token: {} });
  });

  test("an answer that cannot be, fails by itself", async () => {
    const scheduler = new Scheduler(together);
    const [good, tooShort, aborted] = await Promise.allSettled([
      whole(scheduler.generate({ prompt: "a", maxTokens: 4 })),
      whole(scheduler.generate({ prompt: "b", maxTokens: 2, language: pairs })),
      whole(scheduler.generate({ prompt: "c", maxTokens: 4, signal: AbortSignal.abort(new Error("gone")) })),
    ]);
    expect(good.status).toBe("fulfilled");
    expect(tooShort).toMatchObject({ reason: { message: expect.stringContaining("more tokens to end as it must") } });
    expect(aborted).toMatchObject({ reason: { message: "gone" } });
    for (const prompt of [[], [260], [-1]])
      await expect(whole(scheduler.generate({ prompt }))).rejects.toThrow(/no tokens|out of range/);
  });
});
