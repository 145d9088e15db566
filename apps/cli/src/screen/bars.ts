/** Figures as lines of text. */
import { cut, cyan, dim } from "./style.ts";

const HEIGHTS = "▁▂▃▄▅▆▇█";

/** A curve on one line, `columns` wide at most. Rising figures end at the top. */
export function spark(values: readonly number[], columns: number): string {
  const most = Math.max(...values, 0);
  const wide = Math.min(columns, values.length);
  return Array.from({ length: wide }, (_, column) => {
    const value = values[Math.floor(((column + 1) * values.length) / wide) - 1] ?? 0;
    return HEIGHTS[most === 0 ? 0 : Math.round((value / most) * (HEIGHTS.length - 1))];
  }).join("");
}

/** One line each: label, bar, text. @param columns of a bar that is full */
export function bars(rows: readonly { label: string; share: number; text: string }[], columns: number): string[] {
  const left = Math.min(50, Math.max(...rows.map(({ label }) => label.length), 0));
  return rows.map(({ label, share, text }) => {
    const full = Math.round(Math.max(0, Math.min(1, share)) * columns);
    return `${cut(label, left).padEnd(left)} ${cyan("█".repeat(full))}${dim("·".repeat(columns - full))} ${text}`;
  });
}
