/** An item as a rater sees it: what was asked and what was made of it, without a word of whose it is. */
import { isTurned, itemId, type Message, OPERATOR, type Subject, type Text } from "@candor/oversight";
import type { ShownItem, ShownSide } from "./schemas.ts";
import type { Seen, Sides } from "./sides.ts";

/** What is shown of a step's result. */
const LONGEST_RESULT = 4_000;

/** @throws when what was judged is no longer there */
export async function show(sides: Sides, rater: string, subject: Subject): Promise<ShownItem> {
  const item = itemId(subject);
  const pair = subject.kind === "pair" ? [subject.a, subject.b] : [subject];
  const ordered = subject.kind === "pair" && isTurned(rater, item) ? pair.toReversed() : pair;
  const seen = await Promise.all(ordered.map(async (each) => shown(await sides.find(each))));
  return {
    item,
    kind: subject.kind === "pair" ? subject.a.kind : subject.kind,
    sides: rater === OPERATOR ? seen : seen.map(blind),
    ...(rater === OPERATOR && { subject }),
  };
}

function shown({ goal, prompt, completion, decision, result }: Seen): ShownSide {
  return {
    goal,
    prompt: messages(prompt, "user"),
    completion: messages(completion, "assistant")
      .map(({ content }) => content)
      .join("\n\n"),
    ...(decision && { decision }),
    ...(result && { result: { status: result.status, text: result.text.slice(0, LONGEST_RESULT) } }),
  };
}

const messages = (text: Text, role: Message["role"]): Message[] =>
  typeof text === "string" ? [{ role, content: text }] : text;

/** The names of runs stand in what children report. */
const RUN_ID = /\br-[0-9a-z]{8}-[0-9a-z]{5}\b/g;

const blind = (side: ShownSide): ShownSide =>
  JSON.parse(JSON.stringify(side), (_, value) =>
    typeof value === "string" ? value.replace(RUN_ID, "a child run") : value,
  ) as ShownSide;
