/** `candor train mind`: the agent's small mind, from the scout's audits of generated towns or from judged steps. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditTowns, practise } from "@candor/server";
import { badInput } from "@candor/server/outside";
import {
  FIRST_TOWN,
  imitate,
  lessonSettings,
  practiceRounds,
  practiceSettings,
  restless,
  rewardSettings,
  SHIPPED,
  TOWNS,
  writeBase,
  writeMind,
} from "@candor/small-mind";
import {
  type OfflineConfig,
  openModel,
  type PosttrainResult,
  readPosttrainProgress,
  trainOffline,
} from "@candor/training";
import { api } from "../../context.ts";
import { candor } from "../../screen/command.ts";
import { bold, plural, print } from "../../screen/style.ts";
import { progressOn } from "./progress.ts";
import { interruptible, trouble } from "./settings.ts";
import type { MindFlags } from "./train.ts";

export async function mindCommand(flags: MindFlags, { json = false }: { json?: boolean }): Promise<void> {
  const { out, fromJudgments, reward, model } = flags;
  if (reward && !fromJudgments) throw badInput("--reward learns from judgments", "Add --from-judgments.");
  if (model !== undefined && !fromJudgments)
    throw badInput("--model is for --from-judgments", "Lessons begin with weights that have learnt nothing.");
  const screen = json ? process.stderr : process.stdout;
  const result = await interruptible(async (signal) => {
    mkdirSync(out, { recursive: true });
    if (!fromJudgments) {
      const lessons = await imitated(flags, screen, signal);
      return lessons && learn(lessons, "training", flags, screen, signal);
    }
    const rows = await judgedRows(out);
    const judging = { config: rewardSettings(flags), base: model ?? SHIPPED, rows };
    if (reward) return learn(judging, "training", flags, screen, signal);
    return practised(judging, flags, screen, signal);
  });
  if (!result || result.stopped) {
    screen.write(`\nstopped; go on with: ${candor(`train mind ${flagsOf(flags)}`)}\n`);
    process.exitCode = 130;
    return;
  }
  const mind = join(out, reward ? "reward" : "mind");
  await writeMind(join(out, "training"), mind);
  if (json) return print(JSON.stringify({ out: mind, step: result.step, evaluation: result.evaluation }, null, 2));
  const figures = Object.entries(result.evaluation).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  print(`${bold(plural(result.step, "step"))}  ${figures.join("  ")}`);
  print(
    reward
      ? `let it rank steps: ${candor(`audit --mind llm --model ... --judged-by ${mind} --best-of 4`)}`
      : `let it audit a town: ${candor(`audit --mind small --model ${mind}`)}`,
  );
}

interface Lessons {
  config: OfflineConfig;
  /** Where it begins. */
  base: string;
  /** JSON lines in TRL's formats. */
  rows: string;
}

async function learn(
  { config, base, rows }: Lessons,
  folder: string,
  { out, threads }: MindFlags,
  screen: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<PosttrainResult> {
  const training = join(out, folder);
  const resume = trouble(() => readPosttrainProgress(training)) !== undefined;
  const model = await openModel(base);
  return trainOffline(
    { config, model, data: rows, out: training, resume, threads, signal },
    progressOn(screen, training),
  );
}

/** A file of lessons for each town: what was gathered before a Ctrl-C is not gathered again. */
async function imitated(
  { out, towns = TOWNS, steps, seed }: MindFlags,
  screen: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<Lessons | undefined> {
  const folder = join(out, "towns");
  mkdirSync(folder, { recursive: true });
  const file = (town: number): string => join(folder, `${town}.jsonl`);
  const all = Array.from({ length: towns }, (_, n) => FIRST_TOWN + n);
  for (const town of all.filter((each) => !existsSync(file(each)))) {
    for await (const { thoughts } of auditTowns({ seeds: [town], decide: restless(town) })) {
      const views = thoughts.flatMap(({ view }) => imitate(view) ?? []);
      writeWhole(file(town), views);
      screen.write(`town ${town}  ${plural(views.length, "view")}  ${all.length - (town - FIRST_TOWN) - 1} left\n`);
    }
    if (signal.aborted) return undefined;
  }
  const rows = join(out, "lessons.jsonl");
  writeFileSync(rows, all.map((town) => readFileSync(file(town), "utf8")).join(""));
  const base = join(out, "base");
  if (!existsSync(join(base, "config.json"))) await writeBase(base, seed);
  return { config: lessonSettings({ steps, seed }), base, rows };
}

/** Steps of any mind that were judged here, in the small mind's words. */
async function judgedRows(out: string): Promise<string> {
  const rows = join(out, "judged.jsonl");
  if (existsSync(rows)) return rows;
  const { lines } = await (await api()).judgments.export({ format: "unpaired", mind: "small" });
  if (lines.length === 0)
    throw badInput(
      "no step that the small mind has words for was judged yet",
      `Run ${candor("audit --mind small")}, then ${candor("judge last 12 bad")}, or judge on the pages.`,
    );
  writeFileSync(rows, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
  return rows;
}

/** A reward model of the judgments, then rounds of practice in which it says what should have been done. */
async function practised(
  judging: Lessons,
  flags: MindFlags,
  screen: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<PosttrainResult | undefined> {
  const { out, towns } = flags;
  const told = await learn(judging, "judging", flags, screen, signal);
  if (told.stopped) return told;
  const judge = join(out, "reward");
  await writeMind(join(out, "judging"), judge);
  const folder = join(out, "practice");
  mkdirSync(folder, { recursive: true });
  const file = (town: number): string => join(folder, `${town}.jsonl`);
  const rounds = practiceRounds(towns);
  const known: number[] = [];
  let mind = judging.base;
  let result: PosttrainResult | undefined;
  for (const [n, round] of rounds.entries()) {
    const isLast = n === rounds.length - 1;
    const left = round.filter((town) => !existsSync(file(town)));
    for await (const { town, rows, changed } of practise({ mind, judge, towns: left, signal })) {
      writeWhole(file(town), rows);
      screen.write(`town ${town}  ${plural(rows.length, "step")}, ${changed} to be done otherwise\n`);
    }
    if (signal.aborted) return undefined;
    known.push(...round);
    const rows = join(out, `practice-${n + 1}.jsonl`);
    writeFileSync(rows, known.map((town) => readFileSync(file(town), "utf8")).join(""));
    const training = isLast ? "training" : `round-${n + 1}`;
    // Always from where it began, with all rows so far: what was unlearnt by mistake is not carried on.
    result = await learn(
      { config: practiceSettings(flags), base: judging.base, rows },
      training,
      flags,
      screen,
      signal,
    );
    if (result.stopped) return result;
    if (!isLast) {
      mind = join(out, `${training}-mind`);
      await writeMind(join(out, training), mind);
    }
  }
  return result;
}

function writeWhole(path: string, rows: readonly object[]): void {
  writeFileSync(`${path}.part`, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  renameSync(`${path}.part`, path);
}

function flagsOf({ fromJudgments, reward, model, towns, steps, seed, out }: MindFlags): string {
  return [
    ...(fromJudgments ? ["--from-judgments"] : []),
    ...(reward ? ["--reward"] : []),
    ...(model ? [`--model ${model}`] : []),
    ...(towns ? [`--towns ${towns}`] : []),
    ...(steps ? [`--steps ${steps}`] : []),
    `--seed ${seed} --out ${out}`,
  ].join(" ");
}
