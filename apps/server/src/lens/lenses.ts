/** Models that are open to be looked into: the last few, each with what was made ready for it. */
import {
  type Architecture,
  architecture,
  type Dictionary,
  Lens,
  openDictionary,
  PairCircuit,
  type PairTask,
  PromptReader,
} from "@candor/lens";
import { type OpenModel, openModel } from "@candor/training";
import { badInput } from "../failure.ts";
import { FewOpen } from "../few-open.ts";
import { type LensModel, type LensNote, lensModel } from "./models.ts";
import { textsBy, textsOfFile } from "./texts.ts";

/** Longest rows of what texts are looked at with. */
const ROW = 64;
const MOST_OPEN = 2;

export class OpenLens implements AsyncDisposable {
  readonly model: LensModel & LensNote;
  readonly lens: Lens;
  readonly reader: PromptReader;
  readonly architecture: Architecture;
  readonly #open: OpenModel;
  #texts: Promise<string[]> | undefined;
  #circuit: { key: string; circuit: Promise<PairCircuit> } | undefined;
  readonly #dictionaries = new Map<string, Promise<Dictionary>>();

  private constructor(model: LensModel & LensNote, open: OpenModel) {
    this.model = model;
    this.#open = open;
    this.lens = new Lens(open.config.decoder, open.weights, { tokenizer: open.tokenizer });
    this.reader = new PromptReader(this.lens);
    this.architecture = architecture(this.lens);
  }

  static async open(model: LensModel & LensNote): Promise<OpenLens> {
    const open = await openModel(model.folder);
    if (open.config.scored)
      throw badInput(
        `${model.folder} is a reward model: it gives scores, and has no next token`,
        "Give the model that it judges.",
      );
    return new OpenLens(model, open);
  }

  /** @throws {Failure} for text of which nothing is left, or more than the model reads */
  tokens(text: string): number[] {
    const { tokenizer, config } = this.#open;
    const tokens = tokenizer.encode(text, { added: "text" });
    if (tokens.length === 0) throw badInput("there is no text to read", "Write a few words.");
    const most = Math.min(config.decoder.context, MOST_TOKENS);
    if (tokens.length > most)
      throw badInput(`the text has ${tokens.length} tokens; at most ${most} can be shown`, "Shorten it.");
    return tokens;
  }

  text(token: number): string {
    return this.#open.tokenizer.decode([token]);
  }

  texts(): Promise<string[]> {
    this.#texts ??= this.model.texts === undefined ? textsBy(this.#open) : textsOfFile(this.model.texts);
    this.#texts.catch(() => {
      this.#texts = undefined;
    });
    return this.#texts;
  }

  /** Texts as rows of one length; those that are shorter are left out, where enough are not. */
  async rows(): Promise<number[][]> {
    const all = (await this.texts()).map((text) => this.#open.tokenizer.encode(text, { added: "text" }));
    const lengths = all.map(({ length }) => length).sort((a, b) => b - a);
    const length = Math.min(ROW, this.lens.config.context, Math.max(2, lengths[Math.floor(lengths.length / 2)] ?? 2));
    const rows = all.filter((row) => row.length >= length).map((row) => row.slice(0, length));
    if (rows.length === 0) throw badInput("no text has two tokens", "Give longer ones to --texts.");
    return rows;
  }

  dictionary(n: number): Promise<Dictionary> {
    const folder = this.model.dictionaries[n];
    if (folder === undefined) throw badInput(`there is no dictionary ${n}`, "candor lens dictionary trains one.");
    const known = this.#dictionaries.get(folder) ?? openDictionary(folder, { model: this.architecture.hash });
    this.#dictionaries.set(folder, known);
    known.catch(() => this.#dictionaries.delete(folder));
    return known;
  }

  /** Of the pair that was asked for last: its thresholds are moved next. */
  async circuit(task: PairTask): Promise<PairCircuit> {
    const key = JSON.stringify(task);
    if (this.#circuit?.key === key) return this.#circuit.circuit;
    const before = this.#circuit;
    const circuit = PairCircuit.open(this.lens, task);
    this.#circuit = { key, circuit };
    circuit.catch(() => {
      if (this.#circuit?.key === key) this.#circuit = undefined;
    });
    await before?.circuit.then((old) => old[Symbol.asyncDispose]()).catch(() => undefined);
    return circuit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#circuit?.circuit.then((circuit) => circuit[Symbol.asyncDispose]()).catch(() => undefined);
    await this.reader[Symbol.asyncDispose]();
    await this.lens[Symbol.asyncDispose]();
    for (const dictionary of await Promise.allSettled(this.#dictionaries.values()))
      if (dictionary.status === "fulfilled") await dictionary.value[Symbol.asyncDispose]();
  }
}

/** What a page shows: attention is as many pixels as tokens squared. */
const MOST_TOKENS = 384;

export class Lenses {
  readonly #home: string;
  readonly #open = new FewOpen<OpenLens>(MOST_OPEN);

  constructor(home: string) {
    this.#home = home;
  }

  /** @throws {Failure} when there is no such model, or it cannot be opened */
  async of(id: string): Promise<OpenLens> {
    const model = lensModel(this.#home, id);
    return this.#open.of(JSON.stringify(model), () => OpenLens.open(model));
  }
}
