/** Label and value pairs that a layout shows: definition lists, two-column rows, `Label: value` lines, microdata, paired elements. */

export interface Field {
  label: string;
  value: string;
}

const MOST_FIELDS = 400;
const textOf = (element: Element | null | undefined): string =>
  (element?.textContent ?? "").replace(/\s+/g, " ").trim();

export function fieldsOf(root: Element, lines: readonly string[]): Field[] {
  const all = (selector: string): Element[] => [...root.querySelectorAll(selector)];
  const fields: Field[] = [];
  for (const term of all("dt")) {
    for (let next = term.nextElementSibling; next?.localName === "dd"; next = next.nextElementSibling) {
      fields.push({ label: textOf(term), value: textOf(next) });
    }
  }
  for (const row of all("tr")) {
    if (row.children.length === 2) fields.push({ label: textOf(row.children[0]), value: textOf(row.children[1]) });
  }
  for (const element of all("[itemprop]")) {
    const label = element.getAttribute("itemprop") ?? "";
    fields.push({
      label,
      value: element.getAttribute("content") ?? element.getAttribute("datetime") ?? textOf(element),
    });
  }
  fields.push(...pairs(root), ...labelled(lines));
  const seen = new Set<string>();
  return fields
    .filter(({ label, value }) => {
      const key = `${label}\n${value}`;
      const good = label !== "" && value !== "" && label.length <= 60 && value.length <= 1_000 && !seen.has(key);
      seen.add(key);
      return good;
    })
    .slice(0, MOST_FIELDS);
}

/** Elements with exactly two short parts whose first is marked as a label: `<div><b>City</b> <span>Wrenport</span></div>`. */
function pairs(root: Element): Field[] {
  const found: Field[] = [];
  for (const element of root.querySelectorAll("div, li, p, section, span")) {
    const [first, second] = element.children;
    if (!first) continue;
    const label = textOf(first);
    if (label.length < 2 || label.length > 40) continue;
    const marked = /^(?:b|strong|em|small|label|h[3-6]|th|span|div)$/.test(first.localName);
    if (!marked) continue;
    const named =
      /label|key|term|name|title|caption|head|field/i.test(first.getAttribute("class") ?? "") ||
      /^(?:b|strong|label)$/.test(first.localName);
    if (element.children.length === 2 && second && (named || label.endsWith(":"))) {
      found.push({ label: label.replace(/\s*:$/, ""), value: textOf(second) });
    } else if (element.children.length === 1 && (named || label.endsWith(":"))) {
      const rest = textOf(element)
        .slice(label.length)
        .replace(/^\s*[:–—-]?\s*/, "");
      if (rest && textOf(element).startsWith(label)) found.push({ label: label.replace(/\s*:$/, ""), value: rest });
    }
  }
  return found;
}

/** `Label: value` lines of text. */
export function labelled(lines: readonly string[]): Field[] {
  const found: Field[] = [];
  for (const line of lines) {
    if (line.includes(" | ") || line.length > 400) continue;
    const [, label, value] = /^([^:|.!?]{2,40}?)\s*:\s+(\S.*)$/.exec(line) ?? [];
    if (label && value && !/^https?$/i.test(label)) found.push({ label, value });
  }
  return found;
}
