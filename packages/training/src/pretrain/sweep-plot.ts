/** A sweep as a picture: loss against compute, the law and its band, in the reader's light or dark. */
import type { SweepPoint, SweepResult } from "./sweep.ts";

const [WIDTH, HEIGHT] = [720, 440];
const MARGIN = { left: 64, right: 130, top: 24, bottom: 48 };
const COLOURS = ["#3b6fd4", "#d1662b", "#3f9b62", "#a04fc2", "#b8902a", "#c2455f"];

/** A whole SVG document. */
export function sweepPlot({ points, fit }: SweepResult): string {
  const computes = points.map(({ compute }) => Math.log10(compute));
  const [from, to] = [Math.min(...computes) - 0.1, Math.max(...computes) + 0.5];
  const course = Array.from({ length: 80 }, (_, n) => {
    const at = from + ((to - from) * n) / 79;
    const { loss, interval } = fit.predict(10 ** at);
    return { at, loss, low: interval[0], high: interval[1] };
  });
  const losses = [...points.map(({ loss }) => loss), ...course.map(({ loss }) => loss)];
  const [least, most] = [Math.min(...losses) * 0.96, Math.max(...losses) * 1.02];
  const x = (at: number): number => MARGIN.left + ((at - from) / (to - from)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (loss: number): number => {
    const kept = Math.min(most, Math.max(least, loss));
    return MARGIN.top + ((most - kept) / (most - least)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  };
  const place = (at: number, loss: number): string => `${x(at).toFixed(1)},${y(loss).toFixed(1)}`;
  const sizes = [...new Set(points.map(sizeOf))];
  const colour = (size: string): string => COLOURS[sizes.indexOf(size) % COLOURS.length] ?? "";
  const band = [
    ...course.map(({ at, high }) => place(at, high)),
    ...course.toReversed().map(({ at, low }) => place(at, low)),
  ].join(" ");
  const decades = Array.from({ length: Math.floor(to) - Math.ceil(from) + 1 }, (_, n) => Math.ceil(from) + n);
  const ticks = Array.from({ length: 5 }, (_, n) => least + ((most - least) * n) / 4);
  const { a, b, c } = fit.law;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<title>Loss against compute</title>
<style>
  .page { fill: #fff } text { fill: #222 } .grid { stroke: #ddd } .law { stroke: #222; fill: none; stroke-width: 1.5 } .band { fill: #222; opacity: 0.1 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #16181d } text { fill: #e6e6e6 } .grid { stroke: #33363d } .law { stroke: #e6e6e6 } .band { fill: #e6e6e6 }
  }
</style>
<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>
${decades.map((at) => `<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}"/><text x="${x(at)}" y="${HEIGHT - 30}" text-anchor="middle">1e${at}</text>`).join("\n")}
${ticks.map((loss) => `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(loss)}" y2="${y(loss)}"/><text x="${MARGIN.left - 8}" y="${y(loss) + 4}" text-anchor="end">${loss.toFixed(2)}</text>`).join("\n")}
<polygon class="band" points="${band}"/>
<polyline class="law" points="${course.map(({ at, loss }) => place(at, loss)).join(" ")}"/>
${points.map((point) => `<circle cx="${x(Math.log10(point.compute)).toFixed(1)}" cy="${y(point.loss).toFixed(1)}" r="4.5" fill="${colour(sizeOf(point))}"><title>${sizeOf(point)}, ${point.steps} steps: ${point.loss.toFixed(3)}</title></circle>`).join("\n")}
${sizes.map((size, n) => `<circle cx="${WIDTH - 112}" cy="${MARGIN.top + 10 + 20 * n}" r="4.5" fill="${colour(size)}"/><text x="${WIDTH - 100}" y="${MARGIN.top + 14 + 20 * n}">${size}</text>`).join("\n")}
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">compute, operations</text>
<text x="${MARGIN.left}" y="16">validation loss, nats a token: ${a.toPrecision(3)} C^-${b.toFixed(3)} + ${c.toFixed(3)}</text>
</svg>
`;
}

const sizeOf = ({ layers, width }: SweepPoint): string => `${layers} x ${width}`;
