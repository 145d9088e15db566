/** A run as it happens, in the terminal: what the agent is about to do and why, what it found, what was blocked. */
import type { EventOf, Recorded } from "@candor/store";
import type { FindingSeen } from "../client/api.ts";
import { actionLines, foundLines, otherLines, signalLines, thoughtLines } from "./lines.ts";
import { print } from "./style.ts";

/** Long enough for what one step brings, short enough to seem at once. */
const TOGETHER_MS = 40;

/** Prints events one by one; findings and signals of a step together. Call `flush` at the end. */
export class LiveScreen {
  #said = new Set<string>();
  #thought = "";
  #found: FindingSeen[] = [];
  #signals: EventOf<"signal.raised">[] = [];
  #timer: NodeJS.Timeout | undefined;

  event({ event }: Recorded): void {
    if (event.type === "signal.raised") {
      this.#signals.push(event);
      this.#flushSoon();
      return;
    }
    if (event.type !== "step.done") this.flush();
    if (event.type === "step.proposed") this.#step(event);
    else for (const line of otherLines(event)) print(line);
  }

  finding(finding: FindingSeen): void {
    if (this.#said.has(finding.id)) return;
    this.#said.add(finding.id);
    this.#found.push(finding);
    this.#flushSoon();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = [
      ...(this.#found.length > 0 ? foundLines(this.#found) : []),
      ...(this.#signals.length > 0 ? signalLines(this.#signals) : []),
    ];
    this.#found = [];
    this.#signals = [];
    for (const line of lines) print(line);
  }

  /** The thought, unless it is the last one again for another address; then the action alone. */
  #step(event: EventOf<"step.proposed">): void {
    const thought = event.decision.thought.replace(/[\w-]+(\.[\w-]+)+/g, "");
    const again = thought === this.#thought;
    if (!again) for (const line of thoughtLines(event)) print(line);
    this.#thought = thought;
    for (const line of actionLines(event, again)) print(line);
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.flush(), TOGETHER_MS);
  }
}
