/** A signature, key, token or card that cannot be read at all: what is wrong in one line, and what to do about it. */
export class Malformed extends Error {
  override name = "Malformed";
  readonly hint: string;

  constructor(message: string, hint = "") {
    super(message);
    this.hint = hint;
  }
}
