/** Asks the person at the terminal what a run asks. */

import type { Answer, Question } from "@candor/server";
import { isCancel, note, select, text } from "@clack/prompts";
import type { Api } from "../client/api.ts";
import { argumentLines, chainText, moment } from "./question.ts";

/** False when the person left without an answer. */
export async function askWhileWaiting(client: Api, run: string): Promise<boolean> {
  const { question } = await client.show(run);
  if (!question) return true;
  note(
    [
      question.decision.tool,
      ...argumentLines(question),
      "",
      `Why it asks: ${question.reason}`,
      ...(question.chain.length > 1 ? [`It asks ${chainText(question)}`] : []),
      ...(question.expiresAt !== undefined ? [`Unanswered, it is a no on ${moment(question.expiresAt)}.`] : []),
    ].join("\n"),
    `Step ${question.step}`,
  );
  const given = await (question.unknownOutcome ? askWhether() : askWhat(question));
  if (!given) return false;
  await client.answer(run, { ...given, step: question.step, argsHash: question.argsHash });
  return true;
}

type Given = Omit<Answer, "step" | "argsHash">;

async function askWhether(): Promise<Given | undefined> {
  const answer = await select({
    message: "It is not known whether this happened. What now?",
    options: [
      { value: "reject" as const, label: "It happened; go on" },
      { value: "approve" as const, label: "It did not happen; do it now" },
      { value: "terminate" as const, label: "Stop the run" },
    ],
  });
  return isCancel(answer) ? undefined : { answer, message: "" };
}

async function askWhat(question: Question): Promise<Given | undefined> {
  const { grant } = question;
  const choice = await select({
    message: "Allow this?",
    options: [
      { value: "once", label: "Allow this once" },
      ...(grant
        ? [
            { value: "run", label: "Allow it for the rest of this run", hint: `it may ${grant}` },
            { value: "always", label: "Always allow it", hint: `this run and those to come may ${grant}` },
          ]
        : []),
      { value: "modify", label: "Allow it with other arguments" },
      { value: "reject", label: "No, and tell the agent why" },
      { value: "escalate", label: "Somebody else is to answer" },
      { value: "terminate", label: "Stop the run" },
    ],
  });
  switch (choice) {
    case "once":
    case "run":
    case "always":
      return { answer: "approve", scope: choice, message: "" };
    case "modify":
      return askForArguments(question);
    case "reject": {
      const message = await text({ message: "Why not?", placeholder: "The agent reads this" });
      return isCancel(message) ? undefined : { answer: "reject", message: message ?? "" };
    }
    case "escalate": {
      const to = await text({ message: "Who?", validate: (who) => (who?.trim() ? undefined : "Say who") });
      return isCancel(to) ? undefined : { answer: "escalate", to, message: "" };
    }
    case "terminate":
      return { answer: "terminate", message: "" };
    default:
      return undefined;
  }
}

/** One argument after the other; what is no text is written as JSON. */
async function askForArguments({ decision }: Question): Promise<Given | undefined> {
  const args: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(decision.args)) {
    const isText = typeof value === "string";
    const written = await text({
      message: name,
      initialValue: isText ? value : JSON.stringify(value),
      validate: (said) => (isText || isJson(said ?? "") ? undefined : "This is not JSON"),
    });
    if (isCancel(written)) return undefined;
    args[name] = isText ? written : JSON.parse(written);
  }
  return { answer: "modify", args, message: "" };
}

function isJson(said: string): boolean {
  try {
    JSON.parse(said);
    return true;
  } catch {
    return false;
  }
}

/** After a pause of a step-by-step run; false when the person leaves it there, or it paused for another reason. */
export async function askForNextStep(client: Api, run: string): Promise<boolean> {
  const { reason } = await client.show(run);
  if (!reason.startsWith("step by step")) return false;
  const said = await text({
    message: "Next step?",
    placeholder: "Enter goes on, Ctrl-C leaves, words are heard",
  });
  if (isCancel(said)) return false;
  if (said) await client.say(run, said);
  await client.resume(run);
  return true;
}
