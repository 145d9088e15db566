/** Sends a message to the operator's own verified number or address. There is no way to name another recipient. */
import { type Courier, defineTool, said, type Tool } from "@candor/agent";
import { z } from "zod";

export const messageTool = (courier: Courier): Tool =>
  defineTool({
    name: "message_operator",
    description:
      "Sends a short message to the operator's own number or address, which only the vault knows. Write labels such as [phone 1: yours], never the thing itself.",
    effect: "contact",
    repeatable: false,
    args: z.object({ subject: z.string().max(120), body: z.string().min(1).max(1_400) }),
    run: async ({ subject, body }, { reference, signal }) => {
      const outcome = await courier.deliver({ subject, body, reference }, signal);
      if (outcome.status === "ok") return said(`The message was sent through ${outcome.via}.`);
      return said(`${outcome.via}: ${outcome.reason}.`, { status: outcome.status });
    },
  });
