/** A mind that could not be asked or answered nonsense. Its `reason` is fit for the run's log and for a person. */
export class MindError extends Error {
  override name = "MindError";
  readonly kind: MindErrorKind;

  constructor(kind: MindErrorKind, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.kind = kind;
  }

  static isInstance(value: unknown): value is MindError {
    return value instanceof Error && value.name === "MindError";
  }
}

/**
 * - `invalid`: it answered, but not with a decision. `failed`: it threw. `crashed`: its process died.
 * - `timeout`: it took too long and was killed. `unavailable`: no process could be started, or the pool is closed.
 */
export type MindErrorKind = "invalid" | "failed" | "crashed" | "timeout" | "unavailable";
