/** The addresses among a decision's arguments. */
import { argumentsOf } from "../guard/arguments.ts";

export interface Address {
  /** The argument's path; for one that stands within a longer text, `PATH~N`, from 0. */
  path: string;
  text: string;
  url: URL;
  /** It is the whole argument. */
  whole: boolean;
}

const IN_TEXT = /https?:\/\/[^\s<>"'`]+/gi;
/** Addresses looked at in one text. */
const MOST = 40;

/** As a fetcher reads it: tabs, line ends and missing slashes do not hide an address. */
export function httpUrl(text: string): URL | null {
  const url = /^\s*h/i.test(text) ? URL.parse(text.trim()) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
}

export function addressesOf(args: Record<string, unknown>): Address[] {
  return [...argumentsOf(args)].flatMap(([path, text]) => {
    const url = httpUrl(text);
    if (url) return [{ path, text: text.trim(), url, whole: true }];
    const found = (text.match(IN_TEXT) ?? []).slice(0, MOST).flatMap((match): Omit<Address, "path">[] => {
      const trimmed = match.replace(/[.,;:!?)\]}]+$/, "");
      const inner = httpUrl(trimmed);
      return inner ? [{ text: trimmed, url: inner, whole: false }] : [];
    });
    return found.map((address, at) => ({ ...address, path: `${path}~${at}` }));
  });
}
