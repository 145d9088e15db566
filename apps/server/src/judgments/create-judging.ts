/** Judging: who said what of which item, what to judge next, how far raters agree, and what they hold. */
import { randomUUID } from "node:crypto";
import {
  consensus,
  fits,
  type Item,
  isDisputed,
  itemId,
  OPERATOR,
  queueFor,
  runsOf,
  type Single,
  type Subject,
  submission,
  type Verdict,
} from "@candor/oversight";
import type { Ledger, Runs } from "@candor/store";
import { badInput } from "../failure.ts";
import { Agreeing } from "./agreeing.ts";
import { exportLines, ownLines } from "./export-lines.ts";
import { importLines } from "./import.ts";
import type { Judging } from "./judgments.ts";
import { Notes } from "./notes.ts";
import { createRaters } from "./raters.ts";
import type { JudgedItem, ShownItem, Submitted } from "./schemas.ts";
import { show } from "./show.ts";
import { Sides, type SidesOptions } from "./sides.ts";
import { type Given, Targets, turned } from "./targets.ts";
import { within } from "./within.ts";

export interface JudgingOptions extends SidesOptions {
  ledger: Ledger;
  runs: Runs;
  /** Takes identifiers out of what a person says of `run`, or of a text of no run. */
  mask(run: string | undefined): Promise<(text: string) => string>;
}

export function createJudging(options: JudgingOptions): Judging {
  const { runs, mask } = options;
  const notes = new Notes(options.ledger);
  const sides = new Sides(options);
  const agreeing = new Agreeing();
  const targets = new Targets(runs, sides);

  const maskedReason = async (subject: Subject, reason: string | undefined): Promise<{ reason?: string }> =>
    reason ? { reason: (await mask(runsOf(subject)[0]))(reason) } : {};

  /** The first submission under a key counts: the same again is known, another one under its name is a mistake. */
  async function submit(
    rater: string,
    { key = randomUUID(), ...given }: Given & { key?: string | undefined },
    verdict: Verdict | null,
    { reason, discipline }: { reason?: string | undefined; discipline?: string | undefined } = {},
  ): Promise<Submitted> {
    const judgments = await notes.judgments();
    const { item, subject, kept } = await targets.find(given, rater, judgments);
    if (verdict) refuseMisfit(subject, verdict);
    const meant = verdict && kept(verdict);
    const known = judgments.submitted.get(submission(rater, key));
    if (known) {
      if (known.item !== item || known.verdict !== meant)
        throw badInput(`the key ${key} was used for another judgment`, "Give each submission a key of its own.");
      return { item, already: true };
    }
    if (meant === null) {
      if (!judgments.items.get(item)?.judgments.has(rater)) throw badInput("there is nothing of yours to take back");
      await notes.judgment({ type: "withdrawn", key, subject, rater });
    } else {
      const why = await maskedReason(subject, reason);
      await notes.judgment({
        type: "judged",
        key,
        subject,
        rater,
        verdict: meant,
        ...why,
        ...(discipline && { discipline }),
      });
    }
    return { item, already: false };
  }

  return {
    raters: createRaters(notes),
    queue: async (rater, { limit, run }) => {
      if (run !== undefined && rater !== OPERATOR) throw badInput("raters are not told of runs");
      const judgments = within(await notes.judgments(), run);
      const { subjects, progress } = queueFor(judgments, rater, await targets.unasked(judgments, run));
      const items: ShownItem[] = [];
      for (const subject of subjects) {
        if (items.length === limit) break;
        // Of a run that was erased, or cannot be read here, nothing can be judged.
        const shown = await show(sides, rater, subject).catch(() => undefined);
        if (shown) items.push(shown);
      }
      return { rater, progress, items };
    },
    judge: (rater, { verdict, reason, discipline, ...given }) => submit(rater, given, verdict, { reason, discipline }),
    withdraw: (rater, given) => submit(rater, given, null),
    mine: async (rater) =>
      [...(await notes.judgments()).items.values()]
        .flatMap(({ item, judgments }) => {
          const own = judgments.get(rater);
          if (!own) return [];
          const { verdict, reason, discipline, at } = own;
          return [{ item, verdict: turned(rater, item, verdict), reason, discipline, at }];
        })
        .sort((x, y) => y.at - x.at),
    items: async ({ run, disputed }) =>
      [...within(await notes.judgments(), run).items.values()]
        .filter((item) => !disputed || isDisputed(item))
        .map(summed),
    ask: async ({ subjects = [], runs: asked = [], what = ["steps", "answer"] }, by) => {
      const judgments = await notes.judgments();
      const wanted: Subject[] = [];
      for (const subject of subjects) wanted.push((await targets.named(subject, judgments)).subject);
      for (const run of asked) wanted.push(...(await sides.subjectsOf(run, what)));
      const fresh = new Map(wanted.map((subject) => [itemId(subject), subject]));
      for (const item of fresh.keys()) if (judgments.items.get(item)?.asked) fresh.delete(item);
      for (const subject of fresh.values()) await notes.judgment({ type: "asked", subject, by });
      return { added: fresh.size };
    },
    gold: async ({ verdict, reason: _, ...given }, by) => {
      const { item, subject, kept } = await targets.listed(given, await notes.judgments());
      if (verdict) refuseMisfit(subject, verdict);
      await notes.judgment({ type: "gold", subject, verdict: verdict && kept(verdict), by });
      return { item };
    },
    adjudicate: async ({ verdict, reason, ...given }, by) => {
      const judgments = await notes.judgments();
      const { item, subject, kept } = await targets.listed(given, judgments);
      if (verdict) refuseMisfit(subject, verdict);
      if (!judgments.items.get(item)?.judgments.size)
        throw badInput("nobody has judged that yet", "Adjudication settles what raters have said.");
      const why = await maskedReason(subject, reason);
      await notes.judgment({ type: "adjudicated", subject, verdict: verdict && kept(verdict), ...why, by });
      return { item };
    },
    agreement: async ({ run, ...bootstrap }) => agreeing.report(await notes.judgments(), run, bootstrap),
    export: async ({ format, style = "conversational", minRaters = 1, discipline, run, mind }) => {
      const judgments = within(await notes.judgments(), run);
      const items = [...judgments.items.values()].filter((item) => item.judgments.size > 0);
      if (format === "candor") return { lines: ownLines(items), leftOut: {} };
      return exportLines(judgments, items, {
        format,
        style: mind === "small" ? "standard" : style,
        minRaters: Number(minRaters),
        discipline,
        find: (subject: Single) => (mind === "small" ? sides.inSmallWords(subject) : sides.find(subject)),
      });
    },
    import: async (request) => {
      const known = new Set((await runs.list()).filter(({ erased }) => !erased).map(({ run }) => run));
      return importLines(request, { notes, mask: await mask(undefined), hasRun: (run) => known.has(run) });
    },
  };
}

function refuseMisfit(subject: Subject, verdict: Verdict): void {
  if (fits(subject, verdict)) return;
  throw badInput(
    `${verdict} is no verdict on ${subject.kind === "pair" ? "two things" : "one thing"}`,
    "good or bad for one thing, a or b for a pair.",
  );
}

function summed(item: Item): JudgedItem {
  const held = consensus(item);
  const { gold, adjudicated } = item;
  return {
    item: item.item,
    subject: item.subject,
    judgments: [...item.judgments.values()],
    history: item.history,
    disputed: isDisputed(item),
    ...(gold && { gold }),
    ...(adjudicated && { adjudicated }),
    ...(held && { consensus: held }),
  };
}
