/** Where a run writes what it measures: JSON lines, and TensorBoard's events. */
import { join } from "node:path";
import { MetricsLog, type MetricsRecord } from "../metrics/jsonl.ts";
import { EventFile } from "../metrics/tensorboard.ts";

export class RunLog {
  readonly #lines: MetricsLog;
  readonly #events: EventFile;

  /** @param out the run's folder, which is there */
  constructor(out: string) {
    this.#lines = new MetricsLog(join(out, "metrics.jsonl"));
    this.#events = new EventFile(join(out, "tensorboard"));
  }

  append(record: MetricsRecord): void {
    this.#lines.append(record);
    const { step, ...scalars } = record;
    this.#events.append(step, scalars);
  }

  close(): void {
    this.#lines.close();
    this.#events.close();
  }
}
