/** Fields that tables show: a label beside its value, or a heading above its column. */
import type { PlacedPair } from "./fields.ts";
import { bareLabel, labelLike } from "./pairs.ts";

export interface Cell {
  text: string;
  heading: boolean;
  /** What responsive tables repeat in an attribute. */
  label: string;
  line: number;
  order: number;
}

export interface Row {
  cells: Cell[];
  inHead: boolean;
}

const LONGEST = 300;

export function fieldsOfTable(rows: readonly Row[]): PlacedPair[] {
  const fields: PlacedPair[] = [];
  const add = (label: string, cell: Cell): void => {
    const value = cell.text.replace(/[\t\n]+/g, ", ");
    const bare = bareLabel(label).replace(/\n/g, " ");
    if (bare === "" || bare.length > 60 || value === "" || value.length > LONGEST) return;
    fields.push({ label: bare, value, line: cell.line, order: cell.order });
  };
  const headings = headingsOf(rows);
  const paired = !headings && looksPaired(rows);
  for (const row of rows) {
    if (row.cells === headings?.cells) continue;
    const [first, ...others] = row.cells;
    if (first === undefined) continue;
    for (const cell of row.cells) if (cell.label) add(cell.label, cell);
    if (row.cells.some((cell) => cell.label)) continue;
    if (headings) {
      for (const [i, cell] of row.cells.entries()) {
        const heading = headings.cells[i];
        if (heading) add(heading.text, cell);
      }
    } else if (first.heading && others.length > 0 && others.every((cell) => !cell.heading)) {
      for (const cell of others) add(first.text, cell);
    } else if (row.cells.length % 2 === 0 && row.cells.every((cell, i) => i % 2 === 1 || cell.heading)) {
      // Two or more pairs in one row.
      pairwise(row.cells, add);
    } else if (paired || (row.cells.length === 2 && /[:：]$/.test(first.text))) {
      pairwise(row.cells, add);
    }
  }
  return fields;
}

function pairwise(cells: readonly Cell[], add: (label: string, cell: Cell) => void): void {
  for (let i = 0; i + 1 < cells.length; i += 2) {
    const [label, value] = [cells[i], cells[i + 1]];
    if (label && value && labelLike(label.text)) add(label.text, value);
  }
}

function headingsOf(rows: readonly Row[]): Row | undefined {
  const row = rows.find((each) => each.cells.length > 1);
  if (row === undefined || rows.length < 2) return undefined;
  const isHeading = row.inHead || row.cells.every((cell) => cell.heading || cell.text === "");
  return isHeading && row.cells.some((cell) => cell.text !== "") ? row : undefined;
}

/** Every row holds two cells, of which the first could be a label and no two labels are the same. */
function looksPaired(rows: readonly Row[]): boolean {
  const full = rows.filter((row) => row.cells.length > 1);
  if (full.length === 0 || !full.every((row) => row.cells.length === 2)) return false;
  const labels = full.map((row) => row.cells[0]?.text ?? "");
  const good = labels.filter((label) => labelLike(label) && !/\d/.test(label));
  return good.length >= Math.max(1, full.length * 0.6) && new Set(good).size === good.length;
}
