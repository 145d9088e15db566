/** HTML by tagged template: strings are escaped, `Html` is taken as it is. */

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type Piece = string | number | Html | null | readonly Piece[];

export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function render(piece: Piece): string {
  if (piece === null) return "";
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "object") return piece.map(render).join("");
  return escapeHtml(String(piece));
}

export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  let text = strings[0] ?? "";
  pieces.forEach((piece, i) => {
    text += render(piece) + (strings[i + 1] ?? "");
  });
  return new Html(text);
}

export const raw = (text: string): Html => new Html(text);

/** What a reader sees of a piece: tags away, entities resolved. */
export function plain(piece: Piece): string {
  return render(piece)
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}
