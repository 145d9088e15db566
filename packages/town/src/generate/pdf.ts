/**
 * Small PDFs: pages of Helvetica text and document information. Written here because pdf-lib can only save
 * asynchronously and stamps the time, while a town is built synchronously and byte for byte the same.
 */

export interface PdfLine {
  text: string;
  size?: number;
  bold?: boolean;
  /** Left edge in points from the left margin. */
  indent?: number;
  /** White on white: in the text layer, but not to be seen. */
  invisible?: boolean;
}

export interface PdfDocument {
  title: string;
  author?: string;
  subject?: string;
  keywords?: string;
  lines: readonly PdfLine[];
}

const LINES_PER_PAGE = 44;

/** A literal string; characters outside WinAnsi's lower half become `?`. */
function literal(text: string): string {
  const safe = text.replace(/[\\()]/g, (c) => `\\${c}`).replace(/[^\x20-\x7e]/g, "?");
  return `(${safe})`;
}

function content(lines: readonly PdfLine[]): string {
  let y = 800;
  const drawn = lines.map((line) => {
    const size = line.size ?? 11;
    y -= size + 6;
    return `BT ${line.invisible === true ? "1" : "0"} g /${line.bold === true ? "F2" : "F1"} ${size} Tf ${56 + (line.indent ?? 0)} ${y} Td ${literal(line.text)} Tj ET`;
  });
  return drawn.join("\n");
}

export function pdf(document: PdfDocument): Uint8Array {
  const sheets: PdfLine[][] = [];
  for (let at = 0; at < document.lines.length || at === 0; at += LINES_PER_PAGE)
    sheets.push(document.lines.slice(at, at + LINES_PER_PAGE));
  const info = [
    ["Title", document.title],
    ["Author", document.author],
    ["Subject", document.subject],
    ["Keywords", document.keywords],
    ["Creator", "Paperwriter 2"],
  ].flatMap(([key, value]) => (value === undefined ? [] : [`/${key} ${literal(value)}`]));
  const firstSheet = 6;
  const kids = sheets.map((_, i) => `${firstSheet + i * 2} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${sheets.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    `<< ${info.join(" ")} >>`,
    ...sheets.flatMap((lines, i) => {
      const stream = content(lines);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${firstSheet + i * 2 + 1} 0 R >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ];
    }),
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  text += offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  // Everything above is ASCII, so characters are bytes.
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
