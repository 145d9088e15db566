/** Practice of a small mind in generated towns: what it did there, with what a reward model of judgments says it should have done. */
import { small } from "@candor/agent/small";
import { Practice, type PractisedRow, StepRewards } from "@candor/small-mind";
import { openModel } from "@candor/training";
import { auditTowns } from "./town-audits.ts";

export interface PractiseOptions {
  /** Folders: of the mind that practises, and of the reward model. */
  mind: string;
  judge: string;
  towns: readonly number[];
  signal?: AbortSignal;
}

export interface PractisedTown {
  town: number;
  rows: PractisedRow[];
  /** How many of them are other than what the mind did. */
  changed: number;
}

/** Ends early, in the middle of a town, once the signal is aborted: that town is then not given. */
export async function* practise({ mind, judge, towns, signal }: PractiseOptions): AsyncGenerator<PractisedTown> {
  await using judging = await StepRewards.open(judge);
  await using practice = await Practice.open(await openModel(mind), judging);
  const audits = auditTowns({
    ...{ seeds: towns, mind: { kind: "small", model: mind } },
    decide: (view, powers) => small.decide(view, powers),
  });
  for await (const { seed, thoughts } of audits) {
    const rows: PractisedRow[] = [];
    let changed = 0;
    for (const thought of thoughts) {
      if (signal?.aborted) return;
      const row = await practice.row(thought);
      if (!row) continue;
      rows.push({ prompt: row.prompt, completion: row.completion });
      if (row.changed) changed++;
    }
    yield { town: seed, rows, changed };
  }
}
