/** Learning from judgments as lines on the screen. */
import type { PosttrainHooks } from "@candor/training";
import { candor } from "../../screen/command.ts";
import { dim } from "../../screen/style.ts";
import { note } from "./note.ts";

/** What of a step's figures a person looks at, in this order. */
const SHOWN: readonly (readonly [name: string, label: string, places: number])[] = [
  ["loss", "loss", 4],
  ["reward", "reward", 3],
  ["objective/scores", "reward", 3],
  ["objective/kl", "KL", 2],
  ["kl", "KL", 3],
  ["completions/mean_length", "length", 1],
  ["entropy", "entropy", 2],
  ["policy/entropy_avg", "entropy", 2],
  ["clip_ratio/region_mean", "clipped", 3],
  ["policy/clipfrac_avg", "clipped", 3],
  ["accuracy", "accuracy", 2],
  ["rewards/accuracies", "accuracy", 2],
  ["rewards/margins", "margin", 3],
  ["eval_loss", "eval loss", 4],
  ["eval_accuracy", "eval accuracy", 3],
  ["win_rate", "win rate", 2],
];

/** @param out the run's folder, which the pages then list */
export function progressOn(screen: NodeJS.WriteStream, out: string, title = ""): PosttrainHooks {
  let lastLine = 0;
  const say = (line: string): void => void screen.write(`${screen.isTTY ? "\r\u001b[2K" : ""}${line}\n`);
  return {
    started: ({ step, steps, parameters, notes }) => {
      note(out, steps);
      say(
        `${title}${parameters.toLocaleString("en")} parameters, ${steps} steps${step > 0 ? `; goes on at step ${step}` : ""}`,
      );
      for (const line of notes) say(dim(line));
      say(dim(`watch it in the browser: ${candor("open")}, page Training`));
    },
    measured: (record) => {
      const { step, seconds_left: left = 0 } = record;
      const told = SHOWN.flatMap(([name, label, places]) => {
        const value = record[name];
        return value === undefined ? [] : [`${label} ${value.toFixed(places)}`];
      });
      const line = `step ${step}  ${told.join("  ")}  ${left >= 60 ? `${Math.round(left / 60)} min` : `${Math.round(left)} s`} left`;
      const evaluated = "eval_loss" in record || "win_rate" in record;
      if (screen.isTTY && !evaluated) screen.write(`\r\u001b[2K${line}`);
      // Not every step of a run is worth a line in a log.
      else if (screen.isTTY || evaluated || step === 1 || step - lastLine >= 10) {
        lastLine = step;
        say(line);
      }
    },
    sampled: (step, samples) => {
      for (const { prompt, text } of samples)
        say(`${dim(`step ${step}: ${prompt.split("\n").at(-1)}`)}${text.replaceAll("\n", " / ")}`);
    },
  };
}
