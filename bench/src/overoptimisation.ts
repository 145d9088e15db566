/** What choosing by a proxy does to what was meant, over the size of the proxy and of its data. */
import {
  answer,
  bestOfCourse,
  type Course,
  learningCourse,
  prompts,
  proxyFor,
  speakingOf,
  splitConcepts,
} from "@candor/training";
import { type Bench, figure, goal, option, type Row } from "./bench.ts";
import { rawModel } from "./raw-model.ts";

/** Blocks of the raw model that the proxy begins with, comparisons, and the share of them that is decided the wrong way. */
const ARMS = [
  [3, 250, 0],
  [3, 1000, 0],
  [3, 2500, 0],
  [1, 1000, 0],
  [2, 1000, 0],
  [3, 1000, 0.25],
] as const;
/** Draws for each prompt, and prompts: on concepts and phrasings that no comparison is about. */
const [EACH, ASKED] = [256, 40];

export const overoptimisation: Bench = {
  name: "overoptimisation",
  description:
    "proxy against truth for best of n and for RL, fitted as Gao et al. do (--raw DIR --seed N --method bon|rl)",
  duration: "12 min",
  run: async ({ args, note }) => {
    const seed = Number(option(args, "seed") ?? 1);
    const only = option(args, "method");
    const model = await rawModel(args, note);
    const speaking = speakingOf(model);
    const { taught, heldOut } = splitConcepts(1);
    const asked = prompts(heldOut, { seed, heldOut: true }).slice(0, ASKED);
    const answers = await answer(
      speaking,
      asked.flatMap((prompt) => Array(EACH).fill(prompt)),
      { seed },
    );
    note(`${answers.length} answers of the raw model`);
    const judged = [0, 1, 2, 3, 4, 5]
      .flatMap((n) => prompts(taught, { seed: seed + n }))
      .flatMap((prompt) => Array(4).fill(prompt));
    const compared = await answer(speaking, judged, { seed: seed + 1 });
    const rows: Row[] = [];
    for (const [layers, comparisons, noise] of ARMS) {
      const name = `${layers} layers, ${comparisons} comparisons${noise > 0 ? `, ${100 * noise} % wrong` : ""}`;
      const proxy = await proxyFor(model, compared, { layers, comparisons, noise, seed });
      if (only !== "rl") {
        const course = await bestOfCourse({ model, proxies: [proxy], seed }, answers, EACH);
        note(`best of n, ${name}: ${told(course)}`);
        rows.push(...courseRows(`best of n, ${name}`, course));
      }
      // The course of a policy costs a minute: for one proxy of each kind of data.
      if (only === "bon" || layers !== 3 || comparisons !== 1000) continue;
      const about = [5, 6].flatMap((n) => prompts(taught, { seed: seed + n }));
      const course = await learningCourse({ model, proxies: [proxy], prompts: about, steps: 50, seed });
      note(`RL, ${name}: ${told(course)}`);
      rows.push(...courseRows(`RL, ${name}`, course));
    }
    return rows;
  },
};

const told = ({ points }: Course): string =>
  points
    .filter((_, n) => n % Math.ceil(points.length / 12) === 0)
    .map(({ kl, proxy, gold }) => `${kl.toFixed(1)} nats: proxy ${proxy.toFixed(2)}, true ${gold.toFixed(2)}`)
    .join("; ");

function courseRows(name: string, { fit, intervals, points }: Course): Row[] {
  const best = points.reduce((a, b) => (b.gold > a.gold ? b : a));
  const last = points.at(-1);
  const within = ([low, high]: readonly [number, number]): string => `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return [
    goal("r_squared", name, fit.rSquared, ">= 0.9"),
    figure("alpha", `${name} (95 %: ${within(intervals.alpha)})`, fit.alpha),
    figure("beta", `${name} (95 %: ${within(intervals.beta)})`, fit.beta),
    figure(
      "turning_point_kl",
      `${name} (95 %: ${within(intervals.turningPointKl)})`,
      fit.turningPointKl ?? null,
      "nats",
    ),
    figure("best_seen_kl", name, best.kl, "nats"),
    figure("true_at_best", name, best.gold),
    figure("true_at_end", name, last?.gold ?? null),
    figure("proxy_at_end", name, last?.proxy ?? null),
  ];
}
