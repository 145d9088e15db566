/** A fetch whose answers end, one way or the other. */
import { InferenceError } from "./inference-error.ts";

/** Answers of more than `maxBytes` fail while they are read. */
export function boundedFetch(fetch: typeof globalThis.fetch, maxBytes: number): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body) return response;
    let bytes = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.byteLength;
          if (bytes > maxBytes) {
            controller.error(
              new InferenceError("too-long", `The model's answer has no end: it was cut off after ${maxBytes} bytes.`),
            );
          } else controller.enqueue(chunk);
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(counted, { status, statusText, headers });
  };
}
