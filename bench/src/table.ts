/** Rows as a table for people. */
import type { Row } from "./bench.ts";

const show = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? "-"
    : Number.isInteger(value)
      ? String(value)
      : Math.abs(value) < 10
        ? value.toFixed(3)
        : value.toFixed(1);

export function table(rows: readonly Row[]): string {
  const lines = [
    ["case", "metric", "value", "unit", "peer", "peer value", "ratio", "goal", ""],
    ...rows.map((row) => [
      row.case,
      row.metric,
      show(row.value),
      row.unit ?? "",
      row.peer ?? "",
      row.peer ? show(row.peer_value) : "",
      row.ratio === undefined ? "" : show(row.ratio),
      row.goal ?? "",
      row.ok === undefined ? "" : row.ok ? "ok" : "MISSED",
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .toSpliced(1, 0, widths.map((w) => "-".repeat(w)).join("  "))
    .join("\n");
}
