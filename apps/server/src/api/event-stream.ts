/** The events of a run as server-sent events (WHATWG HTML, 9.2), read no faster than they are taken. */
import type { Service } from "../service.ts";
import { messageStream } from "./message-stream.ts";

/** Proxies and browsers give up on a connection that says nothing. */
const KEEP_ALIVE_MS = 15_000;
/** Events read at a time: the first of a long run are on their way before the last are decrypted. */
const FIRST_PAGE = 60;
const PAGE = 250;

export interface Wanted {
  run: string;
  /** Number of the last event that the reader has. */
  after: number;
  /** Whether it stays for what comes. */
  follow: boolean;
}

/** A comment, which a reader may heed: everything up to now has been sent. */
const CAUGHT_UP = ": caught up\n\n";

/** Ends its work when the reader goes, and holds no more than a page that the reader has not taken. */
export const eventStream = (service: Service, wanted: Wanted): Response =>
  messageStream((gone) => messagesOf(service, wanted, gone));

/** What is in the log, a word that this was all so far, then, when following, what comes, without a gap or a repetition. */
async function* messagesOf(
  service: Service,
  { run, after, follow }: Wanted,
  gone: AbortSignal,
): AsyncGenerator<string, void> {
  let sent = after;
  const found = new Set<string>();
  let caughtUp = false;
  let wake = () => {};
  const unsubscribe = follow ? service.subscribe(run, () => wake()) : () => {};
  gone.addEventListener("abort", () => wake());
  try {
    while (!gone.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      for (let size = FIRST_PAGE, full = true; full && !gone.aborted; size = PAGE) {
        const events = await service.events(run, sent, size);
        full = events.length === size;
        sent = events.at(-1)?.seq ?? sent;
        if (events.length > 0)
          yield events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join("");
      }
      if (gone.aborted) return;
      if (follow && !caughtUp) {
        caughtUp = true;
        yield CAUGHT_UP;
      }
      for (const finding of await service.findings(run)) {
        if (found.has(finding.id)) continue;
        found.add(finding.id);
        yield `event: finding\ndata: ${JSON.stringify(finding)}\n\n`;
      }
      if (!follow) return;
      const quiet = setTimeout(() => wake(), KEEP_ALIVE_MS);
      await woken;
      clearTimeout(quiet);
      if (gone.aborted) return;
      yield ": still here\n\n";
    }
  } finally {
    unsubscribe();
  }
}
