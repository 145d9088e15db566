/** The error that a person can meet when a town is loaded or served. */

/**
 * Says in one line what was wrong (`message`) and in one line what to do (`hint`).
 *
 * @example
 * throw new TownError("There is no town spec at town.json", "Give the path of a JSON file; docs/write-a-town.md shows one.");
 */
export class TownError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "TownError";
    this.hint = hint;
  }

  /** Works across copies of this module and across threads, where `instanceof` does not. */
  static isInstance(error: unknown): error is TownError {
    return error instanceof Error && error.name === "TownError" && "hint" in error;
  }
}
