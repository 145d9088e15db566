/** Follows a run until it ends, pauses or needs a person. Ctrl-C leaves the run at work and says so. */
import type { Recorded } from "@candor/store";
import type { Api } from "../client/api.ts";
import { LiveScreen } from "./live.ts";

export type Ending = "finished" | "stopped" | "failed" | "paused" | "waiting" | "interrupted";

const endings: Partial<Record<Recorded["event"]["type"], Ending>> = {
  "run.finished": "finished",
  "run.stopped": "stopped",
  "run.failed": "failed",
  "run.paused": "paused",
};

export interface FollowOptions {
  after?: number;
  /** Number of the last event when the following began: what ended the run before then has been overcome since. */
  past?: number;
  quiet?: boolean;
  /** Goes on with what it has already said. */
  screen?: LiveScreen;
  /** Ends the following when the run asks a person. */
  untilAsked?: boolean;
}

export async function follow(
  api: Api,
  run: string,
  options: FollowOptions = {},
): Promise<{ ending: Ending; seq: number }> {
  const screen = options.screen ?? new LiveScreen();
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  let seq = options.after ?? 0;
  let ending: Ending | undefined;
  try {
    for await (const message of api.events(run, { after: seq, follow: true, signal: interrupt.signal })) {
      if (message.type === "finding") {
        if (!options.quiet) screen.finding(message.finding);
        // Findings follow the events they were drawn from: only then is everything said.
        continue;
      }
      if (ending) break;
      seq = message.event.seq;
      if (!options.quiet) screen.event(message.event);
      if (seq <= (options.past ?? 0)) continue;
      ending = endings[message.event.event.type] ?? (asks(message.event) && options.untilAsked ? "waiting" : undefined);
      if (ending) break;
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
  } finally {
    process.off("SIGINT", onInterrupt);
    screen.flush();
  }
  if (interrupt.signal.aborted) return { ending: "interrupted", seq };
  return { ending: ending ?? "interrupted", seq };
}

const asks = ({ event }: Recorded): boolean =>
  (event.type === "step.judged" && event.verdict.outcome === "ask") ||
  (event.type === "signal.raised" && event.monitor === "unknown-outcome");
