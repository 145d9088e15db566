/** Server-sent events (WHATWG HTML, 9.2) from whoever makes them, no faster than they are taken. */

const HEADERS = { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" };

/** @param make the messages, each ended by an empty line; its signal aborts when the reader goes */
export function messageStream(make: (gone: AbortSignal) => AsyncGenerator<string, void>): Response {
  const gone = new AbortController();
  const messages = make(gone.signal);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await messages.next();
        if (gone.signal.aborted) return;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        gone.abort();
        await messages.return();
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, { headers: HEADERS });
}
