/** What waits for a person, answers to it, and what was allowed for good. */
import type { Answer as Given, Question, RunAnswer } from "@candor/server";
import { badInput } from "@candor/server/outside";
import type { Command } from "commander";
import type { Api } from "../client/api.ts";
import { answer, api, type Global } from "../context.ts";
import { integer } from "../options.ts";
import { askWhileWaiting } from "../screen/ask.ts";
import { candor } from "../screen/command.ts";
import { questionLines } from "../screen/question.ts";
import { bold, dim, green, plural, print, red } from "../screen/style.ts";

interface AnswerOptions extends Global {
  all?: boolean;
  approve?: boolean;
  for?: string;
  modify?: string;
  reject?: boolean;
  escalate?: string;
  terminate?: boolean;
  message: string;
}

export function approvalsCommands(program: Command): void {
  program
    .command("waiting")
    .description("everything that waits for your answer, over all runs")
    .action(async (_, command: Command) => {
      const questions = await (await api()).questions();
      answer(command.optsWithGlobals<Global>(), questions, () => {
        if (questions.length === 0) print("Nothing waits for you.");
        for (const question of questions) {
          print(`${bold(question.run)} ${dim(`step ${question.step}`)}`);
          for (const line of questionLines(question)) print(`  ${line}`);
        }
        if (questions.length > 0) print(`\n${bold(candor("answer RUN"))} answers one of them.`);
      });
    });

  program
    .command("answer [run]")
    .description("answer what a run asks, or all of them together")
    .option("--all", "everything that waits; with --approve or --reject")
    .option("--approve", "allow it, this once unless --for says more")
    .option("--for <scope>", "with --approve: run (the rest of this run) or always (this run and those to come)")
    .option("--modify <json>", "do it with these arguments instead")
    .option("--reject", "do not do it")
    .option("--escalate <who>", "somebody else is to answer")
    .option("--terminate", "stop the run")
    .option("--message <text>", "what the agent should know", "")
    .action(async (run: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<AnswerOptions>();
      if (options.all) return answerAll(run, options);
      if (!run) throw badInput("answer which run?", "Give its id, or --all. candor waiting lists them.");
      const client = await api();
      const { question, run: id } = await client.show(run);
      if (!question) throw badInput(`run ${run} asks nothing`, "candor waiting lists what does.");
      const given = givenIn(options);
      if (given) await client.answer(id, bound(given, question));
      else if (!process.stdin.isTTY || options.json)
        throw badInput("give --approve, --modify, --reject, --escalate or --terminate");
      else if (!(await askWhileWaiting(client, id))) return print("Nothing was answered.");
      answer(options, { answered: given?.answer }, () => print(green("Answered.")));
    });

  program
    .command("standing")
    .description("what was allowed for good")
    .option("--revoke <id>", "allow it no more", integer("the id", 1))
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Global & { revoke?: number }>();
      const client = await api();
      if (options.revoke !== undefined) await client.revokeStanding(options.revoke);
      const standing = await client.standing();
      answer(options, standing, () => {
        if (options.revoke !== undefined) print(`${options.revoke} holds no more, in no run.`);
        if (standing.length === 0) print("Nothing is allowed for good.");
        for (const { id, sentence, by, givenAt, run } of standing)
          print(`${bold(String(id).padStart(3))}  a run may ${sentence}  ${dim(`${by}, ${day(givenAt)}, in ${run}`)}`);
      });
    });
}

type Choice = Pick<Given, "answer" | "scope" | "args" | "to"> & { message: string };

/** The one answer that was given as options; undefined when none was. */
function givenIn(options: AnswerOptions): Choice | undefined {
  const { message } = options;
  const choices: Choice[] = [];
  if (options.approve) choices.push({ answer: "approve", message });
  if (options.modify !== undefined) choices.push({ answer: "modify", message, args: readArgs(options.modify) });
  if (options.reject) choices.push({ answer: "reject", message });
  if (options.escalate !== undefined) choices.push({ answer: "escalate", message, to: options.escalate });
  if (options.terminate) choices.push({ answer: "terminate", message });
  const [only, ...others] = choices;
  if (others.length > 0) throw badInput("give one answer, not several");
  if (options.for === undefined) return only;
  if (only?.answer !== "approve") throw badInput("--for goes with --approve");
  if (options.for !== "run" && options.for !== "always" && options.for !== "once")
    throw badInput(`"${options.for}" is not how long it may be allowed`, "It is once, run or always.");
  return { ...only, scope: options.for };
}

function readArgs(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw badInput("--modify takes the arguments as a JSON object", `--modify '{"url": "https://example.org/"}'`);
}

const bound = (given: Choice, { step, argsHash }: Pick<Question, "step" | "argsHash">): Given => ({
  ...given,
  step,
  argsHash,
});

/** Exactly what was listed: a question that changes meanwhile is left open and said so. */
async function answerAll(run: string | undefined, options: AnswerOptions): Promise<void> {
  const given = givenIn(options);
  if (run) throw badInput("give a run or --all, not both");
  if (given?.answer !== "approve" && given?.answer !== "reject")
    throw badInput("--all goes with --approve or --reject");
  const client: Api = await api();
  const questions = await client.questions();
  // Whether something happened is not for a batch to say.
  const plain = questions.filter(({ unknownOutcome }) => !unknownOutcome);
  const answers: RunAnswer[] = plain.map((question) => ({ ...bound(given, question), run: question.run }));
  const results = answers.length === 0 ? [] : (await client.answers(answers)).results;
  const left = questions.length - plain.length;
  answer(options, { results, left }, () => {
    const done = results.filter(({ ok }) => ok).length;
    print(questions.length === 0 ? "Nothing waits for you." : `${plural(done, "question")} answered.`);
    for (const { run: id, step, error, hint } of results.filter(({ ok }) => !ok))
      print(`${red("not answered")} ${id} step ${step}: ${error ?? ""}${hint ? ` (${hint})` : ""}`);
    if (left > 0) print(`${plural(left, "question")} about what may have happened: answer each by itself.`);
  });
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
}

const day = (at: number): string => new Date(at).toLocaleDateString(undefined, { dateStyle: "short" });
