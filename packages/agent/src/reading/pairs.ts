/** Labels and values: lines such as `Town: Wrenport`, and boxes that hold a label and what belongs to it. */

export interface Pair {
  label: string;
  value: string;
}

const LONGEST_VALUE = 300;

/** Could `text` be the label of a field? */
export function labelLike(text: string): boolean {
  const bare = bareLabel(text);
  return (
    bare.length > 0 &&
    bare.length <= 48 &&
    /^[\p{L}#]/u.test(bare) &&
    !/[@\n\t!?;]|https?:|www\.|\d{3}/u.test(bare) &&
    !/\.\s|[^.]\w\.$/.test(bare) &&
    bare.split(/\s+/).length <= 6
  );
}

export const bareLabel = (text: string): string => text.replace(/\s*[:：]\s*$/, "").trim();

/** `Label: value` parts of a line, of which a row or a run of them may hold several. */
export function pairsIn(line: string): Pair[] {
  if (!/[:：]/.test(line)) return [];
  const pairs: Pair[] = [];
  for (const part of line.slice(0, 2_000).split(/\t|\s[|·•‧●▪–—]\s|\s{3,}|;\s+(?=[\p{L}][^:;]{1,30}:)/u)) {
    const match = /^\s*([\p{L}#][^:：]{0,48}?)\s*[:：](?!\/\/)\s*(\S.*)$/u.exec(part);
    const [, label = "", value = ""] = match ?? [];
    if (match && labelLike(label) && !(/\d$/.test(label) && /^\d/.test(value))) add(pairs, label, value);
  }
  return pairs;
}

function add(pairs: Pair[], label: string, value: string): void {
  const trimmed = value.trim().slice(0, LONGEST_VALUE);
  if (trimmed !== "") pairs.push({ label: bareLabel(label), value: trimmed });
}

/** An element inside of a box, as far as it was seen. */
export interface Part {
  tag: string;
  text: string;
  names: string;
}

const LABEL_TAGS = new Set("strong b em i label dt th h2 h3 h4 h5 h6 small legend figcaption abbr".split(" "));
const LABEL_NAMES =
  /(?:^|[\s_-])(?:k|key|label|lbl|term|title|caption|head(?:ing|er)?|field(?:-?name)?|prop(?:erty)?|dt|th|attr(?:ibute)?|what|desc(?:riptor)?)(?:$|[\s_-])/i;

export interface BoxPair extends Pair {
  /** False where only the repetition of the layout can tell that it is one. */
  sure: boolean;
}

/**
 * The pair that a box shows whose first part is a label.
 * @param text of the whole box
 * @param parts its first elements
 * @param count of its elements
 * @param ownText the box has text outside of its elements
 */
export function pairInBox(text: string, parts: readonly Part[], count: number, ownText: boolean): BoxPair | undefined {
  const [first] = parts;
  if (first === undefined || text.length > 500 || !labelLike(first.text) || !text.startsWith(first.text))
    return undefined;
  const rest = text.slice(first.text.length).replace(/^[\s:：–—-]+/, "");
  if (rest === "" || rest.length > LONGEST_VALUE || rest.split("\n").length > 8) return undefined;
  const value = rest.replace(/[\t\n]+/g, ", ").replace(/([,;:.]), /g, "$1 ");
  const colon = /[:：]\s*$/.test(first.text) || /^\s*[:：]/.test(text.slice(first.text.length));
  const marked = LABEL_TAGS.has(first.tag) || LABEL_NAMES.test(first.names);
  const label = bareLabel(first.text);
  if (colon) return { label, value, sure: true };
  if (marked && count <= 2) return { label, value, sure: true };
  if (count === 2 && !ownText && first.tag !== "a" && !/\d/.test(label)) return { label, value, sure: false };
  return undefined;
}
