/** Tries a call to a provider again where that may help, within a time. Turns whatever went wrong into one error type. */
import { z } from "zod";
import { InferenceError } from "./inference-error.ts";

export interface Patience {
  /** Calls at most, the first included. */
  attempts: number;
  /** Milliseconds before the second attempt, doubled for each further one, less up to half at random. */
  baseMs: number;
  /** The longest wait between two attempts, whatever the provider asks for. */
  capMs: number;
  /** For all attempts together, waits included. */
  timeoutMs: number;
}

export const PATIENCE: Patience = { attempts: 4, baseMs: 500, capMs: 30_000, timeoutMs: 180_000 };

/**
 * @param call is given a signal that ends with the caller's, and when the time is up
 * @throws {InferenceError}, or the reason of `signal` when it was aborted
 */
export async function attempt<T>(
  call: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  patience: Patience,
  secret?: string,
): Promise<T> {
  const deadline = AbortSignal.timeout(patience.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  const late = (): InferenceError =>
    new InferenceError("timeout", `The model did not answer in ${patience.timeoutMs / 1000} s.`, { retryable: true });
  for (let tried = 1; ; tried++) {
    try {
      // A provider that ignores its signal must not hold us.
      return await Promise.race([call(either), aborted(either)]);
    } catch (caught) {
      if (signal.aborted) throw signal.reason;
      if (deadline.aborted) throw late();
      const error = explain(caught, secret);
      if (!error.retryable || tried >= patience.attempts) throw error;
      const wait = error.retryAfterMs ?? patience.baseMs * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
      await sleep(Math.min(wait, patience.capMs), either).catch(() => undefined);
      if (signal.aborted) throw signal.reason;
      if (deadline.aborted) throw late();
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** The SDK's error of a call. Told by its form, so that the SDK is loaded only where a model is called. */
const ApiCallError = z.object({
  name: z.literal("AI_APICallError"),
  message: z.string(),
  url: z.string(),
  statusCode: z.number().optional(),
  responseHeaders: z.record(z.string(), z.string()).optional(),
});

/** What went wrong, as one of ours. `secret` is left out of the message. */
function explain(error: unknown, secret?: string): InferenceError {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (InferenceError.isInstance(cause)) return cause;
  }
  const clean = (text: string): string => {
    const line = text.replace(/\s+/g, " ").trim().slice(0, 200);
    return secret ? line.replaceAll(secret, "[key]") : line;
  };
  const call = ApiCallError.safeParse(error);
  if (!call.success) {
    const message = clean(error instanceof Error ? error.message : String(error));
    // A parser of the SDK that meets something else than the protocol throws errors of many kinds.
    return new InferenceError("malformed", `The model's server gave an answer that makes no sense: ${message}`, {
      retryable: true,
      cause: error,
    });
  }
  const { statusCode: status, message, url, responseHeaders } = call.data;
  const host = URL.parse(url)?.host ?? url;
  const said = clean(message);
  const retryAfterMs = retryAfter(responseHeaders ?? {});
  if (status === undefined) {
    return new InferenceError("unavailable", `The model's server at ${host} cannot be reached: ${said}`, {
      retryable: true,
      cause: error,
    });
  }
  if (status === 429) {
    return new InferenceError("busy", `The provider at ${host} says that the rate limit is reached (429): ${said}`, {
      retryable: true,
      retryAfterMs,
      cause: error,
    });
  }
  if (status >= 500 || status === 408 || status === 409) {
    return new InferenceError("unavailable", `The model's server at ${host} failed (${status}): ${said}`, {
      retryable: true,
      retryAfterMs,
      cause: error,
    });
  }
  if (status === 401 || status === 403) {
    return new InferenceError(
      "rejected",
      `The provider at ${host} refuses the key (${status}): check it, and that it may use this model.`,
      { cause: error },
    );
  }
  if (status === 404) {
    return new InferenceError(
      "rejected",
      `The server at ${host} knows no such model or address (404): check --model and the base URL.`,
      { cause: error },
    );
  }
  if (status >= 400) {
    return new InferenceError("rejected", `The provider at ${host} rejects the call (${status}): ${said}`, {
      cause: error,
    });
  }
  return new InferenceError(
    "malformed",
    `The model's server at ${host} gave an answer that is not of its protocol: ${said}`,
    { retryable: true, cause: error },
  );
}

/** Milliseconds, from `retry-after-ms` or `retry-after` in seconds or as a date. */
export function retryAfter(headers: Record<string, string>, now = Date.now()): number | undefined {
  const precise = Number(headers["retry-after-ms"]);
  if (headers["retry-after-ms"] && precise >= 0) return precise;
  const value = headers["retry-after"];
  if (!value) return undefined;
  const seconds = Number(value);
  if (seconds >= 0) return seconds * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
