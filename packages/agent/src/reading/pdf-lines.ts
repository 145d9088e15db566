/** Puts the pieces of a PDF page together again as the lines that a person reads. */

/** A piece of text and where it stands, in points from the lower left. */
export interface Piece {
  text: string;
  x: number;
  y: number;
  width: number;
  /** Height of the letters. */
  size: number;
}

export interface PageText {
  seen: string[];
  /** Too small to read, or outside of the page. */
  unseen: string[];
}

const SMALLEST = 2.5;

export function linesOf(pieces: readonly Piece[], box: { width: number; height: number }): PageText {
  const page: PageText = { seen: [], unseen: [] };
  const shown: Piece[] = [];
  for (const piece of pieces) {
    // Spaces are known by the gaps they leave.
    if (piece.text.trim() === "") continue;
    const outside = piece.x < -piece.width - 5 || piece.x > box.width + 5 || piece.y < -5 || piece.y > box.height + 5;
    if (piece.size < SMALLEST || outside) page.unseen.push(piece.text.trim());
    else shown.push(piece);
  }
  // The order of the file is that of reading, as a rule; within a line the order is from left to right.
  let line: Piece[] = [];
  const end = (): void => {
    const text = join(line);
    if (text !== "") page.seen.push(text);
    line = [];
  };
  for (const piece of shown) {
    const last = line.at(-1);
    if (last && Math.abs(last.y - piece.y) > Math.max(last.size, piece.size) * 0.5) end();
    line.push(piece);
  }
  end();
  return page;
}

function join(line: readonly Piece[]): string {
  const ordered = [...line].sort((a, b) => a.x - b.x);
  let text = "";
  let right: number | undefined;
  for (const piece of ordered) {
    const gap = right === undefined ? 0 : piece.x - right;
    if (gap > piece.size * 2) text += "\t";
    else if (gap > piece.size * 0.2) text += " ";
    text += piece.text;
    right = piece.x + piece.width;
  }
  return text
    .replace(/[^\S\t]+/g, " ")
    .replace(/ ?\t[\t ]*/g, "\t")
    .trim();
}
