/** What a page says for machines: JSON-LD, and hCards (https://microformats.org/wiki/h-card) as plain objects. */

const MOST_BLOCKS = 40;

export function structuredOf(
  document: { querySelectorAll(selector: string): Iterable<Element> },
  base: string,
): unknown[] {
  const found: unknown[] = [];
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try {
      found.push(JSON.parse(script.textContent ?? ""));
    } catch {
      // Broken JSON-LD says nothing; the page's text remains.
    }
  }
  for (const card of document.querySelectorAll(".h-card, .vcard")) found.push(hCard(card, base));
  return found.slice(0, MOST_BLOCKS);
}

function hCard(card: Element, base: string): Record<string, unknown> {
  const properties: Record<string, string[]> = { type: ["h-card"] };
  for (const element of [card, ...card.querySelectorAll("*")]) {
    for (const name of (element.getAttribute("class") ?? "").split(/\s+/)) {
      const plain = /^(?:p|u|dt|e)-(.+)$/.exec(name)?.[1] ?? (CLASSIC.has(name) ? name : undefined);
      if (!plain || name === "h-card") continue;
      const link =
        name.startsWith("u-") || plain === "url" || plain === "photo"
          ? (element.getAttribute("href") ?? element.getAttribute("src"))
          : undefined;
      const value = link
        ? (URL.parse(link, base)?.href ?? link)
        : (element.getAttribute("datetime") ?? element.textContent ?? "");
      const values = properties[plain] ?? [];
      values.push(value.replace(/\s+/g, " ").trim());
      properties[plain] = values;
    }
  }
  return properties;
}

const CLASSIC = new Set([
  "fn",
  "nickname",
  "org",
  "locality",
  "url",
  "photo",
  "bday",
  "tel",
  "email",
  "adr",
  "note",
  "title",
  "category",
]);
