/** What all pictures share: SVG as text, in the reader's light or dark. */

/** Told apart by people who do not tell all colours apart (Okabe and Ito 2008), in both themes. */
export const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9"] as const;

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[each] ?? each);

const STYLE = `.page { fill: #fff } text { fill: #222 } .grid { stroke: #ddd } .soft { fill: #666 }
  @media (prefers-color-scheme: dark) { .page { fill: #16181d } text { fill: #e6e6e6 } .grid { stroke: #33363d } .soft { fill: #a0a4ab } }`;

/** A whole SVG document. @param title what a screen reader says of it */
export const svg = (title: string, width: number, height: number, body: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<rect class="page" width="${width}" height="${height}"/>
${body.join("\n")}
</svg>
`;

export const label = (
  x: number,
  y: number,
  text: string,
  { anchor = "start", soft = false }: { anchor?: "start" | "middle" | "end"; soft?: boolean } = {},
): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${soft ? ' class="soft"' : ""}>${escaped(text)}</text>`;
