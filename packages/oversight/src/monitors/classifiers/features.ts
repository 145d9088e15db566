/** What a small classifier sees of a run: counts and shares, no words of it. All lie between 0 and about 3. */
import type { Decision, Recorded } from "@candor/store";
import { argumentsOf } from "../../guard/arguments.ts";
import { Asked } from "../asked.ts";
import { isAlarming, type Monitor, type Signal } from "../monitor.ts";
import { effectOf, isShell, wordsOfName } from "../tool-effect.ts";
import { shared, stemsOf } from "../words.ts";

const CAREFUL =
  /\b(?:confirm|consent|permission|clarif\w+|verify|double-check|make sure|before (?:I|we) proceed|safe(?:ty|ly)?|privacy|careful\w*)\b/i;
const BOLD = /\b(?:assum\w+|probably|might want|should be fine|directly|right away|proceed|without)\b/i;
const REFUSES =
  /\b(?:sorry|cannot|can't|won't|unable|not (?:appropriate|safe|able|recommended)|refuse|violat\w+|warn)\b/i;
const SUCCESS = /\bsuccessful\w*\b/i;
const SWEEPING =
  /\b(?:all|any|every\w*|unnecessary|as much as|as many as|immediately|urgent\w*|asap|quickly|top \d+|latest|recurring|permanent)\b/gi;
const WEIGHTY =
  /\b(?:password|key|ssh|bank|card|account|payment|money|medic\w+|dos(?:e|age)|patient|emergency|child\w*|lock|door|power|breaker|alarm|fire|gas|stove|robot|police|legal|tax|confidential|private|personal|bitcoin|crypto\w*)\b/gi;
const LASTING =
  /^(?:delete|remove|cancel|kill|transfer|pay|send|share|post|grant|terminate|shutdown|withdraw|execute|install|erase|clear|redirect|revoke)$/;
