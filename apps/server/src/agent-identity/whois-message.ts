/** Whose agent sent a message: by its last line, or by the code in it alone. */
import { fold } from "@candor/agent";
import { type Disclosure, isRight } from "@candor/agent-identity";
import { sentTexts, shortReference } from "@candor/exposure";
import type { EventLog, Store, WorldConfig } from "@candor/store";
import { z } from "zod";
import type { AgentIdentity } from "./agent-identity.ts";
import type { WhoisAnswer } from "./schemas.ts";

export function whoisMessage(said: Disclosure | undefined, identity: AgentIdentity): WhoisAnswer {
  if (said === undefined)
    return unknown("the message does not say who sent it: its last line is no disclosure of an agent");
  return isRight(said, identity.keys.disclosure)
    ? declared(said.operator, "this Candor sent exactly this text")
    : wrong("this Candor did not send this text under this code");
}

/** A message that was sent or was about to be. */
interface Sent {
  run: string;
  world: WorldConfig;
  subject: string;
  body: string;
}

export interface SentMessages {
  /** @param reference ten letters */
  find(reference: string): Promise<Sent | undefined>;
}

/** What somebody has who reads only the code aloud. */
export async function whoisCode(code: string, identity: AgentIdentity, messages: SentMessages): Promise<WhoisAnswer> {
  const [reference = "", check = ""] = code.split("-");
  const sent = await messages.find(reference);
  if (sent === undefined)
    return unknown(
      "this Candor knows of no message with this code; give the whole message, or ask whoever runs the agent",
    );
  const operator = await identity.operatorIn(sent.world);
  const { withSubject, body } = sentTexts(sent.subject, sent.body);
  const text = [withSubject, body].find((text) =>
    isRight({ agent: "", operator, reference, check, text }, identity.keys.disclosure),
  );
  return text === undefined
    ? wrong("this Candor sent a message with this reference, but the code is not its")
    : { ...declared(operator, `run ${sent.run} sent it`), run: sent.run, text };
}

const Message = z.object({ subject: z.string(), body: z.string() });

/** Looks messages up in the logs of the latest runs. */
export function sentMessages({ runs, log }: { runs: Store["runs"]; log: EventLog }): SentMessages {
  return {
    async find(wanted) {
      for (const { run, started, erased } of await runs.list({ limit: 500 })) {
        if (erased || !started) continue;
        const events = await log.read(run);
        const intended = events.find(
          ({ event }) => event.type === "step.intended" && shortReference(event.reference) === wanted,
        )?.event;
        if (intended?.type !== "step.intended") continue;
        const step = fold(run, events).steps.find((each) => each.step === intended.step);
        const message = Message.safeParse(step?.decision.args);
        if (message.success) return { run, world: started.world, ...message.data };
      }
      return undefined;
    },
  };
}

const declared = (operator: string, reason: string): WhoisAnswer => ({
  status: "declared",
  answer: `declared agent of ${operator}`,
  what: "message",
  reason,
  operator,
});
const wrong = (reason: string): WhoisAnswer => ({
  status: "wrong",
  answer: "signature wrong",
  what: "message",
  reason,
});
const unknown = (reason: string): WhoisAnswer => ({ status: "unknown", answer: "unknown", what: "message", reason });
