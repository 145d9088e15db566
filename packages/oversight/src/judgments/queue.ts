/** What a rater is shown next. The same ledger and the same rater give the same queue. */
import { createHash } from "node:crypto";
import type { Item, Judgments } from "./fold.ts";
import { itemId, type Subject } from "./subject.ts";

/** Among so many items one has a known answer, while there are such. */
const GOLD_EVERY = 5;

export interface Progress {
  /** Items that this rater has judged, and those that wait for them. */
  judged: number;
  open: number;
  /** Items in the pool by the number of raters who have judged them: `ratings[2]` have two. */
  ratings: number[];
}

export interface Queue {
  subjects: Subject[];
  progress: Progress;
}

/** @param extra subjects that nobody has put up or judged, but that may be judged all the same */
export function queueFor(judgments: Judgments, rater: string, extra: readonly Subject[] = []): Queue {
  const pool = new Map([...judgments.items].filter(([, item]) => inPool(item)));
  for (const subject of extra) {
    const item = itemId(subject);
    if (!pool.has(item)) pool.set(item, { item, subject, judgments: new Map(), history: [], asked: false });
  }
  const all = [...pool.values()];
  const open = all.filter((item) => !item.judgments.has(rater));
  const rank = new Map(open.map(({ item }) => [item, lot(rater, item)]));
  // Fewest ratings first; among equals each rater has an order of their own, so that two who begin at once do not collide.
  const byNeed = (x: Item, y: Item) =>
    x.judgments.size - y.judgments.size || (rank.get(x.item) ?? 0) - (rank.get(y.item) ?? 0);
  const gold = open.filter(({ gold }) => gold).sort((x, y) => (rank.get(x.item) ?? 0) - (rank.get(y.item) ?? 0));
  const rest = open.filter(({ gold }) => !gold).sort(byNeed);
  const ratings: number[] = [];
  for (const { judgments } of all) ratings[judgments.size] = (ratings[judgments.size] ?? 0) + 1;
  return {
    subjects: mixed(rest, gold, rater, all.length - open.length).map(({ subject }) => subject),
    progress: {
      judged: all.length - open.length,
      open: open.length,
      ratings: Array.from(ratings, (n) => n ?? 0),
    },
  };
}

const inPool = (item: Item): boolean => item.asked || item.gold !== undefined || item.judgments.size > 0;

/** One gold item in each block of `GOLD_EVERY`, at a place that the rater cannot foretell. */
function mixed(rest: Item[], gold: Item[], rater: string, done: number): Item[] {
  const out: Item[] = [];
  const left = [...rest];
  for (let place = done; left.length + gold.length > 0; place++) {
    const block = Math.floor(place / GOLD_EVERY);
    const due = Math.floor(lot(rater, `block ${block}`) * GOLD_EVERY) === place % GOLD_EVERY;
    const next = (due || left.length === 0 ? gold.shift() : undefined) ?? left.shift();
    if (next) out.push(next);
  }
  return out;
}

/** Whether this rater sees a pair the other way round: nobody always prefers the left one for being left. */
export const isTurned = (rater: string, item: string): boolean => lot(rater, `turn ${item}`) < 0.5;

/** A number in [0, 1) that only the rater and the thing decide. */
function lot(rater: string, thing: string): number {
  return createHash("sha256").update(`${rater}\n${thing}`).digest().readUInt32BE(0) / 2 ** 32;
}
