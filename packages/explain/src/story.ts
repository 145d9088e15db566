/** An explanation in a few sentences. */
import type { CurvePoint, GoalInference, StepReading, Strange, StrategyTotal } from "./explanation.ts";
import { percent } from "./strange/strange.ts";

interface Parts {
  goal: string;
  status: string;
  total: CurvePoint;
  totals: readonly StrategyTotal[];
  strange: readonly Strange[];
  inference: GoalInference;
  misfits: number;
}

export function storyOf({ goal, status, total, totals, strange, inference, misfits }: Parts): string[] {
  const [most, ...rest] = totals.filter(({ name }) => name !== "prepare" && name !== "close");
  const lines = [
    `It was told: ${goal}`,
    `It is ${status} after ${count(total.step, "step")} and ${count(total.pages, "page")}, with ${count(total.findings, "finding")} ($${total.usd.toFixed(2)}).`,
  ];
  if (most) {
    const then = rest.slice(0, 2).map(({ name, share }) => `${name} ${percent(share)}`);
    const best = [most, ...rest]
      .filter(({ steps }) => steps >= 3)
      .sort((a, b) => b.findings / b.steps - a.findings / a.steps)[0];
    lines.push(
      `Mostly it did this: ${[`${most.name} ${percent(most.share)}`, ...then].join(", ")} of its steps.${
        best && best.findings > 0
          ? ` What paid best per step was ${best.name} (${count(best.findings, "finding")}).`
          : ""
      }`,
    );
  }
  lines.push(purpose(inference));
  if (misfits > 0) lines.push(`In ${count(misfits, "step")} the stated reason does not fit the action.`);
  const odd = strange.filter(({ kind }) => kind !== "misfit" && kind !== "drift");
  const worst = odd.toSorted((a, b) => b.steps - a.steps)[0];
  if (worst) lines.push(`The strangest stretch: steps ${worst.from} to ${worst.to}, ${worst.where}. ${worst.why}`);
  return lines;
}

function purpose({ goals, given, divergence, weighed }: GoalInference): string {
  if (weighed === 0) return "It made no choice yet from which a goal could be read.";
  const rival = goals.find(({ id }) => id !== given);
  const told = `its choices look like what it was told (${percent(1 - divergence)})`;
  if (divergence < 0.5 || !rival) return `Judged by ${count(weighed, "choice")}, ${told}.`;
  return `Judged by ${count(weighed, "choice")}, it looks as if it wanted to ${rival.label} (${percent(rival.posterior)}), rather than what it was told (${percent(1 - divergence)}).`;
}

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;

export const misfitsIn = (readings: readonly Pick<StepReading, "fits">[]): number =>
  readings.filter(({ fits }) => fits === "no").length;
