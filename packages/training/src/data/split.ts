/** Which documents a model learns from and which it is measured on. */
import { createHash } from "node:crypto";

export type Side = "train" | "validation";

/**
 * By the hash of its content, so that a document stays on its side when others come or go, and twins stay together;
 * or, for a single text, by place: nanoGPT's first 90 % and last 10 %.
 */
export type Split =
  | { readonly by: "document"; readonly fraction: number }
  | { readonly by: "position"; readonly fraction: number };

export function sideOf(text: string, fraction: number): Side {
  const hash = createHash("sha256").update(text).digest().readUIntBE(0, 6);
  return hash < fraction * 2 ** 48 ? "validation" : "train";
}

/** Cuts where nanoGPT does; never between the halves of one character. */
export function cutByPosition(text: string, fraction: number): Record<Side, string> {
  let at = Math.trunc(text.length * (1 - fraction));
  if (/[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1))) at--;
  return { train: text.slice(0, at), validation: text.slice(at) };
}
