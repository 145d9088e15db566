/** An error that a person can act on: what was wrong in one line, and what to do about it. */
export class Failure extends Error {
  override name = "Failure";
  readonly hint: string;
  /** 2 for bad input, 1 for everything else. */
  readonly exit: 1 | 2;

  constructor(message: string, options: { hint?: string; exit?: 1 | 2 } = {}) {
    super(message);
    this.hint = options.hint ?? "";
    this.exit = options.exit ?? 1;
  }
}

export const badInput = (message: string, hint = ""): Failure => new Failure(message, { hint, exit: 2 });

/** Errors of the packages that say that what the person gave does not fit. */
const BAD_INPUT = new Set([
  "TownError",
  "IdentityError",
  "RemedyError",
  "PermissionsError",
  "ForkError",
  "InferenceError",
  "Malformed",
  "AnswerError",
  "ImportError",
  "TraceError",
  "StaleWeights",
  "LensError",
  "TrainingError",
  "TransformerError",
]);

/** Whatever was thrown, as one line, a hint and an exit code. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return new Failure(String(error));
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : "";
  const code = "code" in error ? error.code : undefined;
  const exit = BAD_INPUT.has(error.name) || (error.name === "StoreError" && code === 2) ? 2 : 1;
  return new Failure(error.message.split("\n")[0] ?? "", { hint, exit });
}
