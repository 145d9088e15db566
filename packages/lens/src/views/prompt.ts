/** Everything there is to see of one prompt, by one run forth and back: what each layer would say, where heads look, what led to the answer. */
import {
  compile,
  concat,
  gather,
  gradients,
  input,
  matmul,
  mul,
  type Program,
  reshape,
  Session,
  slice,
  softmax,
  sub,
  sum,
  type Tensor,
  tapped,
  topK,
} from "@candor/graph";
import { decoder, normOf, UNEMBED, weightInputs } from "@candor/transformer";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";

export interface Likely {
  token: number;
  probability: number;
}

export interface PromptView {
  tokens: number[];
  /** What comes next, likeliest first. */
  next: Likely[];
  /** The logit lens: [layer][position], likeliest first. */
  layers: Likely[][][];
  /** [layer][head][query * tokens + key]. */
  patterns: Float32Array[][];
  /** To first order, what each token and part gave to the logit of what comes next over that of the runner-up: gradient times activation. */
  attribution: { tokens: Float32Array; heads: Float32Array[]; mlps: Float32Array };
  milliseconds: number;
}

const LIKELY = 5;
const NEXT = 10;
/** Programs are of so many tokens at a time: what comes after the prompt is not seen by it. */
const STRIDE = 16;
const MOST_PROGRAMS = 2;

/** Reads prompts of one model as fast as they are typed: programs are kept by length. */
export class PromptReader implements AsyncDisposable {
  readonly #lens: Lens;
  readonly #threads: number | undefined;
  readonly #sessions = new Map<number, Promise<Session>>();

  /** @throws {LensError} for a model that sees both ways */
  constructor(lens: Lens, { threads }: { threads?: number } = {}) {
    if (lens.config.bidirectional) throw new LensError("A model that sees both ways has no next token");
    this.#lens = lens;
    this.#threads = threads;
  }

  /** @throws {LensError} for no tokens, or more than the model reads */
  async read(tokens: readonly number[]): Promise<PromptView> {
    const { config } = this.#lens;
    this.#lens.sizeOf([tokens]);
    const begun = performance.now();
    const time = Math.min(config.context, STRIDE * Math.ceil(tokens.length / STRIDE));
    const session = await this.#session(time);
    const padded = BigInt64Array.from({ length: time }, (_, n) => BigInt(tokens[n] ?? 0));
    const out = await session.run({ tokens: padded, at: [tokens.length - 1] });
    const count = tokens.length;
    const numbers = (name: string): Float32Array => out[name] as Float32Array;
    const likely = (name: string, from: number, k: number): Likely[] =>
      Array.from({ length: k }, (_, n) => ({
        token: Number((out[`${name} tokens`] as BigInt64Array)[from + n]),
        probability: numbers(`${name} chances`)[from + n] as number,
      }));
    const each = <T>(of: (layer: number) => T): T[] => Array.from({ length: config.layers }, (_, layer) => of(layer));
    const k = Math.min(LIKELY, config.vocab);
    return {
      tokens: [...tokens],
      next: likely("next", 0, Math.min(NEXT, config.vocab)),
      layers: each((layer) => Array.from({ length: count }, (_, at) => likely("layers", (layer * time + at) * k, k))),
      patterns: each((layer) =>
        Array.from({ length: config.heads }, (_, head) => {
          const pattern = new Float32Array(count * count);
          const all = numbers(`pattern ${layer}`);
          for (let query = 0; query < count; query++)
            for (let key = 0; key <= query; key++)
              pattern[query * count + key] = all[(head * time + query) * time + key] as number;
          return pattern;
        }),
      ),
      attribution: {
        tokens: numbers("given").slice(0, count),
        heads: each((layer) => numbers(`heads ${layer}`).slice()),
        mlps: Float32Array.from(config.mlpWidth > 0 ? each((layer) => numbers(`mlp ${layer}`)[0] as number) : []),
      },
      milliseconds: performance.now() - begun,
    };
  }

