/** What is wrong with a request, as OpenAI's API says it. */

import { TransformerError } from "@candor/transformer";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: ContentfulStatusCode;
  /** The field of the request that is wrong. */
  readonly param: string | null;
  readonly code: string | null;

  constructor(
    status: ContentfulStatusCode,
    message: string,
    { param = null, code = null }: { param?: string | null; code?: string | null } = {},
  ) {
    super(message);
    this.status = status;
    this.param = param;
    this.code = code;
  }
}

export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string | null };
}

export const errorBody = ({ message, status, param, code }: ApiError): ErrorBody => ({
  error: { message, type: typeOf(status), param, code },
});

const typeOf = (status: number): string =>
  status === 401
    ? "authentication_error"
    : status === 429
      ? "rate_limit_error"
      : status >= 500
        ? "server_error"
        : "invalid_request_error";

/** Whatever was thrown. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    const param = issue?.path.map(String).join(".") || null;
    return new ApiError(400, param ? `${param}: ${issue?.message}` : (issue?.message ?? "The request is not valid"), {
      param,
    });
  }
  if (TransformerError.isInstance(error))
    return new ApiError(400, [error.message, error.hint].filter(Boolean).join(". "));
  return new ApiError(500, error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
}
