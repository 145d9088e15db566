/** The small mind's model at work: it answers prompts in its language, within the grammar that comes with each. */
import { fileURLToPath } from "node:url";
import type { InferenceRequest, InferenceResult } from "@candor/agent";
import { WORDS } from "@candor/agent/small";
import { type OpenModel, openModel } from "@candor/training";
import {
  type ByteLanguage,
  byteLanguage,
  Engine,
  parseGrammar,
  Scheduler,
  TransformerError,
  whole,
} from "@candor/transformer";

/** The one that comes with Candor. */
export const SHIPPED = fileURLToPath(new URL("../weights", import.meta.url));
/** Views of a town, one a line, each with what the scout would answer (`npm run bench -- small-mind --only views`). */
export const EXAMPLES = fileURLToPath(new URL("../examples/views.txt", import.meta.url));

/**
 * One answer at a time, by one thread: another thread gains nothing on products so small, and another row costs all.
 * The prompt is read in two pieces, mostly, and a cache no longer than need be is looked through faster.
 */
const ENGINE = { batch: 1, threads: 1, chunk: 120, context: 352 } as const;

export class SmallModel implements AsyncDisposable {
  /** Of its weights. */
  readonly hash: string;
  readonly #engine: Engine;
  readonly #scheduler: Scheduler;
  readonly #model: OpenModel;

  private constructor(model: OpenModel, engine: Engine) {
    this.hash = model.hash;
    this.#model = model;
    this.#engine = engine;
    this.#scheduler = new Scheduler({ engine, tokenizer: model.tokenizer, ends: [model.end] });
  }

  /**
   * @param folder in Hugging Face layout, or of a training run
   * @throws {import("@candor/training").TrainingError}, {TransformerError} when it holds no model, or one that does not speak the language
   */
  static async open(folder: string = SHIPPED): Promise<SmallModel> {
    const model = await openModel(folder);
    mustSpeak(model, folder);
    if (model.config.scored)
      throw new TransformerError(`${folder} is a reward model: it gives scores, not answers`, HINT);
    const engine = await Engine.create(model.config.decoder, model.weights, ENGINE);
    return new SmallModel(model, engine);
  }

  /** @throws {TransformerError} for a prompt that is too long or has other words; the signal's reason once it is aborted */
  async infer({ messages, grammar, maxTokens }: InferenceRequest, signal?: AbortSignal): Promise<InferenceResult> {
    const prompt = this.#model.tokenizer.encode(messages.map(({ content }) => content).join(""), { added: "text" });
    const language = grammar === undefined ? undefined : lazily(grammar);
    const answer = this.#scheduler.generate({
      prompt,
      maxTokens: Math.min(maxTokens, this.#engine.context - prompt.length),
      temperature: 0,
      ...(language && { language }),
      ...(signal && { signal }),
    });
    const done = whole(answer);
    // The grammar is read while another thread reads the prompt.
    setImmediate(() => language?.start);
    const { text, pieces } = await done;
    const written = pieces.filter(({ token }) => token !== undefined).length;
    return { text, calls: [], tokens: prompt.length + written, inputTokens: prompt.length, usd: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.close();
  }
}

/** A grammar's language, made when it is first looked at. */
function lazily(grammar: string): ByteLanguage {
  let made: ByteLanguage | undefined;
  const language = (): ByteLanguage => {
    made ??= byteLanguage(parseGrammar(grammar));
    return made;
  };
  return {
    get start() {
      return language().start;
    },
    next: (state, byte) => language().next(state, byte),
    accepts: (state) => language().accepts(state),
    // A word is a token of three bytes or more, and what is left is whole words.
    distance: (state) => Math.ceil(language().distance(state) / 3),
    isFinal: (state) => language().isFinal(state),
  };
}

const HINT = "Give the folder of one that candor train mind made.";

/** @throws {TransformerError} for a model that reads other words */
export function mustSpeak({ tokenizer }: OpenModel, folder: string): void {
  const speaks = WORDS.every((word) => {
    const [id, ...more] = tokenizer.encode(`${word} `, { added: "text" });
    return id !== undefined && more.length === 0 && !tokenizer.isSpecial(id);
  });
  if (!speaks) throw new TransformerError(`${folder} does not have the words of the small mind`, HINT);
}
