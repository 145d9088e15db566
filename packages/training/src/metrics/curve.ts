/** A loss curve in plain text: drawn in place on a terminal, one line a report elsewhere. */

export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

/** Braille has 2 x 4 dots a letter; bit of each dot by its place. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Lines of `width` letters; steps go right, losses up. Points that are not finite are left out. */
export function drawCurve(points: readonly CurvePoint[], width: number, height: number): string[] {
  const finite = points.filter(({ loss }) => Number.isFinite(loss));
  const [first, last] = [finite[0], finite.at(-1)];
  if (first === undefined || last === undefined) return ["no losses yet"];
  const low = finite.reduce((least, { loss }) => Math.min(least, loss), first.loss);
  const high = finite.reduce((most, { loss }) => Math.max(most, loss), first.loss);
  const labels = [high, low].map((loss) => loss.toFixed(3));
  const margin = Math.max(...labels.map((label) => label.length));
  const columns = Math.max(1, width - margin - 2);
  const means = columnMeans(finite, first.step, last.step, 2 * columns);
  const cells = Array.from({ length: height }, () => new Array<number>(columns).fill(0));
  for (const [x, loss] of means.entries()) {
    if (loss === null) continue;
    const y = high === low ? 0 : Math.round(((high - loss) / (high - low)) * (4 * height - 1));
    const row = cells[y >> 2] as number[];
    row[x >> 1] = (row[x >> 1] as number) | (DOTS[y & 3]?.[x & 1] ?? 0);
  }
  const rows = cells.map((row, y) => {
    const label = (y === 0 ? labels[0] : y === height - 1 ? labels[1] : "") ?? "";
    return `${label.padStart(margin)} |${row.map((dots) => (dots === 0 ? " " : String.fromCodePoint(0x2800 + dots))).join("")}`;
  });
  const [from, to] = [String(first.step), `step ${last.step}`];
  return [
    ...rows.map((row) => row.trimEnd()),
    `${" ".repeat(margin)} '${from.padEnd(Math.max(columns - to.length, from.length + 1))}${to}`,
  ];
}

/** The mean of the points that fall on each column: a curve of 100,000 steps shows its course, not its last noise. */
function columnMeans(points: readonly CurvePoint[], from: number, to: number, columns: number): (number | null)[] {
  const sums = new Array<number>(columns).fill(0);
  const counts = new Array<number>(columns).fill(0);
  for (const { step, loss } of points) {
    const column = to === from ? 0 : Math.floor(((step - from) / (to - from)) * (columns - 1));
    sums[column] = (sums[column] as number) + loss;
    counts[column] = (counts[column] as number) + 1;
  }
  return sums.map((sum, column) => (counts[column] ? sum / (counts[column] as number) : null));
}

/** What is written to: `process.stdout`, or anything like it. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Reports as they come. `note` is what stands beside the loss: tokens a second, time left. */
export class LiveCurve {
  private readonly screen: Screen;
  private readonly height: number;
  private points: CurvePoint[] = [];
  private drawn = 0;

  constructor(screen: Screen, height = 10) {
    this.screen = screen;
    this.height = height;
  }

  report(point: CurvePoint, note = ""): void {
    const line = `step ${point.step}  loss ${point.loss.toFixed(4)}${note === "" ? "" : `  ${note}`}`;
    if (!this.screen.isTTY) {
      this.screen.write(`${line}\n`);
      return;
    }
    this.points.push(point);
    if (this.points.length > MOST_POINTS) this.points = this.points.filter((_, i) => i % 2 === 0);
    const width = Math.max(20, (this.screen.columns ?? 80) - 1);
    const lines = [...drawCurve(this.points, width, this.height), line.slice(0, width)];
    const back = this.drawn === 0 ? "" : `\u001b[${this.drawn}A`;
    this.screen.write(`${back}${lines.map((text) => `\u001b[2K${text}\n`).join("")}\u001b[J`);
    this.drawn = lines.length;
  }

  /** Says something above the curve, which is drawn anew below it at the next report. */
  say(text: string): void {
    this.screen.write(`${text}\n`);
    this.drawn = 0;
  }
}

const MOST_POINTS = 10_000;
