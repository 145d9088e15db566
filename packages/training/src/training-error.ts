/** The error that a person can meet when data or a corpus is read, written or made ready. */

/**
 * Says in one line what was wrong (`message`) and in one line what to do (`hint`).
 *
 * @example
 * throw new TrainingError("notes.txt is empty", "Give a file with text in it.");
 */
export class TrainingError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "TrainingError";
    this.hint = hint;
  }

  /** Works across copies of this module and across threads, where `instanceof` does not. */
  static isInstance(error: unknown): error is TrainingError {
    return error instanceof Error && error.name === "TrainingError" && "hint" in error;
  }
}

/** What the system said about a file, in the words of a person. */
export function fileTrouble(file: string, error: unknown): TrainingError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new TrainingError(
      `The disk is full: ${file} was not written`,
      "Make room and start again: what was finished is kept.",
    );
  }
  if (code === "ENOENT") return new TrainingError(`There is no ${file}`, "Check the path.");
  if (code === "EACCES" || code === "EPERM")
    return new TrainingError(`${file} may not be opened`, "Check its permissions.");
  return new TrainingError(
    `${file}: ${error instanceof Error ? error.message : String(error)}`,
    "Check the path and the disk.",
  );
}
