/** Asks the person at the terminal what a run asks. */
import { isCancel, note, select, text } from "@clack/prompts";
import type { Api } from "../client/api.ts";

/** False when the person left without an answer. */
export async function askWhileWaiting(client: Api, run: string): Promise<boolean> {
  const { question } = await client.show(run);
  if (!question) return true;
  const args = Object.entries(question.decision.args)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
  note(`${question.decision.tool}\n${args}\n\nWhy it asks: ${question.reason}`, `Step ${question.step}`);
  const answer = await select({
    message: question.unknownOutcome ? "It is not known whether this happened. What now?" : "Allow this?",
    options: question.unknownOutcome
      ? [
          { value: "reject" as const, label: "It happened; go on" },
          { value: "approve" as const, label: "It did not happen; do it now" },
          { value: "terminate" as const, label: "Stop the run" },
        ]
      : [
          { value: "approve" as const, label: "Allow this once" },
          { value: "reject" as const, label: "No, and tell the agent why" },
          { value: "terminate" as const, label: "Stop the run" },
        ],
  });
  if (isCancel(answer)) return false;
  let message = "";
  if (answer === "reject" && !question.unknownOutcome) {
    const said = await text({ message: "Why not?", placeholder: "The agent reads this" });
    if (isCancel(said)) return false;
    message = said ?? "";
  }
  await client.answer(run, { answer, message, step: question.step, argsHash: question.argsHash });
  return true;
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
