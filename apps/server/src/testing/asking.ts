/** Runs that ask before they write a file, for tests of what people answer. */
import type { Decision } from "@candor/store";
import type { WaitingQuestion } from "../approvals/schemas.ts";
import type { RunningService } from "../create-service.ts";
import { toFailure } from "../failure.ts";
import { settled } from "../fixture.ts";

const town = { kind: "town", seed: 3 } as const;
export const decide = (tool: string, args: Record<string, unknown>): Decision => ({
  thought: "as the test says",
  tool,
  args,
});
export const write = (path: string) => decide("write_file", { path, text: "clubs" });
export const start = (service: RunningService, script: Decision[], more = {}) =>
  service.start(
    {
      kind: "run",
      goal: "keep some notes about clubs",
      world: town,
      mind: { kind: "scripted", script },
      permissions: "careful",
      ...more,
    },
    "test",
  );

/** Starts a run that asks, and gives its question. */
export async function asks(service: RunningService, script: Decision[], more = {}): Promise<WaitingQuestion> {
  const { run } = await start(service, script, more);
  const status = await settled(service, run);
  if (status !== "waiting") throw new Error(`${run} is ${status}`);
  return questionOf(service, run);
}

export async function questionOf(service: RunningService, run: string): Promise<WaitingQuestion> {
  const question = (await service.approvals.waiting()).find((each) => each.run === run);
  if (!question) throw new Error(`${run} does not wait`);
  return question;
}

export const yes = ({ step, argsHash }: WaitingQuestion, more = {}) =>
  ({ answer: "approve", message: "", step, argsHash, ...more }) as const;
export const answers = async (service: RunningService, run: string) =>
  (await service.events(run, 0)).flatMap(({ event }) => (event.type === "approval.answered" ? [event.answer] : []));
export const failureOf = async (act: Promise<unknown>) =>
  toFailure(
    await act.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
