/** A call to a language model that gave nothing to use. The message is one line that says what to do where one can. */
export class InferenceError extends Error {
  override name = "InferenceError";
  readonly kind: InferenceErrorKind;
  /** Whether the same call may work later. */
  readonly retryable: boolean;
  /** Milliseconds that the provider asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: InferenceErrorKind,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }

  static isInstance(value: unknown): value is InferenceError {
    return value instanceof Error && value.name === "InferenceError";
  }
}

/**
 * - `config`: wrong model name, missing key. `rejected`: the provider refuses this call (4xx).
 * - `busy`: 429 to the end. `unavailable`: 5xx or no connection to the end.
 * - `malformed`: an answer that is not the protocol's. `too-long`: an answer without end. `timeout`: none in time.
 */
export type InferenceErrorKind = "config" | "rejected" | "busy" | "unavailable" | "malformed" | "too-long" | "timeout";
