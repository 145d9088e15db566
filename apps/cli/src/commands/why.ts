/** `candor why RUN STEP`: what in its view led the small mind to a step, and what would have changed it. */
import type { StepWhy } from "@candor/server";
import type { Command } from "commander";
import { answer, api, type Global } from "../context.ts";
import { integer } from "../options.ts";
import { bars } from "../screen/bars.ts";
import { bold, cut, dim, green, print, red, width, wrap, yellow } from "../screen/style.ts";
import { heading } from "./rows.ts";

/** Words that are told, of those that spoke for a step and against it together. */
const WORDS = 10;

export function whyCommand(program: Command): void {
  program
    .command("why <run> <step>")
    .description(
      "which words, heads and neurons led the small mind to a step, and the smallest change that leads elsewhere",
    )
    .action(async (run: string, step: string, _, command: Command) => {
      const told = await (await api()).why(run, integer("<step>", 1)(step));
      answer(command.optsWithGlobals<Global>(), told, () => printWhy(told));
    });
}

type Option = StepWhy["chosen"];

const nameOf = ({ tool, args }: Option): string => {
  const about = Object.values(args).find((value) => typeof value === "string" && tool !== "finish");
  return [tool.replaceAll("_", " "), ...(about === undefined ? [] : [String(about)])].join(" ");
};
const percent = (chance: number): string => `${(100 * chance).toFixed(chance < 0.1 && chance > 0 ? 1 : 0)} %`;
const signed = (effect: number): string => {
  const text = `${effect < 0 ? "-" : "+"}${Math.abs(effect).toFixed(2)}`;
  return effect < 0 ? red(text) : green(text);
};

function printWhy({
  run,
  step,
  thought,
  chosen,
  others,
  of,
  isLikeliest,
  parting,
  parts,
  heads,
  neurons,
  change,
}: StepWhy): void {
  print(`${bold(run)} step ${step}`);
  print(wrap(thought, width()));
  if (!isLikeliest) print(yellow("Its likeliest words lead elsewhere: this step was drawn, or chosen by judgments."));

  heading(`Of ${of} things it could do`);
  const shown = [chosen, ...others.filter(({ chance }) => chance >= 0.0005)];
  for (const row of bars(
    shown.map((option) => ({ label: nameOf(option), share: option.chance, text: percent(option.chance) })),
    20,
  ))
    print(row);
  if (!parting) return;

  heading("Where they part");
  print(
    wrap(
      `${parting.written.length > 0 ? `After "${parting.written.join(" ")}" it` : "It"} says "${parting.chosen}" (${parting.chosenMeans}) rather than "${parting.rival}" (${parting.rivalMeans}): ${parting.margin.toFixed(2)} more, in logits; ${parting.before.toFixed(2)} if every word said nothing in particular.`,
      width(),
    ),
  );

  heading("Words of its view that made the difference");
  const words = parts.flatMap((part) => part.words.map((word) => ({ ...word, option: part.option })));
  for (const { word, means, effect, option } of words
    .toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, WORDS)) {
    const where = option ? ` · ${cut(nameOf(option), Math.max(20, width() - 60))}` : "";
    print(`${signed(effect).padStart(6)}  ${bold(word)}  ${dim(cut(`${means}${where}`, width() - word.length - 10))}`);
  }

  heading("Parts of the model");
  for (const { part, effect } of heads.slice(0, 5))
    print(
      `${signed(effect).padStart(6)}  ${part.endsWith("mlp") ? `MLP of layer ${part.split(".")[0]}` : `head ${part}`}`,
    );
  for (const { layer, neuron, effect, raises } of neurons.slice(0, 3))
    print(
      `${signed(effect).padStart(6)}  neuron ${layer}.${neuron}  ${dim(cut(`makes likelier: ${raises.join(", ")}`, width() - 30))}`,
    );

  heading("Smallest change that leads elsewhere");
  if (!change) {
    print(
      dim(isLikeliest ? "none of those that were tried, of one to three words" : "nothing: it leads elsewhere already"),
    );
    return;
  }
  for (const { from, fromMeans, to, toMeans, option } of change.words) {
    print(`${bold(from)} to ${bold(to)}${option ? dim(`  · ${cut(nameOf(option), width() - 50)}`) : ""}`);
    print(dim(wrap(`${fromMeans}; then: ${toMeans}`, width(), "  ")));
  }
  print(`then it would ${bold(cut(nameOf(change.to), width() - 20))}`);
}
