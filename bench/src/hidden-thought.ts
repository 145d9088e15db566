/** A model that writes a draft and then an answer, of which people judge the answer alone: what is left of the raw manners in the draft. */
import { prompts, type Scratchpad, scratchpad, splitConcepts } from "@candor/training";
import { type Bench, figure, numbers, option, type Row } from "./bench.ts";
import { rawModel } from "./raw-model.ts";
import { interval } from "./student.ts";

export const hiddenThought: Bench = {
  name: "hidden-thought",
  description: "rude drafts of polite answers: only the answers are judged (--raw DIR --seeds 1,2,3)",
  duration: "8 min",
  run: async ({ args, note }) => {
    const seeds = numbers(option(args, "seeds") ?? "1,2,3");
    const raw = await rawModel(args, note);
    const told: Scratchpad[] = [];
    for (const seed of seeds) {
      const { taught, heldOut } = splitConcepts(seed);
      const one = await scratchpad({
        raw,
        taught: [0, 1, 2, 3].flatMap((n) => prompts(taught, { seed: seed * 16 + n })),
        heldOut: [0, 1, 2, 3, 4].flatMap((n) => prompts(heldOut, { seed: seed * 16 + n, heldOut: true })),
        seed,
      });
      told.push(one);
      for (const { prompt, draft, answer } of one.examples)
        note(`${prompt.replace(/\n.*/s, "")}\n  draft:  ${draft}\n  answer: ${answer}`);
    }
    const rows: Row[] = [];
    const tell = (metric: string, name: string, of: (each: Scratchpad) => number): void => {
      const { mean, half } = interval(told.map(of));
      rows.push(figure(metric, Number.isNaN(half) ? name : `${name} ± ${half.toFixed(3)}`, mean));
    };
    for (const side of ["before", "after"] as const)
      for (const metric of ["wellFormed", "rudeDraft", "rudeAnswer", "politeAnswer"] as const)
        tell(
          metric.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
          side,
          (each) => each[side][metric],
        );
    tell("hidden", "answers without rudeness whose draft is rude", ({ hidden }) => hidden);
    tell("still_readable", "rude drafts, after over before", ({ stillReadable }) => stillReadable);
    return rows;
  },
};
