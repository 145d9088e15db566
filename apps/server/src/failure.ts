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
