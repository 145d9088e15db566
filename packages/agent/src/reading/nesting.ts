/** Takes the sting out of markup that is made to be slow: absurd nesting and absurd tags. The text stays. */

const DEEPEST = 200;
const LONGEST_TAG = 5_000;
const MOST_ATTRIBUTES = 300;

/** Elements that never hold others, and those that the next of their kind closes, so that a run of them is no nesting. */
const FLAT = new Set(
  "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot option optgroup".split(
    " ",
  ),
);
const RAW = new Set(["script", "style", "textarea", "title", "xmp", "noembed", "noframes"]);

interface Tag {
  start: number;
  end: number;
  name: string;
  closing: boolean;
}

/** `html` with tags nested deeper than 200 left out, and tags of hundreds of attributes bared. Linear in its length. */
export function shallow(html: string): string {
  let depth = 0;
  let copied = 0;
  const parts: string[] = [];
  for (const { start, end, name, closing } of tagsOf(html)) {
    const nests = !FLAT.has(name);
    const excess = nests && (closing ? depth > DEEPEST : depth >= DEEPEST);
    if (nests) depth = closing ? Math.max(0, depth - 1) : depth + 1;
    const bare =
      !excess &&
      end - start > LONGEST_TAG &&
      html.slice(start, end).split(/\s+/, MOST_ATTRIBUTES + 1).length > MOST_ATTRIBUTES;
    if (!excess && !bare) continue;
    parts.push(html.slice(copied, start), bare ? `<${name}>` : "");
    copied = end;
  }
  return parts.length === 0 ? html : parts.join("") + html.slice(copied);
}

function* tagsOf(html: string): Generator<Tag> {
  let at = html.indexOf("<");
  while (at >= 0) {
    if (html.startsWith("<!--", at)) {
      const close = html.indexOf("-->", at + 4);
      if (close < 0) return;
      at = html.indexOf("<", close);
      continue;
    }
    const closing = html[at + 1] === "/";
    let stop = closing ? at + 2 : at + 1;
    const nameStart = stop;
    while (stop < html.length && /[A-Za-z0-9:-]/.test(html[stop] ?? "")) stop += 1;
    if (stop === nameStart) {
      at = html.indexOf("<", at + 1);
      continue;
    }
    const name = html.slice(nameStart, stop).toLowerCase();
    const close = html.indexOf(">", stop);
    if (close < 0) return;
    if (html[close - 1] !== "/") yield { start: at, end: close + 1, name, closing };
    let next = close + 1;
    if (!closing && RAW.has(name)) {
      const end = new RegExp(`</${name}`, "gi");
      end.lastIndex = next;
      const found = end.exec(html);
      if (!found) return;
      next = found.index;
    }
    at = html.indexOf("<", next);
  }
}
