/** A program run beside the model. */
import type { Lens } from "../lens.ts";
import type { Sign } from "./table-program.ts";

export interface Agreement {
  /** Shares of the positions, and of the whole inputs, at which both say the same. */
  positions: number;
  inputs: number;
  /** Positions that were compared. */
  of: number;
  /** Inputs at which they do not, by their places. */
  apart: number[];
}

/** Logits that differ by no more say nothing of which comes first. */
const TIE = 1e-4;

/**
 * How often a program says what the model says, input by input; where the model has no first choice nothing is compared.
 * @param answer the program: one answer for each position
 */
export async function agreementWith(
  lens: Lens,
  answer: (tokens: readonly Sign[]) => readonly string[],
  inputs: readonly (readonly number[])[],
  { name = String, from = 0 }: { name?: (token: number) => Sign; from?: number } = {},
): Promise<Agreement> {
  const { vocab } = lens.config;
  let [positions, of] = [0, 0];
  const apart: number[] = [];
  for (const [time, group] of Map.groupBy(inputs.entries(), ([, { length }]) => length)) {
    const { logits } = await lens.run(group.map(([, tokens]) => tokens));
    for (const [n, [row, tokens]] of group.entries()) {
      const said = answer(tokens.map(name));
      let differs = false;
      for (let at = from; at < time; at++) {
        const own = logits.subarray((n * time + at) * vocab, (n * time + at + 1) * vocab);
        const most = Math.max(...own);
        if (own.filter((x) => x > most - TIE * Math.max(1, Math.abs(most))).length > 1) continue;
        of++;
        if (said[at] === name(own.indexOf(most))) positions++;
        else differs = true;
      }
      if (differs) apart.push(row);
    }
  }
  return { positions: positions / Math.max(1, of), inputs: 1 - apart.length / inputs.length, of, apart };
}
