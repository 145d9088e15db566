/** What raters hold, as lines for TRL, in an order that depends on nothing but what is there. */
import {
  type Consensus,
  consensus,
  type Format,
  type Item,
  type Judgments,
  type OwnLine,
  preferenceRow,
  promptRow,
  runsOf,
  type Side,
  type Single,
  type Style,
  type TrlRow,
  unpairedRow,
} from "@candor/oversight";
import type { ExportView } from "./schemas.ts";

export interface ExportOptions {
  format: Format;
  style: Style;
  minRaters: number;
  discipline?: string | undefined;
  /** @throws when what was judged is no longer there */
  find(subject: Single): Promise<Side>;
}

export async function exportLines(
  judgments: Judgments,
  items: readonly Item[],
  options: ExportOptions,
): Promise<ExportView> {
  const { format, style, find } = options;
  const rows: TrlRow[] = [];
  const leftOut: Record<string, number> = {};
  const skip = (why: string): undefined => {
    leftOut[why] = (leftOut[why] ?? 0) + 1;
    return undefined;
  };
  for (const item of ordered(items)) {
    const held = consensus(item, options);
    if (!held) {
      skip(item.judgments.size === 0 ? "not judged" : "too few raters, or a tie");
      continue;
    }
    const row = await rowOf(item, held).catch(() => skip("no longer there"));
    if (row) rows.push(...row);
  }
  if (format === "prompt-only") rows.push(...judgments.prompts.map((prompt) => promptRow({ prompt }, style)));
  const lines = rows.map((row) => JSON.stringify(row));
  return { lines: format === "prompt-only" ? [...new Set(lines)] : lines, leftOut };

  async function rowOf({ subject }: Item, { verdict }: Consensus): Promise<TrlRow[] | undefined> {
    if (format === "prompt-only") {
      const sides = subject.kind === "pair" ? [subject.a, subject.b] : [subject];
      return (await Promise.all(sides.map(find))).map((side) => promptRow(side, style));
    }
    if ((format === "preference") !== (subject.kind === "pair"))
      return skip(
        format === "preference"
          ? "good or bad: for the format unpaired"
          : "a choice between two: for the format preference",
      );
    if (subject.kind !== "pair") return [unpairedRow(await find(subject), verdict === "good", style)];
    const [a, b] = await Promise.all([find(subject.a), find(subject.b)]);
    const row = verdict === "a" ? preferenceRow(a, b, style) : preferenceRow(b, a, style);
    return row ? [row] : skip("the two had different prompts");
  }
}

/** Everything that everybody said last, for another Candor. */
export function ownLines(items: readonly Item[]): string[] {
  return ordered(items).flatMap(({ subject, judgments }) =>
    [...judgments.values()]
      .sort((x, y) => (x.rater < y.rater ? -1 : 1))
      .map(({ rater, verdict, reason, discipline, at }) =>
        JSON.stringify({
          subject,
          verdict,
          rater,
          ...(reason && { reason }),
          ...(discipline && { discipline }),
          at,
        } satisfies OwnLine),
      ),
  );
}

/** By run, which is by time, and within it by step; texts of no run last. */
function ordered(items: readonly Item[]): Item[] {
  const keys = new Map(items.map((item) => [item.item, placeOf(item)]));
  const key = ({ item }: Item) => keys.get(item) ?? "";
  return items.toSorted((x, y) => (key(x) < key(y) ? -1 : key(x) > key(y) ? 1 : 0));
}

function placeOf({ item, subject }: Item): string {
  const first = subject.kind === "pair" ? subject.a : subject;
  const step = first.kind === "step" ? first.step : 0;
  return [runsOf(first)[0] ?? "~", subject.kind, String(step).padStart(8, "0"), item].join(" ");
}
