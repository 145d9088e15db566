/** An attribution graph: tokens at the bottom, layers above each other, the answer on top; positions from left to right. */
import type { AttributionGraph, GraphNode } from "../attribution-graphs/attribution-graph.ts";
import { COLOURS, label, svg } from "./svg.ts";

export interface AttributionGraphPicture {
  title: string;
  /** What a token is written as. */
  token?: (token: number) => string;
  answer: string;
}

const [WIDTH, ROW, MARGIN] = [960, 64, 40];
const [FOR, AGAINST] = [COLOURS[0], COLOURS[1]];

export function attributionGraphPicture(
  { nodes, edges, influence }: AttributionGraph,
  { title, token = String, answer }: AttributionGraphPicture,
): string {
  const layers = 1 + Math.max(-1, ...nodes.map((node) => ("layer" in node ? node.layer : -1)));
  const rowOf = (node: GraphNode): number =>
    node.kind === "token" ? 0 : node.kind === "answer" ? layers + 1 : 1 + node.layer;
  const height = MARGIN + ROW * (layers + 2) + MARGIN;
  const rows = Map.groupBy(nodes.keys(), (n) => rowOf(nodes[n] as GraphNode));
  const at = new Map<number, { x: number; y: number }>();
  for (const [row, own] of rows) {
    const order = own.toSorted((a, b) => (nodes[a]?.position ?? 0) - (nodes[b]?.position ?? 0));
    for (const [n, node] of order.entries())
      at.set(node, {
        x: MARGIN + ((n + 0.5) * (WIDTH - 2 * MARGIN)) / order.length,
        y: height - MARGIN - ROW * (row + 0.5),
      });
  }
  const most = Math.max(...edges.map(({ weight }) => Math.abs(weight)), 1e-12);
  const named = (node: GraphNode): string =>
    node.kind === "token"
      ? token(node.token)
      : node.kind === "answer"
        ? answer
        : node.kind === "error"
          ? `rest ${node.layer}`
          : `${node.layer}.${node.feature}`;
  return svg(title, WIDTH, height, [
    label(MARGIN, 24, title),
    ...edges.map(({ from, to, weight }) => {
      const [a, b] = [at.get(from) ?? { x: 0, y: 0 }, at.get(to) ?? { x: 0, y: 0 }];
      const wide = Math.max(0.5, (6 * Math.abs(weight)) / most).toFixed(2);
      return `<path d="M${a.x.toFixed(1)},${(a.y - 10).toFixed(1)}C${a.x.toFixed(1)},${((a.y + b.y) / 2).toFixed(1)} ${b.x.toFixed(1)},${((a.y + b.y) / 2).toFixed(1)} ${b.x.toFixed(1)},${(b.y + 8).toFixed(1)}" fill="none" stroke="${weight >= 0 ? FOR : AGAINST}" stroke-width="${wide}" stroke-opacity="0.5"/>`;
    }),
    ...nodes.flatMap((node, n) => {
      const { x, y } = at.get(n) ?? { x: 0, y: 0 };
      const size = (3 + 9 * Math.sqrt(Math.min(1, influence[n] ?? 0))).toFixed(1);
      return [
        `<circle ${node.kind === "error" ? `fill="none" class="grid" stroke-width="2"` : `class="soft"`} cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size}"/>`,
        label(x, y + 22, named(node), { anchor: "middle" }),
      ];
    }),
  ]);
}
