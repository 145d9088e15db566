/** What can go wrong with the store, as a person meets it: one line that says what is wrong, one that says what to do. */

/** `1`: it failed. `2`: what was asked for cannot be. The command line exits with it. */
export type ExitCode = 1 | 2;

export class StoreError extends Error {
  override name = "StoreError";
  /** Stable name of the kind of failure, for programs. */
  readonly kind: StoreErrorKind;
  readonly hint: string;
  /** Exit code of a command that ends with this error. */
  readonly code: ExitCode;

  constructor(kind: StoreErrorKind, title: string, hint: string, options: { code?: ExitCode; cause?: unknown } = {}) {
    super(title, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.hint = hint;
    this.code = options.code ?? 1;
  }

  static isInstance(error: unknown): error is StoreError {
    return error instanceof Error && error.name === "StoreError" && "kind" in error && "hint" in error;
  }
}

export type StoreErrorKind =
  | "database down"
  | "database refused"
  | "newer schema"
  | "in use"
  | "disk full"
  | "not writable"
  | "embedded database broken"
  | "unknown run"
  | "ambiguous run"
  | "bad run id"
  | "bad stream"
  | "bad folder"
  | "erased"
  | "key missing"
  | "unreadable event"
  | "read only"
  | "closed"
  | "engine";

const CONNECTION_CODES = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
]);

/** Turns what the driver or the file system threw into a StoreError; anything else comes back as it was. */
export function explain(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || StoreError.isInstance(error)) return error;
  // Drizzle wraps the driver's error.
  if (error.cause instanceof Error && error.name.startsWith("Drizzle")) return explain(error.cause, where);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ENOSPC" || code === "EDQUOT" || code === "53100" || /no space left on device/i.test(error.message)) {
    return diskFull(where, error);
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR" || code === "EEXIST") {
    return new StoreError(
      "not writable",
      `Cannot write to ${where}: ${error.message}`,
      "Check who owns the folder and its permissions.",
      {
        cause: error,
      },
    );
  }
  if (
    CONNECTION_CODES.has(code) ||
    /^(57P0|08)/.test(code) ||
    /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i.test(
      error.message,
    )
  ) {
    return new StoreError(
      "database down",
      `The database at ${where} does not answer (${code || error.message}).`,
      "Start it, or check the address in DATABASE_URL. Nothing that was recorded is lost.",
      {
        cause: error,
      },
    );
  }
  if (/^(28|3D|42501)/.test(code)) {
    return new StoreError(
      "database refused",
      `The database at ${where} refused: ${error.message}`,
      "Check user, password and database name in DATABASE_URL.",
      {
        cause: error,
      },
    );
  }
  return error;
}

export function diskFull(where: string, cause?: unknown): StoreError {
  return new StoreError(
    "disk full",
    `No space left on the disk that holds ${where}.`,
    "Free some space and resume: everything recorded so far is kept.",
    {
      cause,
    },
  );
}

/** Runs `work` on a database and throws what it throws, explained; nothing is asked of a database that has failed. */
export async function explained<T>(
  database: { readonly where: string; readonly failure: StoreError | undefined },
  work: () => Promise<T>,
): Promise<T> {
  if (database.failure) throw database.failure;
  try {
    return await work();
  } catch (error) {
    throw database.failure ?? explain(error, database.where);
  }
}
