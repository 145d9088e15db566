/** A finding: something that the web shows about the operator, with the evidence and the reasons. */
import { Severity } from "@candor/store";
import { z } from "zod";
import { FindingKind } from "../extract/record.ts";

export const Evidence = z.object({
  url: z.string(),
  /** The passage, masked. */
  quote: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** sha256 of the fetched bytes, hex. */
  hash: z.string(),
  step: z.number().int(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Hop = z.object({ url: z.string(), how: z.string() });
export type Hop = z.infer<typeof Hop>;

export const Finding = z.object({
  /** Stable: the same kind and value have the same id in every run. */
  id: z.string(),
  kind: FindingKind,
  /** Sealed kinds: `phone 1`. Username: `handle@host`. Photo: URL. Location: a place or `lat,lon`. */
  value: z.string(),
  evidence: z.array(Evidence),
  /** From a page that is proven to be the operator's to the page that shows this. */
  chain: z.array(Hop),
  why: z.object({ for: z.array(z.string()), against: z.array(z.string()) }),
  confidence: z.number(),
  severity: Severity,
  /** In some search engine's index. */
  indexed: z.boolean(),
  /** What the operator said of it. */
  judgment: z.enum(["mine", "not mine"]).optional(),
});
export type Finding = z.infer<typeof Finding>;

/** A page that should have been read and was not, and why. */
export const Unread = z.object({ url: z.string(), reason: z.string(), step: z.number().int() });
export type Unread = z.infer<typeof Unread>;

export interface Exposure {
  findings: Finding[];
  unread: Unread[];
  /** Other people who share the name or a handle. */
  dropped: number;
  /** Pages weighed, with how sure we are that they are the operator's: the report's graph. */
  pages: {
    url: string;
    title: string;
    kind: string;
    confidence: number;
    from: string[];
    mine: boolean;
    root: boolean;
  }[];
}
