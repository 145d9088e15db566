/** E-mail addresses: one spelling for every way of writing the same mailbox. */

const DOTS_IGNORED = new Set(["gmail.com", "googlemail.com"]);

/** Trimmed and lower-cased, as breach services hash it. */
export function lowerCaseEmail(text: string): string {
  return text.trim().toLowerCase();
}

/** The mailbox that an address reaches: without its plus tag, and for Gmail without dots. */
export function mailbox(text: string): string {
  const address = lowerCaseEmail(text);
  const cut = address.lastIndexOf("@");
  if (cut < 1) return address;
  const domain = address.slice(cut + 1).replace(/\.$/, "");
  const local = address.slice(0, cut).replace(/\+.*$/, "");
  if (DOTS_IGNORED.has(domain)) return `${local.replaceAll(".", "")}@gmail.com`;
  return `${local}@${domain}`;
}

export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@"<>(),;:]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u.test(text);
}
