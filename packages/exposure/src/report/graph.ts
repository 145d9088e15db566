/** A drawing of the pages and how they hang on the operator's own: columns by links followed, inline SVG. */
import { hostOf } from "../extract/words.ts";
import { type Html, html } from "./markup.ts";
import type { Report } from "./report.ts";

const COLUMN = 232;
const ROW = 40;
const BOX = { width: 196, height: 30 };
const MOST_ROWS = 14;

interface Node {
  url: string;
  label: string;
  column: number;
  row: number;
  parents: string[];
}

export function graph(pages: Report["pages"]): Html | null {
  if (pages.length < 2) return null;
  const nodes = layOut(pages);
  const at = new Map(nodes.map((node) => [node.url, node]));
  const columns = Math.max(...nodes.map(({ column }) => column)) + 1;
  const rows = Math.max(...nodes.map(({ row }) => row)) + 1;
  const [width, height] = [columns * COLUMN - (COLUMN - BOX.width) + 4, rows * ROW + 6];
  const edges = nodes.flatMap((node) =>
    node.parents.flatMap((url) => {
      const parent = at.get(url);
      return parent && parent.column < node.column ? [{ parent, node }] : [];
    }),
  );
  const hidden = pages.length - nodes.length;
  return html`<div class="graph" tabindex="0" role="region" aria-label="Graph of pages, scrollable"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${nodes.length} pages and the links from your own pages to them">
${edges.map(({ parent, node }) => {
  const [x1, y1, x2, y2] = [
    parent.column * COLUMN + BOX.width + 2,
    parent.row * ROW + BOX.height / 2 + 3,
    node.column * COLUMN + 2,
    node.row * ROW + BOX.height / 2 + 3,
  ];
  const bend = (x1 + x2) / 2;
  return html`<path class="edge" d="M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}"/>`;
})}
${nodes.map((node) => html`<g><title>${node.url}</title><rect class="${node.column === 0 ? "node own" : node.parents.length === 0 ? "node loose" : "node"}" x="${node.column * COLUMN + 2}" y="${node.row * ROW + 3}" width="${BOX.width}" height="${BOX.height}" rx="6"/><text x="${node.column * COLUMN + 12}" y="${node.row * ROW + 22}">${node.label}</text></g>`)}
</svg></div><p class="note">Left: pages you own or proved. Lines: links that lead from them. Dashed: found by search or by a check of your usernames.${hidden > 0 ? ` ${hidden} more pages are not drawn.` : ""}</p>`;
}

function layOut(pages: Report["pages"]): Node[] {
  const depth = new Map<string, number>();
  const [surest] = [...pages].sort((a, b) => b.confidence - a.confidence);
  const roots = pages.filter((page) => page.root);
  for (const root of roots.length > 0 ? roots : surest ? [surest] : []) depth.set(root.url, 0);
  for (let round = 1; round <= 4; round++) {
    for (const page of pages)
      if (!depth.has(page.url) && page.from.some((url) => depth.get(url) === round - 1)) depth.set(page.url, round);
  }
  const rows = new Map<number, number>();
  const nodes: Node[] = [];
  const order = [...pages].sort(
    (a, b) =>
      (depth.get(a.url) ?? 9) - (depth.get(b.url) ?? 9) || b.confidence - a.confidence || (a.url < b.url ? -1 : 1),
  );
  for (const page of order) {
    const column = depth.get(page.url) ?? 1;
    const row = rows.get(column) ?? 0;
    if (row >= MOST_ROWS) continue;
    rows.set(column, row + 1);
    nodes.push({
      url: page.url,
      label: short(page.url),
      column,
      row,
      parents: page.from.filter((url) => depth.has(url)),
    });
  }
  return nodes;
}

function short(url: string): string {
  let path = "";
  try {
    const parsed = new URL(url);
    path = parsed.pathname === "/" ? "" : parsed.pathname;
  } catch {
    return url.slice(0, 28);
  }
  const text = `${hostOf(url)}${path}`;
  return text.length <= 25 ? text : `${text.slice(0, 14)}…${text.slice(-10)}`;
}
