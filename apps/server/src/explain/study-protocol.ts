/** What the server and its studying thread say to each other. */
import type { Seeds } from "@candor/agent";
import type { PriorJudgment } from "@candor/exposure";
import type { Recorded } from "@candor/store";

/** Who a run was about, for the analyst that tells findings from records. */
export interface About {
  seeds: Seeds;
  proven: string[];
  priorJudgments: PriorJudgment[];
}

export interface Window {
  from: number;
  limit: number;
}

export type ToThread =
  /** More events of a run, following those sent before. */
  | { type: "events"; run: string; events: Recorded[] }
  | { type: "about"; run: string; about: About }
  | { type: "forget"; run: string }
  /** `a` alone is explained, `a` and `b` are compared. */
  | { type: "study"; id: number; a: string; b?: string; window: Window };

export type FromThread =
  | { type: "studied"; id: number; result: unknown }
  | { type: "failed"; id: number; reason: string };
