/** Walks a page as a person sees it: visible text one block per line, hidden text apart. */

export interface Walked {
  /** One block per line; the cells of a table row are joined by ` | `. */
  lines: string[];
  /** Text of elements that nobody sees. */
  hidden: string[];
}

const BLOCK = new Set(
  "p div li h1 h2 h3 h4 h5 h6 tr section article header footer main nav ul ol dl dt dd table blockquote figure figcaption address form fieldset br hr aside details summary caption option body".split(
    " ",
  ),
);
const SILENT = new Set("script style template head svg canvas iframe object select".split(" "));
/** Deeper nesting is an attack on the reader, not a layout. */
const MOST_DEPTH = 400;

export function walk(body: Element, hiddenClasses: ReadonlySet<string>): Walked {
  const lines: string[] = [];
  const hidden: string[] = [];
  let line = "";
  const flush = () => {
    const text = line.replace(/[^\S\n]+/g, " ").trim();
    if (text) lines.push(text);
    line = "";
  };
  const visit = (node: Node, depth: number): void => {
    if (node.nodeType === 3) {
      line += (node.textContent ?? "").replace(/\s+/g, " ");
      return;
    }
    if (node.nodeType === 8) {
      const comment = (node.textContent ?? "").trim();
      if (comment.length > 3) hidden.push(comment);
      return;
    }
    if (node.nodeType !== 1 || depth > MOST_DEPTH) return;
    const element = node as Element;
    const name = element.localName;
    if (SILENT.has(name)) return;
    if (name === "noscript" || isHidden(element, hiddenClasses)) {
      const text = (element.textContent ?? "").replace(/\s+/g, " ").trim();
      if (text) hidden.push(text);
      return;
    }
    if (name === "pre" || name === "textarea") {
      flush();
      for (const each of (element.textContent ?? "").split("\n")) if (each.trim()) lines.push(each.trimEnd());
      return;
    }
    if (name === "td" || name === "th") {
      if (line.trim()) line += " | ";
      for (const child of element.childNodes) visit(child as unknown as Node, depth + 1);
      return;
    }
    const block = BLOCK.has(name);
    if (block) flush();
    for (const child of element.childNodes) visit(child as unknown as Node, depth + 1);
    if (block) flush();
  };
  for (const child of body.childNodes) visit(child as unknown as Node, 0);
  flush();
  return { lines, hidden };
}

const HIDING_STYLE =
  /display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|font-size\s*:\s*0(?:\.\d+)?(?:px|em|rem|%|pt)?\s*(?:;|!|$)|(?:left|top|right|text-indent|margin-left)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0|(?:^|[;\s])(?:width|height)\s*:\s*0(?:px)?\s*(?:;|$)/i;

function isHidden(element: Element, hiddenClasses: ReadonlySet<string>): boolean {
  if (element.hasAttribute("hidden") || element.getAttribute("aria-hidden") === "true") return true;
  if (element.localName === "input" && element.getAttribute("type") === "hidden") return true;
  const style = element.getAttribute("style");
  if (style && (HIDING_STYLE.test(style) || sameColours(style))) return true;
  if (hiddenClasses.size === 0) return false;
  if (hiddenClasses.has(`#${element.getAttribute("id")}`)) return true;
  return (element.getAttribute("class") ?? "").split(/\s+/).some((name) => hiddenClasses.has(`.${name}`));
}

function sameColours(style: string): boolean {
  const colour = /(?:^|;)\s*color\s*:\s*([^;]+)/i.exec(style)?.[1];
  const background = /background(?:-color)?\s*:\s*([^;]+)/i.exec(style)?.[1];
  return colour !== undefined && background !== undefined && plainColour(colour) === plainColour(background);
}

const plainColour = (colour: string): string => {
  const value = colour.trim().toLowerCase().replace("!important", "").trim();
  const named: Record<string, string> = { white: "#ffffff", "#fff": "#ffffff", black: "#000000", "#000": "#000000" };
  return named[value] ?? value;
};

/** Class and id selectors of the page's own style sheets that hide what they match. */
export function hidingSelectors(sheets: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const sheet of sheets) {
    for (const [, selectors = "", body = ""] of sheet.slice(0, 200_000).matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (!HIDING_STYLE.test(body) && !sameColours(body)) continue;
      for (const selector of selectors.split(",")) {
        const plain = selector.trim();
        if (/^[.#][\w-]+$/.test(plain)) found.add(plain);
      }
    }
  }
  return found;
}
