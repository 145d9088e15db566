/** What is wrong with a model's files, in one line a person can act on. */

/**
 * A tokenizer, checkpoint or configuration that cannot be used.
 * @example
 * throw new TransformerError("model.safetensors is cut off: 1200 bytes of 4096", "Copy or download it again.");
 */
export class TransformerError extends Error {
  override readonly name = "TransformerError";
  /** What to do about it. */
  readonly hint: string;
  /** The exit code of a command that stops on it. */
  readonly exit = 2;

  constructor(message: string, hint = "") {
    super(message);
    this.hint = hint;
  }

  /** Works across threads and copies of this module, where `instanceof` does not. */
  static isInstance(error: unknown): error is TransformerError {
    return error instanceof Error && error.name === "TransformerError" && "hint" in error;
  }
}