  async #session(time: number): Promise<Session> {
    const known = this.#sessions.get(time) ?? this.#load(time);
    this.#sessions.delete(time);
    this.#sessions.set(time, known);
    for (const old of [...this.#sessions.keys()].slice(0, -MOST_PROGRAMS)) {
      const closing = this.#sessions.get(old);
      this.#sessions.delete(old);
      await (await closing)?.close();
    }
    return known;
  }

  async #load(time: number): Promise<Session> {
    const program = promptProgram(this.#lens, time);
    const session = await Session.create(program, this.#threads === undefined ? {} : { threads: this.#threads });
    await session.hold(Object.fromEntries([...this.#lens.weights].filter(([name]) => name in program.inputs)));
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(open.map(async (session) => (await session).close()));
  }
}

/** Inputs besides the weights: `tokens` int64 [1, time] and `at`, the last that counts. It runs in a page as it does here. */
export function promptProgram({ config }: Pick<Lens, "config">, time: number): Program {
  const { weights } = weightInputs(config);
  const { layers, heads, vocab, width } = config;
  const names = Array.from({ length: layers }, (_, layer) => ({
    stream: `blocks.${layer}.hook_resid_post`,
    pattern: `blocks.${layer}.attn.hook_pattern`,
    z: `blocks.${layer}.attn.hook_z`,
    mlp: `blocks.${layer}.hook_mlp_out`,
  }));
  const hasMlp = config.mlpWidth > 0;
  const open = [
    "hook_embed",
    ...names.flatMap(({ stream, pattern, z, mlp }) => [stream, pattern, z, ...(hasMlp ? [mlp] : [])]),
  ];
  const { logits } = decoder({ config, weights, tokens: input("tokens", [1, time], "int64"), open });
  const last = reshape(gather(logits, input("at", [1], "int64"), 1), [1, vocab]);
  const outputs: Record<string, Tensor> = {};
  const tell = (name: string, said: Tensor, k: number): void => {
    const { values, indices } = topK(softmax(said), Math.min(k, vocab));
    outputs[`${name} chances`] = values;
    outputs[`${name} tokens`] = indices;
  };
  tell("next", last, NEXT);
  const { values } = topK(last, Math.min(2, vocab));
  const metric = sum(
    sub(slice(values, { axis: 1, end: 1 }), slice(values, { axis: 1, start: Math.min(2, vocab) - 1 })),
  );
  const places = tapped([metric], new Set(open));
  const at = (name: string): Tensor => {
    const found = places.get(name);
    if (!found) throw new RangeError(`the decoder has no ${name}`);
    return found;
  };
  const parts = ["hook_embed", ...names.map(({ z }) => z), ...(hasMlp ? names.map(({ mlp }) => mlp) : [])];
  const slopes = new Map(
    gradients(
      metric,
      parts.map((name) => at(name)),
    ).map((slope, n) => [parts[n] as string, slope]),
  );
  const given = (name: string, over: number | readonly number[] | undefined): Tensor =>
    sum(mul(at(name), slopes.get(name) as Tensor), over);
  outputs.given = reshape(given("hook_embed", 2), [time]);
  const streams: Tensor[] = [];
  for (const [layer, { stream, pattern, z, mlp }] of names.entries()) {
    outputs[`pattern ${layer}`] = reshape(at(pattern), [heads, time, time]);
    outputs[`heads ${layer}`] = reshape(given(z, [0, 1, 3]), [heads]);
    if (hasMlp) outputs[`mlp ${layer}`] = reshape(given(mlp, undefined), [1]);
    streams.push(reshape(at(stream), [time, width]));
  }
  // The unembedding is by far the largest weight: it is read once for all layers.
  const rows = concat(streams, 0);
  const normed = config.normPlacement === "pre" ? normOf(config, weights, [])("norm", "ln_final", rows) : rows;
  const said = config.tied
    ? matmul(normed, weights("embed.weight"), { transposeB: true })
    : matmul(normed, weights(UNEMBED));
  tell("layers", said, LIKELY);
  return compile({ outputs });
}
