/** What is drawn from one masked page: who it is about and what it says of them. The `record` of an observation. */
import { z } from "zod";

export const PageKind = z.enum(["profile", "document", "listing", "directory", "article", "file"]);
export type PageKind = z.infer<typeof PageKind>;

/** Kinds that are sealed: on a page they are labels, such as `[phone 1: yours]`. */
export const SEALED_KINDS = ["phone", "e-mail", "address", "birth date"] as const;
export const OPEN_KINDS = ["employer", "school", "interest", "username", "photo", "location"] as const;
export const FINDING_KINDS = [...SEALED_KINDS, ...OPEN_KINDS] as const;

export const FindingKind = z.enum(FINDING_KINDS);
export type FindingKind = z.infer<typeof FindingKind>;

export const Claim = z.object({
  kind: FindingKind,
  /** Sealed kinds: `phone 1`. Username: `handle@host`. Photo: an absolute URL. Location: a place or `lat,lon`. */
  value: z.string(),
  /** The passage that says so, masked and short. */
  quote: z.string(),
  /** That the page says so, not that it is true of the operator. */
  confidence: z.number(),
});
export type Claim = z.infer<typeof Claim>;

export const Handle = z.object({
  handle: z.string(),
  host: z.string(),
  /** `stated`: the page says that its subject has this account on that (other) host. */
  how: z.enum(["field", "address", "mention", "author", "stated"]),
});
export type Handle = z.infer<typeof Handle>;

export const SubjectLink = z.object({
  url: z.string(),
  /** `me`: rel=me. `home`: shown as the subject's own page. `own`: their work here (an item, a thread, a photo). */
  how: z.enum(["me", "home", "own"]),
});
export type SubjectLink = z.infer<typeof SubjectLink>;

export const Subject = z.object({
  /** The page is about this subject, rather than mentioning it. */
  main: z.boolean(),
  names: z.array(z.string()),
  /** How the subject's name compares with the operator's. */
  named: z.enum(["full", "initial", "part", "none", "other"]),
  handles: z.array(Handle),
  claims: z.array(Claim),
  links: z.array(SubjectLink),
  photos: z.array(z.object({ src: z.string(), alt: z.string() })),
  /** Sealed kinds that stand in this block and are not the operator's. */
  others: z.array(z.enum(SEALED_KINDS)),
  /** Year of birth, where the block gives one in the clear. */
  born: z.number().int().optional(),
});
export type Subject = z.infer<typeof Subject>;

export const PageRecord = z.object({
  version: z.literal(1),
  url: z.string(),
  host: z.string(),
  hash: z.string(),
  title: z.string(),
  kind: PageKind,
  subjects: z.array(Subject),
  /** Blocks about people who are certainly not the operator: counted and dropped. */
  people: z.number().int(),
  /** An image's hash is that of its bytes. */
  image: z.object({ position: z.string().optional(), artist: z.string().optional() }).optional(),
});
export type PageRecord = z.infer<typeof PageRecord>;
