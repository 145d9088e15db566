/**
 * What pages said when they were last read, masked: a server that answers "not modified" (RFC 9110, 15.4.5) saves sending
 * and reading them again. It lives in memory only and belongs to one identity, since another masks otherwise.
 */
import type { Lead } from "@candor/store";
import type { Document, MaskCounts } from "../ports.ts";
import type { CacheEntry, PageCache } from "./fetched.ts";

/** A page as it may be shown and kept; nothing in it is in the clear. */
export interface Reading {
  document: Document;
  counts: MaskCounts;
  /** What the mind reads. */
  text: string;
  leads: Lead[];
}

const MOST_PAGES = 400;

export class PageMemory implements PageCache {
  readonly #entries = new Map<string, CacheEntry>();
  readonly #readings = new Map<string, Reading>();

  /** Validators only of a page whose reading is still here: otherwise "not modified" would leave nothing to show. */
  get(url: string): CacheEntry | undefined {
    return this.#readings.has(url) ? this.#entries.get(url) : undefined;
  }

  set(url: string, entry: CacheEntry): void {
    this.#readings.delete(url);
    this.#entries.delete(url);
    if (entry.etag === undefined && entry.lastModified === undefined) return;
    this.#entries.set(url, entry);
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size <= MOST_PAGES || oldest === undefined) return;
    this.#entries.delete(oldest);
    this.#readings.delete(oldest);
  }

  keep(url: string, reading: Reading): void {
    if (this.#entries.has(url)) this.#readings.set(url, reading);
  }

  reading(url: string): Reading | undefined {
    return this.#readings.get(url);
  }
}
