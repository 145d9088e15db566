/** What cannot be read or edited, in one line a person can act on. */
export class LensError extends Error {
  override readonly name = "LensError";
  /** What to do about it. */
  readonly hint: string;
  /** The exit code of a command that stops on it. */
  readonly exit = 2;

  constructor(message: string, hint = "") {
    super(message);
    this.hint = hint;
  }
}
