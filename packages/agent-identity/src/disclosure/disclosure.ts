/**
 * The line that tells whoever gets a message that an AI agent sent it, for whom, and how to check (EU AI Act, article 50).
 * It is short enough for a text message: the code is a reference and a check of 40 bits over the text, both in letters that
 * no mask takes for a number. Whoever holds the agent's secret can tell whether the agent wrote exactly this.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

export interface Disclosure {
  /** The agent's name, and who it works for. */
  agent: string;
  operator: string;
  /** Ten letters that find the message again. */
  reference: string;
  check: string;
  /** The message without the line. */
  text: string;
}

const LETTERS = "bcdfghjklmnpqrst";
const CODE = `([${LETTERS}]{10})-([${LETTERS}]{10})`;
const LINE = new RegExp(`^AI agent (\\S{1,30}) for ([^\\r\\n]{1,80})\\. Check: candor whois ${CODE}$`, "u");
const AGENT = "Candor";

/** The key of the codes, from an agent's secret. */
export const disclosureKey = (secret: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", secret, "candor agent identity", "disclosure", 32));

/** Whether `text` is a code alone. */
export const isCode = (text: string): boolean => new RegExp(`^${CODE}$`).test(text);

/**
 * @param text what is sent besides the line
 * @param reference ten letters of the alphabet above
 */
export function disclosureLine(
  text: string,
  { operator, reference }: { operator: string; reference: string },
  key: Uint8Array,
): string {
  const name = plain(operator);
  return `AI agent ${AGENT} for ${name}. Check: candor whois ${reference}-${checkOf(text, name, reference, key)}`;
}

/** The line of a message, which is its last; undefined where it has none. */
export function readDisclosure(message: string): Disclosure | undefined {
  const lines = message.replace(/\r\n?/g, "\n").trimEnd().split("\n");
  const [, agent, operator, reference, check] = LINE.exec(lines.at(-1)?.trim() ?? "") ?? [];
  if (!agent || !operator || !reference || !check) return undefined;
  return { agent, operator, reference, check, text: lines.slice(0, -1).join("\n") };
}

/** Whether the code is that of this text, operator and key. */
export function isRight({ text, operator, reference, check }: Disclosure, key: Uint8Array): boolean {
  return timingSafeEqual(Buffer.from(checkOf(text, operator, reference, key)), Buffer.from(check));
}

function checkOf(text: string, operator: string, reference: string, key: Uint8Array): string {
  const parts = [normal(text), operator, reference];
  const digest = createHmac("sha256", key).update(JSON.stringify(parts)).digest();
  return [...digest.subarray(0, 10)].map((byte) => LETTERS[byte & 15]).join("");
}

/** Transports change line ends and the spaces at them; nothing else may differ. */
const normal = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t]+$/gm, "")
    .trim();

/** On one line, without what would end the line's sentence early. */
const plain = (operator: string): string =>
  [...operator.toWellFormed()]
    .slice(0, 80)
    .join("")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these have no place in a name
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, " ")
    .replace(/\s+/g, " ")
    .trim() || "its operator";
