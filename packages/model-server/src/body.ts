import { ApiError } from "./api-error.ts";

/** @throws {ApiError} 400 for what is not JSON */
export async function bodyOf(request: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new ApiError(400, "The body is not JSON");
  }
}
