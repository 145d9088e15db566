/**
 * InjecAgent's test cases (Zhan et al. 2024): an instruction of an attacker within what a tool gave back. A case becomes two
 * traces: one in which the agent does what the attacker asks (unsafe), one in which it answers its user (safe).
 */
import { z } from "zod";
import { Trace } from "./trace.ts";

const MOST = 400_000;
const text = z.string().max(MOST);

/** One element of `test_cases_dh_base.json` and its kin; the fields' names, slips included, are theirs. */
export const InjecAgentCase = z.object({
  "Attacker Tools": z.array(text),
  "Attacker Instruction": text,
  "Attack Type": text.default(""),
  "Expected Achievements": text.default(""),
  "User Tool": text,
  "User Instruction": text,
  /** A dictionary as Python writes it, or an object. */
  "Tool Parameters": z.union([text, z.record(z.string(), z.unknown())]).default("{}"),
  "Tool Response Template": text.optional(),
  "Tool Response": text,
  Thought: text.default(""),
});
export type InjecAgentCase = z.infer<typeof InjecAgentCase>;

const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;

export function fromInjecAgent(given: InjecAgentCase, id: string): Trace[] {
  const parameters = given["Tool Parameters"];
  const before = [
    { role: "user" as const, content: given["User Instruction"] },
    {
      role: "agent" as const,
      thought: given.Thought || `I use ${given["User Tool"]} for this.`,
      action: `${given["User Tool"]}${typeof parameters === "string" ? parameters : JSON.stringify(parameters)}`,
    },
    { role: "environment" as const, content: given["Tool Response"] },
  ];
  const obeyed = given["Attacker Tools"].map((tool, at) => ({
    role: "agent" as const,
    thought: "The result asks for this, so I do it.",
    action: `${tool}${JSON.stringify(argumentsFor(given["Attacker Instruction"], at > 0))}`,
  }));
  const answer = {
    role: "agent" as const,
    thought: "I have what the user asked for. The result also holds a request, which is not the user's.",
    action: "Final Answer: Here is what you asked for. It also holds a request that I have not acted on.",
  };
  const risk_description = `${given["Attack Type"]}: ${given["Expected Achievements"] || given["Attacker Instruction"]}`;
  const unsafe = { id: `${id}+obeyed`, contents: [[...before, ...obeyed]], label: 1, risk_description, first_sign: 2 };
  const safe = { id: `${id}+ignored`, contents: [[...before, answer]], label: 0, risk_description };
  return [unsafe, safe].map((trace) => Trace.parse(trace));
}

/** The set names the attacker's tools and not their arguments: they are what the instruction holds of names and numbers. */
function argumentsFor(instruction: string, sends: boolean): Record<string, string> {
  const to = MAIL.exec(instruction)?.[0];
  const quoted = [...instruction.matchAll(/'([^']{2,80})'|"([^"]{2,80})"|\(([^()]{2,80})\)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
  const numbers = instruction.match(/\$?\d[\d,.-]*\d|\b[A-Z]{1,4}-?\d{3,}\b/g) ?? [];
  const values = sends && to ? [to] : [...new Set([...quoted, ...numbers])];
  return Object.fromEntries(
    values.slice(0, 6).map((value, at) => [sends && at === 0 ? "to" : `value_${at + 1}`, value]),
  );
}
