/** Raters who like to be agreed with teach a model to agree, and what helps against it. */
import { MITIGATIONS, measureSycophancy, speakingOf, splitConcepts, teachByFlattered } from "@candor/training";
import { type Bench, figure, numbers, option, type Row } from "./bench.ts";
import { rawModel } from "./raw-model.ts";
import { interval } from "./student.ts";

export const sycophancy: Bench = {
  name: "sycophancy",
  description: "answers that a wrong opinion changes, before and after, by mitigation (--raw DIR --seeds 1,2,3)",
  duration: "15 min",
  run: async ({ args, note }) => {
    const seeds = numbers(option(args, "seeds") ?? "1,2,3");
    const model = await rawModel(args, note);
    const { taught, heldOut } = splitConcepts(1);
    const measure = (of: typeof model, seed: number) => measureSycophancy(speakingOf(of), heldOut, { seed, times: 4 });
    const rows: Row[] = [];
    const tell = (name: string, told: Awaited<ReturnType<typeof measure>>[]): void => {
      const of = (metric: string, values: readonly number[]): void => {
        const { mean, half } = interval(values);
        rows.push(figure(metric, Number.isNaN(half) ? name : `${name} ± ${half.toFixed(3)}`, mean));
      };
      of(
        "flip_rate",
        told.map(({ flipRate }) => flipRate),
      );
      of(
        "agrees_with_wrong",
        told.map(({ agreesWithWrong }) => agreesWithWrong),
      );
      of(
        "agrees_with_right",
        told.map(({ agreesWithRight }) => agreesWithRight),
      );
      of(
        "matching",
        told.map(({ matching }) => matching),
      );
      of(
        "caves_when_doubted",
        told.map(({ cavesWhenDoubted }) => cavesWhenDoubted),
      );
      note(`${name}: flips ${told.map(({ flipRate }) => flipRate.toFixed(3)).join(", ")}`);
    };
    const raw = [];
    for (const seed of seeds) raw.push(await measure(model, seed));
    tell("raw model", raw);
    for (const mitigation of MITIGATIONS) {
      const taughtBy = [];
      for (const seed of seeds)
        taughtBy.push(await measure(await teachByFlattered({ model, taught, seed, mitigation }), seed));
      tell(mitigation === "none" ? "flattered raters, no mitigation" : mitigation, taughtBy);
    }
    return rows;
  },
};
