/** Where a head looks: a square for each pair of tokens, rows looking at columns. */
import type { LensReading } from "@candor/server";
import { useEffect, useMemo, useRef, useState } from "react";
import { shownToken } from "./parts.tsx";
import { SavePicture } from "./save-picture.tsx";

interface Props {
  reading: LensReading;
  head: readonly [number, number];
}

export function AttentionPicture({ reading: { tokens, pattern }, head }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<{ query: number; key: number }>();
  const count = tokens.length;
  const bytes = useMemo(() => Uint8Array.from(atob(pattern), (each) => each.charCodeAt(0)), [pattern]);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    element.width = count;
    element.height = count;
    const picture = context.createImageData(count, count);
    for (const [n, value] of bytes.entries()) {
      // The first of the chart colours, as opaque as the head looks there; small shares are lifted so that they are seen.
      picture.data.set([0, 114, 178, Math.round(255 * Math.sqrt(value / 255))], 4 * n);
    }
    context.putImageData(picture, 0, 0);
  }, [bytes, count]);
  const share = at && (bytes[at.query * count + at.key] ?? 0) / 255;
  const name = (n: number): string => shownToken(tokens[n]?.text ?? "");
  return (
    <section aria-labelledby="attention" className="grid gap-2">
      <h3 id="attention" className="text-sm font-medium">
        Where head {head.join(".")} looks
      </h3>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Attention of head ${head.join(".")} over ${count} tokens; rows look at columns`}
        className="aspect-square w-full max-w-md rounded-lg border bg-card [image-rendering:pixelated]"
        onPointerMove={(event) => {
          const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
          const place = (offset: number, size: number): number =>
            Math.min(count - 1, Math.max(0, Math.floor((offset / size) * count)));
          setAt({ query: place(event.clientY - top, height), key: place(event.clientX - left, width) });
        }}
        onPointerLeave={() => setAt(undefined)}
      />
      <p className="min-h-4 text-xs text-muted-foreground tabular-nums">
        {at && share !== undefined ? (
          <>
            token {at.query + 1} <code>{name(at.query)}</code> looks at token {at.key + 1} <code>{name(at.key)}</code>{" "}
            with {Math.round(100 * share)} %
          </>
        ) : (
          "Rows look at columns, from top left. Point at a square to read it."
        )}
      </p>
      <SavePicture of={canvas} name={`attention-${head.join(".")}`} />
    </section>
  );
}
