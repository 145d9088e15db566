/** Courses over steps as lines. */
import { COLOURS, label, svg } from "./svg.ts";

export interface Line {
  name: string;
  /** Values that are not finite, or on a logarithmic axis not positive, are left out. */
  points: readonly (readonly [x: number, y: number])[];
}

export interface LinesOptions {
  title: string;
  x: string;
  y: string;
  logarithmic?: boolean;
}

const [WIDTH, HEIGHT] = [720, 400];
const MARGIN = { left: 64, right: 24, top: 56, bottom: 48 };

export function linesPicture(lines: readonly Line[], { title, x, y, logarithmic = false }: LinesOptions): string {
  const isShown = (value: number): boolean => Number.isFinite(value) && (!logarithmic || value > 0);
  const scaled = (value: number): number => (logarithmic ? Math.log10(value) : value);
  const shown = lines.map(({ points }) => points.filter(([, value]) => isShown(value)));
  const all = shown.flat();
  const [left, right] = [Math.min(...all.map(([at]) => at)), Math.max(...all.map(([at]) => at))];
  const values = all.map(([, value]) => scaled(value));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const across = (at: number): number =>
    MARGIN.left + ((at - left) / (right - left || 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const up = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - least) / (most - least || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const rows = ticks(least, most, logarithmic);
  return svg(title, WIDTH, HEIGHT, [
    label(MARGIN.left, 20, title),
    ...rows.flatMap((value) => [
      `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${up(value).toFixed(1)}" y2="${up(value).toFixed(1)}"/>`,
      label(MARGIN.left - 8, up(value) + 4, logarithmic ? `1e${value}` : shortest(value), {
        anchor: "end",
        soft: true,
      }),
    ]),
    ...ticks(left, right, false).map((at) =>
      label(across(at), HEIGHT - 30, shortest(at), { anchor: "middle", soft: true }),
    ),
    label((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 10, x, { anchor: "middle", soft: true }),
    label(MARGIN.left, MARGIN.top - 10, y, { soft: true }),
    ...shown.flatMap((points, n) => {
      const colour = COLOURS[n % COLOURS.length] ?? "";
      const path = points.map(([at, value]) => `${across(at).toFixed(1)},${up(scaled(value)).toFixed(1)}`).join(" ");
      const begin = MARGIN.left + 90 + (n * (WIDTH - MARGIN.left - MARGIN.right - 90)) / lines.length;
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        `<line x1="${begin}" x2="${begin + 18}" y1="${MARGIN.top - 14}" y2="${MARGIN.top - 14}" stroke="${colour}" stroke-width="3"/>`,
        label(begin + 24, MARGIN.top - 10, lines[n]?.name ?? ""),
      ];
    }),
  ]);
}

/** Round numbers in a range; powers of ten, as exponents, on a logarithmic axis. */
function ticks(least: number, most: number, logarithmic: boolean): number[] {
  const rough = (most - least) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = logarithmic ? Math.max(1, Math.round(rough)) : power * ([1, 2, 5].find((n) => n * power >= rough) ?? 10);
  const found: number[] = [];
  for (let at = Math.ceil(least / step) * step; at <= most + step * 1e-9; at += step) found.push(at);
  return found;
}

const shortest = (value: number): string =>
  Math.abs(value) >= 10_000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3)));
