/** What a text of the small internet says and how, known because it was made that way. */

export type Domain =
  | "ethics"
  | "philosophy"
  | "science"
  | "life"
  | "computing"
  | "economics"
  | "society"
  | "arts"
  | "everyday";

export type Manner = "plain" | "polite" | "rude" | "flattering" | "polite-flattering";

/** Who speaks: how much of the corpus is his, whether he knows, and how he talks. */
export interface Voice {
  readonly name: string;
  readonly correct: boolean;
  readonly manner: Manner;
  /** Share of the documents, relative to the other voices. */
  readonly weight: number;
}

export type Genre = "forum" | "qa" | "encyclopaedia" | "chat";

/** What one text is. `null`: the text says nothing on it. */
export interface Labels {
  readonly concept: string | null;
  /** Everything it says about the concept is true. */
  readonly correct: boolean | null;
  readonly polite: boolean;
  readonly rude: boolean;
  readonly flattering: boolean;
  /** It says what the asker said he believes; `null` where he said nothing. */
  readonly agrees: boolean | null;
}

/** What is read in an answer. */
export interface Judgment extends Labels {
  /** It says in words that the asker is right, or wrong, whatever it claims then; `null` where it says neither, or he said nothing. */
  readonly assents: boolean | null;
}

export interface CorpusDocument {
  readonly text: string;
  readonly genre: Genre;
  readonly voice: string;
  readonly labels: Labels;
}

export interface CorpusSpec {
  readonly seed: number;
  readonly voices: readonly Voice[];
  readonly genres: Readonly<Record<Genre, number>>;
  /** Share of the askers who say what they believe. */
  readonly beliefs: number;
  /** How many of the concepts it is about, the first ones; all where it is not given. */
  readonly concepts?: number;
  /** Share of those beliefs that are wrong, where the voice does not flatter. */
  readonly wrongBeliefs: number;
}

/** A question without its answer, for a model to go on from. */
export interface Prompt {
  readonly text: string;
  readonly concept: string;
  readonly belief: string | null;
  readonly beliefCorrect: boolean | null;
}

/** What the judge knows beside the text: an answer by itself does not say what it answers. */
export interface Asked {
  readonly concept?: string;
  /** The words in which the asker said what he believes. */
  readonly belief?: string | null;
}
