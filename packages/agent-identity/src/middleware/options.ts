/** What a site owner can say about recognising agents. All of it may be left out. */
import { type DirectoryKeysOptions, directoryKeys } from "../directory/directory-keys.ts";
import type { KeySource, Recogniser } from "../web-bot-auth/recogniser.ts";
import { createRecogniser } from "../web-bot-auth/recogniser.ts";

export interface RecogniseOptions extends DirectoryKeysOptions {
  /** Keys from elsewhere than directories. */
  keys?: KeySource;
  /** Takes only signatures with a nonce, over the body too. Default false: the draft asks for neither. */
  strict?: boolean;
}

/** Bodies up to this size are read to check their digest, in bytes. */
export const MOST_BODY = 1024 * 1024;

export const recogniserOf = (options: RecogniseOptions): Recogniser =>
  createRecogniser({
    keys: options.keys ?? directoryKeys(options),
    ...(options.strict !== undefined && { strict: options.strict }),
    ...(options.now && { now: options.now }),
  });
