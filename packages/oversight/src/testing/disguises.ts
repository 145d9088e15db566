/** Ways of putting a text so that it does not look like itself, and of cutting it over several arguments. */
import fc from "fast-check";

const hex = (text: string): string => Buffer.from(text).toString("hex");

export const disguises = {
  plain: (text: string) => text,
  shouted: (text: string) => text.toUpperCase(),
  "full width": (text: string) =>
    text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  "with zero-width spaces": (text: string) => [...text].join("\u200b"),
  base64: (text: string) => Buffer.from(text).toString("base64"),
  base64url: (text: string) => Buffer.from(text).toString("base64url"),
  hex,
  percent: (text: string) => hex(text).replace(/../g, "%$&"),
};
export type Disguise = keyof typeof disguises;

/** Encodings hide a text whole; the others leave it readable piece by piece. */
const CODES: readonly Disguise[] = ["base64", "base64url", "hex", "percent"];
const READABLE: readonly Disguise[] = ["plain", "shouted", "full width", "with zero-width spaces"];

const cuts = {
  whole: (text: string) => ({ body: text }),
  "within a list": (text: string) => ({ rows: halves(text) }),
  "over two arguments": (text: string) => {
    const [subject, body] = halves(text);
    return { subject, body };
  },
  "deep inside": (text: string) => ({ a: { b: [{ c: halves(text) }] } }),
  "as a key": (text: string) => ({ fields: { [text]: true } }),
  // A key that is a number would be sorted first.
  "as keys": (text: string) => ({ fields: Object.fromEntries(halves(text).map((half) => [` ${half}`, true])) }),
};

/** Cut near the middle, at a space where there is one. */
function halves(text: string): [string, string] {
  const middle = Math.floor(text.length / 2);
  const space = text.indexOf(" ", middle);
  return space < 0 ? [text.slice(0, middle), text.slice(middle)] : [text.slice(0, space), text.slice(space + 1)];
}

export interface Dressed {
  how: string;
  args(text: string): Record<string, unknown>;
}

/** One look, or up to three encodings within each other, and one cut. */
export const dressed: fc.Arbitrary<Dressed> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...READABLE).map((look) => [look]),
      fc.array(fc.constantFrom(...CODES), { minLength: 1, maxLength: 3 }),
    ),
    fc.constantFrom(...(Object.keys(cuts) as (keyof typeof cuts)[])),
  )
  .map(([looks, cut]) => ({
    how: `${looks.join(", ")}; ${cut}`,
    args: (text) => cuts[cut](looks.reduce((each, look) => disguises[look](each), text)),
  }));
