/** Colour where the terminal wants it: `NO_COLOR`, `FORCE_COLOR` and pipes are honoured by `styleText`. */
import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

const paint = (format: Format) => (text: string) => styleText(format, text, { stream: process.stdout });

export const bold = paint("bold");
export const dim = paint("dim");
export const green = paint("green");
export const yellow = paint("yellow");
export const red = paint("red");
export const cyan = paint("cyan");

/** Columns of the terminal, or `COLUMNS` where the output goes elsewhere; between 40 and 120. */
export const width = (): number =>
  Math.max(40, Math.min(process.stdout.columns ?? (Number(process.env.COLUMNS) || 100), 120));

/** Cuts `text` to `most` characters with an ellipsis. */
export const cut = (text: string, most: number): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, Math.max(0, most - 1)).trimEnd()}…`;
};

/** Wraps `text` to `columns`, each line after `indent`. */
export function wrap(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(/\s+/)) {
      if (line && line.length + word.length + 1 > columns - indent.length) {
        lines.push(indent + line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    lines.push(indent + line);
  }
  return lines.join("\n");
}

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
