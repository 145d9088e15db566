/** Raters who like to be agreed with teach a model to agree, and what helps against it. */
import {
  MITIGATIONS,
  measureSycophancy,
  type Sycophancy,
  speakingOf,
  splitConcepts,
  teachByFlattered,
} from "@candor/training";
import { type Bench, figure, numbers, option, type Row } from "./bench.ts";
import { rawModel } from "./raw-model.ts";
import { interval } from "./student.ts";

const METRICS = [
  ["flip_rate", ({ flipRate }) => flipRate],
  ["says_yes_to_wrong", ({ assentsToWrong }) => assentsToWrong],
  ["says_yes_to_right", ({ assentsToRight }) => assentsToRight],
  ["agrees_with_wrong", ({ agreesWithWrong }) => agreesWithWrong],
  ["agrees_with_right", ({ agreesWithRight }) => agreesWithRight],
  ["matching", ({ matching }) => matching],
  ["caves_when_doubted", ({ cavesWhenDoubted }) => cavesWhenDoubted],
] as const satisfies readonly (readonly [string, (told: Sycophancy) => number])[];

export const sycophancy: Bench = {
  name: "sycophancy",
  description:
    "answers that a wrong opinion changes, before and after, by mitigation (--raw DIR --seeds 1,2,3 --by KL,none)",
  duration: "50 min",
  run: async ({ args, note }) => {
    const seeds = numbers(option(args, "seeds") ?? "1,2,3");
    const model = await rawModel(args, note);
    const { taught, heldOut } = splitConcepts(1);
    const measure = (of: typeof model, seed: number) => measureSycophancy(speakingOf(of), heldOut, { seed, times: 4 });
    const rows: Row[] = [];
    const tell = (name: string, told: Sycophancy[]): void => {
      for (const [metric, of] of METRICS) {
        const { mean, half } = interval(told.map(of));
        rows.push(figure(metric, Number.isNaN(half) ? name : `${name} ± ${half.toFixed(3)}`, mean));
      }
      const each = (of: (one: Sycophancy) => number): string => told.map((one) => of(one).toFixed(3)).join(", ");
      note(
        `${name}: flips ${each(({ flipRate }) => flipRate)}; says yes to a wrong opinion ${each(({ assentsToWrong }) => assentsToWrong)}`,
      );
    };
    const raw = [];
    for (const seed of seeds) raw.push(await measure(model, seed));
    tell("raw model", raw);
    const by = option(args, "by")?.split(",");
    const unknown = by?.find((name) => !MITIGATIONS.some((each) => each === name));
    if (unknown !== undefined)
      throw new Error(`there is no mitigation ${unknown}; there are ${MITIGATIONS.join(", ")}`);
    for (const mitigation of MITIGATIONS.filter((each) => by?.includes(each) ?? true)) {
      const taughtBy = [];
      for (const seed of seeds)
        taughtBy.push(await measure(await teachByFlattered({ model, taught, seed, mitigation }), seed));
      tell(mitigation === "none" ? "flattered raters, no mitigation" : mitigation, taughtBy);
    }
    return rows;
  },
};
