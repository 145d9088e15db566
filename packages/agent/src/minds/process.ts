/**
 * The inside of a mind's process. Imports nothing but minds: no schema library, no model client, so that it starts fast
 * and has little to misuse. Reads decisions to make from standard input, one at a time.
 */
import type { MindConfig } from "@candor/store";
import type { InferenceResult, Mind, Powers } from "../mind.ts";
import { type FromMind, lineReader, type ToMind } from "./protocol.ts";

/** A view is bounded by the warden; this only keeps a broken warden from filling the process. */
const LONGEST_LINE = 64_000_000;

/** Serves decisions until standard input ends. `find` gives the mind that a configuration names. */
export function serve(find: (config: MindConfig) => Promise<Mind>): void {
  const waiting = new Map<number, { resolve: (result: InferenceResult) => void; reject: (error: Error) => void }>();
  let calls = 0;

  const say = (message: FromMind): void => {
    process.stdout.write(`${JSON.stringify(message)}\n`);
  };

  const decide = async (message: Extract<ToMind, { type: "decide" }>): Promise<void> => {
    const { id, config, view } = message;
    const powers: Powers = {
      infer: (request) =>
        new Promise((resolve, reject) => {
          const call = ++calls;
          waiting.set(call, { resolve, reject });
          say({ type: "infer", id, call, request });
        }),
    };
    try {
      const mind = await find(config);
      say({ type: "decided", id, decision: await mind.decide(view, powers) });
    } catch (error) {
      say({ type: "failed", id, reason: error instanceof Error ? error.message : String(error) });
    }
  };

  const read = lineReader(
    LONGEST_LINE,
    (line) => {
      const message: ToMind = JSON.parse(line);
      if (message.type === "decide") {
        void decide(message);
        return;
      }
      const caller = waiting.get(message.call);
      waiting.delete(message.call);
      if (message.type === "inferred") caller?.resolve(message.result);
      else caller?.reject(new Error(message.reason));
    },
    () => process.exit(1),
  );
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", read);
  process.stdin.on("end", () => process.exit(0));
  say({ type: "ready" });
}
