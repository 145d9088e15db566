/** `candor train rlhf`, `candor train --from-judgments`: rounds of judging and learning, with one command. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OwnLine } from "@candor/oversight";
import { badInput } from "@candor/server/outside";
import {
  type Demonstration,
  demonstrate,
  demonstrations,
  JUDGED,
  openModel,
  type RoundRecord,
  readPrompts,
  readRounds,
  roundFolder,
  trainRound,
} from "@candor/training";
import { api } from "../../context.ts";
import { candor } from "../../screen/command.ts";
import { bold, dim, plural, print } from "../../screen/style.ts";
import { note } from "./note.ts";
import { combinationOf } from "./posttrain.ts";
import { progressOn } from "./progress.ts";
import { interruptible, posttrainSettings, trouble } from "./settings.ts";
import type { FromJudgmentsFlags, RlhfFlags } from "./train.ts";

export async function rlhfCommand(flags: RlhfFlags, { json = false }: { json?: boolean }): Promise<void> {
  const { out, threads, seed } = flags;
  const screen = json ? process.stderr : process.stdout;
  const say = (said: string): void => void screen.write(`${bold(said)}\n`);
  const preset = flags.small ? demonstrations.small : demonstrations.full;
  let round = 0;
  const folder = (name: string): string => join(roundFolder(out, round), name);
  const result = await interruptible((signal) =>
    demonstrate(
      { preset, out, seed, threads, signal },
      {
        stage: (said) => {
          round = Number(/^round (\d+)/.exec(said)?.[1] ?? round);
          say(said);
        },
        pretrain: {
          started: ({ decoder }) => {
            note(join(out, "raw"), preset.pretrain === "demo" ? 2400 : (preset.pretrain.steps ?? 0));
            say(`the raw model: ${decoder.layers} layers x ${decoder.width}`);
          },
          measured: ({ step, loss = Number.NaN }) => {
            if (step % 100 === 0) screen.write(`step ${step}  loss ${loss.toFixed(3)}\n`);
          },
        },
        reward: (member) => progressOn(screen, folder(`reward-${member + 1}`), "reward model: "),
        policy: progressOn(screen, folder("policy"), "policy: "),
      },
    ),
  );
  if (!result) {
    screen.write(
      `\nstopped; go on with: ${candor(`train rlhf${flags.small ? " --small" : ""} --seed ${seed} --out ${out}`)}\n`,
    );
    process.exitCode = 130;
    return;
  }
  if (json) return print(JSON.stringify({ out, ...result }, null, 2));
  tellDemonstration(result, out);
}

const ROWS = ["polite", "rude", "correct", "wrong", "flattering", "words", "distinct", "pretraining_loss"] as const;

function tellDemonstration({ before, rounds, deontology }: Demonstration, out: string): void {
  print(`\n${"".padEnd(18)}${"raw".padStart(9)}${rounds.map(({ round }) => `round ${round}`.padStart(9)).join("")}`);
  for (const name of ROWS) {
    const share = !["words", "distinct", "pretraining_loss"].includes(name);
    const figure = (value: number | undefined): string =>
      (value === undefined
        ? ""
        : share
          ? `${(100 * value).toFixed(0)} %`
          : value.toFixed(name === "words" ? 1 : 3)
      ).padStart(9);
    print(
      `${name.replace("_", " ").padEnd(18)}${figure(before[name])}${rounds.map(({ evaluation }) => figure(evaluation[name])).join("")}`,
    );
  }
  print(dim("measured on concepts and phrasings that nobody judged"));
  for (const { prompt, before: raw, after } of deontology) {
    print(`\n${bold(prompt.split("\n")[0] ?? "")}`);
    print(`  raw     ${raw.replaceAll("\n", " / ")}`);
    print(`  taught  ${after.replaceAll("\n", " / ")}`);
  }
  const last = rounds.at(-1)?.round ?? 1;
  print(
    `\n${join(roundFolder(out, last), "policy", "last")} holds the model; ${candor(`train rounds ${out}`)} tells of its rounds`,
  );
}

/** The judgments of Candor's own ledger, made into the next round. */
export async function fromJudgmentsCommand(
  flags: FromJudgmentsFlags,
  { json = false }: { json?: boolean },
): Promise<void> {
  const { model: folder, out, threads } = flags;
  if (folder === undefined)
    throw badInput("--from-judgments needs --model", "Give the folder of the model that was rated.");
  const rows = await ledgerRows();
  const rounds = trouble(() => readRounds(out));
  const round = rounds.length + 1;
  const judged = join(roundFolder(out, round), JUDGED);
  if (!existsSync(judged)) {
    if (rows.length === 0)
      throw badInput(
        "nobody has judged an answer of a model yet",
        `${candor(`rate ${folder}`)} asks it and lets you judge.`,
      );
    mkdirSync(roundFolder(out, round), { recursive: true });
    writeFileSync(judged, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
  const screen = json ? process.stderr : process.stdout;
  const reward = posttrainSettings({ algorithm: "reward" }, flags.rewardConfig);
  const policy = posttrainSettings({ algorithm: "grpo", beta: 0.2 }, flags.policyConfig);
  if (reward.algorithm !== "reward" || "epochs" in policy)
    throw badInput("--policy-config must be for ppo, grpo or rloo, and --reward-config for reward");
  const record = await interruptible(async (signal) => {
    const model = await openModel(folder);
    const prompts = readPrompts(flags.prompts ?? judged);
    return trainRound(
      {
        ...{ out, round, model, prompts, reward, policy, threads, signal },
        ...(flags.combine && { combination: combinationOf(flags.combine) }),
      },
      {
        reward: (member) => progressOn(screen, join(roundFolder(out, round), `reward-${member + 1}`), "reward model: "),
        policy: progressOn(screen, join(roundFolder(out, round), "policy"), "policy: "),
      },
    );
  });
  if (!record) {
    screen.write(`\nstopped; the same command goes on where it was\n`);
    process.exitCode = 130;
    return;
  }
  if (json) return print(JSON.stringify({ out, ...record }, null, 2));
  tellRounds([record], out);
  const made = join(roundFolder(out, round), "policy", "last");
  print(`rate what it says now: ${candor(`rate ${made}`)}; then the same command makes round ${round + 1}`);
}

interface LedgerRow {
  prompt: string;
  completion: string;
  label: boolean;
  rater: string;
}

/** Every rater's last word on every answer that was put up as a text. */
async function ledgerRows(): Promise<LedgerRow[]> {
  const { lines } = await (await api()).judgments.export({ format: "candor" });
  return lines.flatMap((line) => {
    const { subject, verdict, rater } = OwnLine.parse(JSON.parse(line));
    if (subject.kind !== "text" || typeof subject.prompt !== "string" || typeof subject.completion !== "string")
      return [];
    return [{ prompt: subject.prompt, completion: subject.completion, label: verdict === "good", rater }];
  });
}

export function roundsCommand(out: string, { json = false }: { json?: boolean }): void {
  const rounds = trouble(() => readRounds(out));
  if (rounds.length === 0) throw badInput(`${out} holds no round`, `${candor("train rlhf")} makes some.`);
  if (json) print(JSON.stringify(rounds, null, 2));
  else tellRounds(rounds, out);
}

function tellRounds(rounds: readonly RoundRecord[], out: string): void {
  for (const { round, judgments, reward, policy, evaluation } of rounds) {
    print(`${bold(`round ${round}`)}: ${plural(judgments, "judgment")}, ${roundFolder(out, round)}`);
    for (const [title, figures] of [
      ["reward model", reward],
      ["policy", policy],
      ["answers", evaluation],
    ] as const) {
      const told = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(3)}`);
      if (told.length > 0) print(`  ${title.padEnd(14)}${told.join("  ")}`);
    }
  }
}