/** Several things of one kind in a result: whoever acts on one of them has chosen. */
const SEVERAL = /\[\s*\{[^[\]]{2,4000}?\}\s*,\s*\{/s;
const ASKS_READER = /\b(?:please|kindly)\s+\p{L}+|\b(?:you must|ignore all)\b/iu;

export const FEATURES = [
  "acting steps",
  "writes",
  "contacts",
  "spends",
  "reads",
  "shell commands",
  "lasting actions",
  "acts at once",
  "share of the last action that the operator named",
  "share of the last action that only results named",
  "values that only results hold",
  "ends in an answer",
  "answer asks",
  "answer refuses",
  "answer tells of success",
  "careful thoughts",
  "bold thoughts",
  "thought of success",
  "length of the request",
  "numbers and names in the request",
  "sweeping words in the request",
  "weighty words in the request",
  "weighty words in actions",
  "several candidates before acting",
  "results that ask",
  "share of failed results",
  "acts after a result that asks",
  "alarms of other monitors",
  "notices of other monitors",
] as const;

/** Reads a run and says at any point what it looks like: one number for each of {@link FEATURES}. */
export class FeatureReader {
  readonly #others: readonly Monitor[];
  readonly #asked = new Asked();
  readonly #results: { text: string; stems: ReadonlySet<string> }[] = [];
  readonly #alarms = new Set<string>();
  readonly #notices = new Set<string>();
  readonly #counts = {
    steps: 0,
    acts: 0,
    write: 0,
    contact: 0,
    spend: 0,
    read: 0,
    shell: 0,
    lasting: 0,
    careful: 0,
    bold: 0,
    success: 0,
    weighty: 0,
    failed: 0,
    asking: 0,
    afterAsking: 0,
    several: 0,
    atOnce: 0,
  };
  #last: { named: number; shown: number; values: number } = { named: 0, shown: 0, values: 0 };
  #answer: string | undefined;

  /** @param others monitors whose signals are features too */
  constructor(others: readonly Monitor[]) {
    this.#others = others;
  }

  take(recorded: Recorded): void {
    const { event } = recorded;
    if (event.type === "signal.raised") return;
    this.#asked.take(recorded);
    for (const monitor of this.#others) for (const signal of monitor.observe(recorded)) this.#note(signal);
    if (event.type === "step.proposed") this.#proposed(event.decision);
    if (event.type === "step.done") {
      const text = event.observation.text.slice(0, 20_000);
      this.#results.push({ text, stems: stemsOf(text) });
      if (this.#results.length > 30) this.#results.shift();
      if (event.observation.status !== "ok") this.#counts.failed++;
      if (ASKS_READER.test(text)) this.#counts.asking++;
    }
  }

  #note(signal: Signal): void {
    (isAlarming(signal) ? this.#alarms : this.#notices).add(signal.monitor);
  }

  #proposed({ tool, args, thought }: Decision): void {
    const counts = this.#counts;
    counts.steps++;
    if (CAREFUL.test(thought)) counts.careful++;
    if (BOLD.test(thought)) counts.bold++;
    if (SUCCESS.test(thought)) counts.success++;
    this.#answer = tool === "finish" ? String(args.summary ?? "") : undefined;
    if (tool === "finish") return;
    const effect = effectOf(tool, args);
    if (effect === "read") {
      counts.read++;
      return;
    }
    counts.acts++;
    if (effect !== "spawn") counts[effect]++;
    if (counts.steps === 1) counts.atOnce++;
    if (isShell(tool)) counts.shell++;
    if (wordsOfName(tool).some((word) => LASTING.test(word))) counts.lasting++;
    const texts = [...argumentsOf(args).values()];
    const whole = texts.join(" ").slice(0, 4_000);
    counts.weighty += Math.min(3, whole.match(WEIGHTY)?.length ?? 0);
    const last = this.#results.at(-1);
    if (last && SEVERAL.test(last.text)) counts.several++;
    if (last && ASKS_READER.test(last.text)) counts.afterAsking++;
    const about = new Set([...stemsOf(wordsOfName(tool).join(" ")), ...stemsOf(whole)]);
    const named = shared(about, this.#asked.stems).length;
    const shown = [...about].filter(
      (word) => !this.#asked.stems.has(word) && this.#results.some(({ stems }) => stems.has(word)),
    );
    const values = texts.filter(
      (text) =>
        text.length > 3 && !this.#asked.names(text) && this.#results.some((result) => result.text.includes(text)),
    );
    const size = Math.max(1, about.size);
    this.#last = { named: named / size, shown: shown.length / size, values: values.length };
  }

  /** [FEATURES.length] */
  vector(): number[] {
    const counts = this.#counts;
    const { text } = this.#asked;
    const some = (count: number): number => Math.min(3, Math.log1p(count));
    const share = (count: number): number => count / Math.max(1, counts.steps);
    const answer = this.#answer;
    return [
      some(counts.acts),
      some(counts.write),
      some(counts.contact),
      some(counts.spend),
      some(counts.read),
      some(counts.shell),
      some(counts.lasting),
      some(counts.atOnce),
      this.#last.named,
      this.#last.shown,
      some(this.#last.values),
      Number(answer !== undefined),
      Number(answer?.includes("?") ?? false),
      Number(answer !== undefined && REFUSES.test(answer)),
      Number(answer !== undefined && SUCCESS.test(answer)),
      share(counts.careful),
      share(counts.bold),
      share(counts.success),
      some(text.length / 40),
      some(text.match(/\d[\d,.:-]*|["'`/@][^\s"'`]{2,}/g)?.length ?? 0),
      some(text.match(SWEEPING)?.length ?? 0),
      some(text.match(WEIGHTY)?.length ?? 0),
      some(counts.weighty),
      some(counts.several),
      some(counts.asking),
      share(counts.failed),
      some(counts.afterAsking),
      some(this.#alarms.size),
      some(this.#notices.size),
    ];
  }
}
