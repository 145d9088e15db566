/** What a mind's process and the warden say to each other: one JSON document a line, over standard input and output. */
import type { Decision, MindConfig } from "@candor/store";
import type { InferenceRequest, InferenceResult, View } from "../mind.ts";

/** From the warden. */
export type ToMind =
  | { type: "decide"; id: number; config: MindConfig; view: View }
  | { type: "inferred"; id: number; call: number; result: InferenceResult }
  | { type: "not inferred"; id: number; call: number; reason: string };

/** From the mind, where it is honest; the warden parses it with a schema (`answers.ts`). */
export type FromMind =
  | { type: "ready" }
  | { type: "infer"; id: number; call: number; request: InferenceRequest }
  | { type: "decided"; id: number; decision: Decision }
  | { type: "failed"; id: number; reason: string };

/**
 * Cuts a stream of text chunks into lines.
 * @param limit characters that a line may have; a longer one calls `overflow` and ends the reading
 */
export function lineReader(limit: number, line: (text: string) => void, overflow: () => void): (chunk: string) => void {
  let parts: string[] = [];
  let length = 0;
  let dead = false;
  return (chunk) => {
    let rest = chunk;
    while (!dead) {
      const end = rest.indexOf("\n");
      const piece = end < 0 ? rest : rest.slice(0, end);
      length += piece.length;
      if (length > limit) {
        dead = true;
        parts = [];
        overflow();
        return;
      }
      parts.push(piece);
      if (end < 0) return;
      const text = parts.join("");
      parts = [];
      length = 0;
      if (text !== "") line(text);
      rest = rest.slice(end + 1);
    }
  };
}
