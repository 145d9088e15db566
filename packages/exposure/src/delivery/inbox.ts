/** A local inbox: one JSON line for each message, on disk before it counts as sent. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Transport } from "./transport.ts";

export const InboxMessage = z.object({ id: z.string(), at: z.number(), subject: z.string(), body: z.string() });
export type InboxMessage = z.infer<typeof InboxMessage>;

/** @param path a JSONL file; its folder is made if need be */
export function inbox(path: string): Transport {
  const name = "inbox";
  return {
    name,
    reaches: "none",
    limit: 20_000,
    async send(_to, { subject, body }, signal) {
      if (signal.aborted) return { status: "error", via: name, reason: "it was stopped" };
      const message: InboxMessage = { id: randomUUID(), at: Date.now(), subject, body };
      let written = false;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const file = await open(path, "a", 0o600);
        try {
          written = true;
          // A line that a crash cut short ends here, so that it spoils no other.
          await file.write(`${await endsInside(path)}${JSON.stringify(message)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        return { status: "ok", via: name, id: message.id };
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "unknown fault";
        return {
          status: written ? "unknown" : "error",
          via: name,
          reason: `the inbox file could not be written (${code})`,
        };
      }
    },
    async arrived(_to, reference) {
      return (await readInbox(path)).some((message) => message.body.includes(reference));
    },
  };
}

async function endsInside(path: string): Promise<"" | "\n"> {
  const text = await readFile(path, "utf8");
  return text === "" || text.endsWith("\n") ? "" : "\n";
}

/** @returns the messages in order; lines that a crash cut short are left out */
export async function readInbox(path: string): Promise<InboxMessage[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    try {
      const parsed = InboxMessage.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
