/** The masker: rewrites pages and text so that no phone number, e-mail address, street address or date of birth is left in the clear. */
import type { Document, MaskCounts, Masker } from "@candor/agent";
import { plainLetters } from "../identity/forms/fold.ts";
import { scannerOf, type Vault } from "../vault/vault.ts";
import { maskDocument, withoutForgedLabels } from "./mask-document.ts";
import { maskText } from "./mask-text.ts";
import type { Masking } from "./masking.ts";
import { Numbering } from "./numbering.ts";

export interface MaskerOptions {
  /** Also masks names of persons other than the operator, as `[person 1]`. */
  names: boolean;
}

/** A masker that can also be told that a text comes from outside, where labels are forged. */
export interface ExposureMasker extends Masker {
  text(text: string, options?: { untrusted?: boolean }): { text: string; counts: MaskCounts };
}

/**
 * Masked text and masked documents come back unchanged when they are masked again.
 * Labels that a raw document holds are a page's own words and are taken apart; `text` keeps labels unless `untrusted` is set.
 * @example
 * createMasker(vault, { names: false }).text("Ring 07700 900123").text; // "Ring [phone 2: not yours]"
 */
export function createMasker(vault: Vault, options: MaskerOptions): ExposureMasker {
  const scanner = scannerOf(vault);
  const names = scanner.seeds.names.map((name) =>
    plainLetters(name)
      .split(/[\s.-]+/)
      .filter(Boolean),
  );
  const handles = new Set(scanner.seeds.usernames.map((name) => name.toLowerCase()));
  const made = new WeakSet<Document>();
  const masking = (): Masking => ({
    scanner,
    numbering: new Numbering(scanner.counts),
    names: options.names,
    isOwnName(plain) {
      const words = plain.split(/[\s.-]+/).filter(Boolean);
      return names.some(
        (own) =>
          own.at(-1) === words.at(-1) && words.every((word) => own.some((part) => part === word || part[0] === word)),
      );
    },
    isOwnHandle: (handle) => handles.has(handle),
  });
  return {
    document(document) {
      const each = masking();
      const raw = made.has(document) ? document : withoutForgedLabels(document);
      const masked = maskDocument(raw, each);
      made.add(masked);
      return { document: masked, counts: each.numbering.counts };
    },
    text(text, { untrusted = false } = {}) {
      const each = masking();
      const raw = untrusted ? withoutForgedLabels(text) : text;
      each.numbering.reserve(raw);
      return { text: maskText(raw, each), counts: each.numbering.counts };
    },
  };
}
