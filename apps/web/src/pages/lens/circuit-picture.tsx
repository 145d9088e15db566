/** A circuit: tokens at the bottom, heads and MLPs layer by layer, logits at the top; lines as wide as what they carry. */
import { useEffect, useRef, useState } from "react";

interface Edge {
  from: string;
  to: string;
  effect: number;
}

interface Props {
  edges: readonly Edge[];
  layers: number;
  without: readonly string[];
  onPart(part: string): void;
}

const ROW = 74;
const [HIGH, GAP] = [26, 6];

/** `a0.1.q` is read by head `a0.1`. */
const partOf = (name: string): string => name.replace(/\.[qkv]$/, "");
const labelOf = (part: string): string =>
  part.startsWith("a") ? part.slice(1) : part.startsWith("m") ? `MLP ${part.slice(1)}` : part;

/** Rows from the bottom: what goes in, then heads and MLP of each layer, then logits. */
function rowOf(part: string, layers: number): number {
  const layer = Number(/^[am](\d+)/.exec(part)?.[1]);
  if (part === "logits") return 2 * layers + 1;
  return Number.isNaN(layer) ? 0 : 1 + 2 * layer + Number(part.startsWith("m"));
}

export function CircuitPicture({ edges, layers, without, onPart }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const parts = [...new Set([...edges.flatMap(({ from, to }) => [partOf(from), partOf(to)]), ...without])];
  const rows = Map.groupBy(parts.toSorted(inOrder), (part) => rowOf(part, layers));
  const used = [...rows.keys()].sort((a, b) => a - b);
  const height = ROW * used.length;
  const place = new Map<string, { x: number; y: number; wide: number }>();
  for (const [up, row] of used.entries()) {
    const names = rows.get(row) ?? [];
    const slot = width / names.length;
    for (const [n, part] of names.entries())
      place.set(part, { x: slot * (n + 0.5), y: height - ROW * (up + 0.5), wide: Math.min(72, slot - GAP) });
  }
  const joined = new Map<string, Edge>();
  for (const { from, to, effect } of edges) {
    const key = `${partOf(from)} ${partOf(to)}`;
    const before = joined.get(key);
    joined.set(key, { from: partOf(from), to: partOf(to), effect: (before?.effect ?? 0) + effect });
  }
  const most = Math.max(...[...joined.values()].map(({ effect }) => Math.abs(effect)), 1e-12);
  return (
    <div ref={box} className="rounded-lg border bg-card">
      {width > 0 && (
        <svg width={width} height={height} className="block">
          <title>Edges between the parts of the model</title>
          {[...joined.values()].map(({ from, to, effect }) => {
            const [a, b] = [place.get(from), place.get(to)];
            if (!a || !b) return null;
            const [low, high] = [a.y - HIGH / 2, b.y + HIGH / 2];
            const bend = (low - high) / 2;
            return (
              <path
                key={`${from} ${to}`}
                d={`M${a.x},${low}C${a.x},${low - bend} ${b.x},${high + bend} ${b.x},${high}`}
                fill="none"
                stroke={`var(${effect >= 0 ? "--chart-1" : "--chart-6"})`}
                strokeWidth={Math.max(0.75, (7 * Math.abs(effect)) / most)}
                strokeOpacity={0.55}
              >
                <title>{`${labelOf(from)} to ${labelOf(to)}: ${effect.toPrecision(2)}`}</title>
              </path>
            );
          })}
          {parts.map((part) => {
            const at = place.get(part);
            if (!at) return null;
            const isOut = without.includes(part);
            const isPart = /^[am]\d/.test(part);
            const body = (
              <>
                <rect
                  x={at.x - at.wide / 2}
                  y={at.y - HIGH / 2}
                  width={at.wide}
                  height={HIGH}
                  rx={6}
                  className={isOut ? "fill-muted stroke-border" : "fill-background stroke-input"}
                  strokeDasharray={isOut ? "3 3" : undefined}
                />
                <text
                  x={at.x}
                  y={at.y + 4}
                  textAnchor="middle"
                  className={isOut ? "fill-muted-foreground text-[11px] line-through" : "fill-foreground text-[11px]"}
                >
                  {labelOf(part)}
                </text>
              </>
            );
            return isPart ? (
              // biome-ignore lint/a11y/useSemanticElements: HTML has no button inside a picture
              <g
                key={part}
                role="button"
                tabIndex={0}
                aria-pressed={isOut}
                aria-label={`${labelOf(part)}: ${isOut ? "put back" : "cut off"}`}
                className="cursor-pointer"
                onClick={() => onPart(part)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" && event.key !== " ") return;
                  event.preventDefault();
                  onPart(part);
                }}
              >
                {body}
              </g>
            ) : (
              <g key={part}>{body}</g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

const inOrder = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
