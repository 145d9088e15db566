/** `<meta>`: what a page tells machines about itself. */

const MOST = 200;
const FOR_BROWSERS =
  /^(?:viewport|content-type|refresh|robots|generator|theme-color|x-ua-compatible|referrer|csrf-|format-detection|content-security-policy|apple-|msapplication)/;

export class Metadata {
  readonly #known = new Map<string, string>();

  /** Takes a `<meta>` in, and returns where it sends the reader, if it does. */
  add(attributes: ReadonlyMap<string, string>): string | undefined {
    const content = attributes.get("content") ?? "";
    const name = attributes.get("name") ?? attributes.get("property") ?? attributes.get("http-equiv") ?? "";
    const key = name.trim().toLowerCase();
    if (key === "refresh") return /url\s*=\s*["']?([^"'\s]+)/i.exec(content.slice(0, 2_000))?.[1];
    // The first of a name counts, as with the first picture of several.
    if (key !== "" && content !== "" && !this.#known.has(key) && this.#known.size < MOST) {
      this.#known.set(key.slice(0, 100), content.slice(0, 2_000));
    }
    return undefined;
  }

  get(name: string): string | undefined {
    return this.#known.get(name);
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this.#known);
  }

  /** Sentences among it, each once: nobody sees them who only looks at the page. */
  words(): string[] {
    const said = new Map<string, string>();
    for (const [name, content] of this.#known) {
      if (!FOR_BROWSERS.test(name) && /\p{L}{2,}[\s,]+\p{L}/u.test(content) && !said.has(content)) {
        said.set(content, `${name}: ${content}`);
      }
    }
    return [...said.values()];
  }
}
