/** The messages that reached the town's gateway: one JSON line each, on disk before the sender hears of it. */
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { TownError } from "../town-error.ts";

export const Message = z.object({
  /** `SM` and 32 hexadecimal digits, as Twilio's. */
  sid: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  account: z.string(),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  /** It said that an AI agent sent it, for whom and how to check, and that agent signed it. */
  disclosed: z.boolean().default(false),
});
export type Message = z.infer<typeof Message>;

export interface Inbox {
  /** Returns when the message is safe on disk. */
  append(message: Message): void;
  /** Oldest first. */
  messages(): Message[];
  close(): void;
}

/**
 * Opens the inbox at `path`, making it where there is none. A last line cut short by a crash was never
 * acknowledged and is dropped.
 *
 * @throws TownError when the file is not an inbox.
 */
export function openInbox(path: string): Inbox {
  const file = openFile(path);
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) ftruncateSync(file, whole);
  const lines = bytes.toString("utf8", 0, whole).split("\n").slice(0, -1);
  const messages = lines.map((line, index) => readMessage(line, `${path} line ${index + 1}`));
  return {
    append(message) {
      writeSync(file, `${JSON.stringify(message)}\n`);
      fsyncSync(file);
      messages.push(message);
    },
    messages: () => [...messages],
    close: () => closeSync(file),
  };
}

function openFile(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "a+", 0o600);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TownError(`The inbox cannot be opened: ${why}`, "Give a path where this user may write a file.");
  }
}

function readMessage(line: string, where: string): Message {
  try {
    return Message.parse(JSON.parse(line));
  } catch {
    throw new TownError(`${where} is not a message`, "Move the file away, or give another path for the inbox.");
  }
}
