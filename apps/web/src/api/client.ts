/** Talks to `candor serve`: JSON in and out, the session's cookie, and errors as the server words them. */
import type { Problem } from "@candor/server/outside";

/** What the server refused or could not do: one line, and what to do about it. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly hint: string;

  constructor(status: number, error: string, hint = "") {
    super(error);
    this.status = status;
    this.hint = hint;
  }
}

/** Other sites' forms cannot send it. */
const OWN_PAGE = { "x-candor-csrf": "1", "x-candor-by": "operator" };

/** @throws {ApiError} for every answer that is none, with status 0 when nothing answered */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { ...OWN_PAGE, ...init.headers } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, "candor serve does not answer", "It may have been closed. candor open starts it again.");
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  throw new ApiError(response.status, problem.error ?? `the server answered ${response.status}`, problem.hint);
}

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  // Both ends are this version of Candor: the server's own schemas type what it sends.
  return (await response.json()) as T;
}

export const api = {
  get: <T>(path: string): Promise<T> => send<T>("GET", path),
  post: <T = object>(path: string, body: unknown = {}): Promise<T> => send<T>("POST", path, body),
  put: <T = object>(path: string, body: unknown): Promise<T> => send<T>("PUT", path, body),
  delete: <T = object>(path: string): Promise<T> => send<T>("DELETE", path),
};
