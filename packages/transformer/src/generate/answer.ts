/** One answer as it grows: which token comes next, what of its text is certain, and when it is at its end. */
import type { TokenMask } from "../constrain/token-mask.ts";
import { streamDecoder } from "../tokenizers/stream-decoder.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import type { ChosenToken, FinishReason, GenerationRequest, Piece } from "./generation.ts";
import { largest, logProbabilities, type Sampling, sample, samplingOf } from "./sample.ts";
import { stopStrings } from "./stop-strings.ts";

export interface AnswerInput {
  request: GenerationRequest;
  prompt: readonly number[];
  tokenizer: Tokenizer;
  /** Tokens that end a text. */
  ends: ReadonlySet<number>;
  /** The request's language over the tokenizer's tokens. */
  mask?: TokenMask;
  /** Tokens that the tokenizer can spell: the model may have more. */
  spelt: ReadonlySet<number>;
  maxTokens: number;
}

export type Step = { piece?: Piece; finish?: FinishReason };

export class Answer {
  readonly #given: AnswerInput;
  readonly #sampling: Sampling;
  readonly #text: number[];
  readonly #decoder;
  readonly #stops;
  /** Of the language; its start until the first token. */
  #after: number | undefined;
  #count = 0;

  constructor(given: AnswerInput) {
    this.#given = given;
    this.#sampling = samplingOf(given.request);
    this.#text = [...given.prompt];
    this.#decoder = streamDecoder(given.tokenizer, { skipSpecial: true });
    this.#stops = stopStrings(given.request.stop ?? []);
  }

  /** @param logits [vocab] of what comes after all that was taken so far */
  take(logits: Float32Array): Step {
    const { ends, mask, maxTokens, spelt, tokenizer } = this.#given;
    const left = maxTokens - this.#count;
    // Not before the prompt was read: a language may be made meanwhile.
    const state = this.#after ?? mask?.language.start ?? 0;
    if (mask?.language.accepts(state) && !mask.goesOn(state, left)) return this.#last("stop");
    const allowed =
      mask?.allowed(state, left, ends) ??
      (logits.length > spelt.size ? (token: number) => spelt.has(token) : undefined);
    const token = sample(logits, this.#sampling, {
      place: this.#count,
      text: this.#text,
      ...(allowed && { allowed }),
    });
    if (ends.has(token)) return this.#last("stop");
    this.#text.push(token);
    this.#count++;
    const { text, stopped } = this.#stops.push(this.#decoder.push(token));
    const piece = { text, token: this.#measured(logits, token) };
    if (stopped) return { piece, finish: "stop" };
    if (mask) {
      const after = mask.after(state, tokenizer.bytes(token));
      this.#after = after;
      // Where nothing more can come, no token is spent on saying so.
      if (mask.language.isFinal(after)) return this.#last("stop", piece);
      // Nor on what can only come so, unless its likelihood is asked for.
      const forced = piece.token.measured ? undefined : mask.forcedEnd(after);
      if (forced) return this.#forced(forced, piece);
    }
    return this.#count === maxTokens ? this.#last("length", piece) : { piece };
  }

  #forced(tokens: readonly number[], piece: Piece): Step {
    let { text } = piece;
    for (const token of tokens) {
      const next = this.#stops.push(this.#decoder.push(token));
      text += next.text;
      if (next.stopped) return { piece: { ...piece, text }, finish: "stop" };
    }
    return this.#last("stop", { ...piece, text });
  }

  /** What was held back is part of the answer after all. */
  #last(finish: FinishReason, piece?: Piece): Step {
    const { text, stopped } = this.#stops.push(this.#decoder.end());
    const rest = stopped ? text : text + this.#stops.end();
    const reason = stopped ? "stop" : finish;
    if (piece) return { piece: { ...piece, text: piece.text + rest }, finish: reason };
    return rest === "" ? { finish: reason } : { piece: { text: rest }, finish: reason };
  }

  #measured(logits: Float32Array, id: number): ChosenToken {
    const asked = this.#given.request.logProbabilities;
    if (asked === undefined) return { id };
    const of = logProbabilities(logits);
    const alternatives = asked === 0 ? [] : largest(logits, asked);
    return {
      id,
      measured: {
        logProbability: of(id),
        alternatives: alternatives.map((each) => ({ id: each, logProbability: of(each) })),
      },
    };
  }
}
