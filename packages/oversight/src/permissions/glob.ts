/** Names with `*` for any characters; case is ignored. */
export const isGlob = (pattern: string): boolean => pattern.includes("*");

export function matchesGlob(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  const subject = text.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return subject === first;
  if (!subject.startsWith(first) || !subject.endsWith(last) || subject.length < first.length + last.length)
    return false;
  let from = first.length;
  const end = subject.length - last.length;
  for (const part of rest) {
    const at = subject.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
