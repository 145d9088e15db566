/** What the agent needs from outside. The apps fill these ports; the agent knows no implementation. */
import type { Autonomy, Decision, EffectClass, Observation, Recorded, Verdict } from "@candor/store";
import type { FindingView, Seeds } from "./mind.ts";

/** A fetched resource, read but not yet masked. Lives in memory only. */
export interface Document {
  /** After redirects, without fragment. */
  url: string;
  host: string;
  status: number;
  contentType: string;
  title: string;
  /** Visible text, one block per line. */
  text: string;
  /** Text that a person would not see: hidden elements, comments, zero-size or same-colour text, metadata. */
  hidden: string;
  links: { href: string; label: string; rel: string }[];
  /** Label and value pairs that the layout shows: definition lists, tables, `Label: value` lines, microdata. */
  fields: { label: string; value: string }[];
  /** Parsed JSON-LD blocks and hCards as plain objects. */
  structured: unknown[];
  images: { src: string; alt: string }[];
  meta: Record<string, string>;
  /** From EXIF, degrees. */
  position?: { latitude: number; longitude: number };
  /** sha256 of the fetched bytes, hex. */
  hash: string;
}

export interface MaskCounts {
  yours: number;
  others: number;
}

/** Rewrites every string of a document so that no identifier is left in the clear. Pure for a given identity. */
export interface Masker {
  document(document: Document): { document: Document; counts: MaskCounts };
  /** For text that is not a page: search snippets, tool results, a child's report. `untrusted` takes labels apart that the text itself forges. */
  text(text: string, options?: { untrusted?: boolean }): { text: string; counts: MaskCounts };
}

/** Draws structured data from masked pages and folds it into findings. */
export interface Analyst {
  /** A JSON value recorded with the step, or undefined when the page says nothing about anyone wanted. */
  extract(document: Document): unknown;
  findings(events: readonly Recorded[]): FindingView[];
  /** How sure it is that the page at `url` is the operator's, 0 to 1. */
  owned(events: readonly Recorded[], url: string): number;
}

/** A decision with what the guard needs to judge it. */
export interface GuardRequest {
  run: string;
  /** This run and its ancestors, oldest first. */
  chain: string[];
  kind: "audit" | "run";
  world: "town" | "web";
  goal: string;
  step: number;
  tool: { name: string; effect: EffectClass };
  args: Decision["args"];
  /** For each argument path: the origins of the text it repeats (`host:x`, `operator`, `mind` ...). */
  origins: Record<string, string[]>;
  permissions: unknown;
  /** How far the run goes by itself; without it, as far as its permissions let it. */
  autonomy?: Autonomy;
  seeds: Seeds;
}

export interface Guard {
  judge(request: GuardRequest): Verdict;
}

export interface SearchResult {
  url: string;
  title: string;
  snippet: string;
}

export interface SearchEngine {
  name: string;
  search(query: string, page: number, signal: AbortSignal): Promise<SearchResult[]>;
}

/** A request about to leave, as whoever signs it needs it. */
export interface SentRequest {
  method: string;
  /** Absolute, without fragment. */
  url: string;
  body?: string | undefined;
}

/** Which addresses may be connected to, and how names become addresses. */
export interface Network {
  /** Resolves a host name to all of its addresses. Default: the system's resolver. */
  resolve?(host: string): Promise<string[]>;
  /**
   * The one loopback endpoint that may be reached: connections to `127.0.0.1` go to this port whatever port the URL names.
   * Every other private, loopback, link-local or reserved address is refused.
   */
  loopbackPort?: number;
  /** Fields that say who sends a request, asked for anew each time it is sent. */
  sign?(request: SentRequest): Record<string, string> | Promise<Record<string, string>>;
  userAgent: string;
  /** Milliseconds between two requests to one host, unless robots.txt asks for more. */
  politenessMs: number;
  timeoutMs: number;
  maxBytes: number;
}

export type DeliveryOutcome =
  | { status: "ok"; via: string; id: string }
  | { status: "error" | "unknown"; via: string; reason: string };

/** Sends to the operator's own verified number or address, which only the vault knows. */
export interface Courier {
  deliver(message: { subject: string; body: string; reference: string }, signal: AbortSignal): Promise<DeliveryOutcome>;
  /** Whether a message with this reference arrived; null when the transport cannot tell. */
  arrived(reference: string): Promise<boolean | null>;
}

export interface World {
  kind: "town" | "web";
  network: Network;
  search: SearchEngine | null;
  /** Site checks in WhatsMyName's JSON format. */
  sites: unknown;
  /** Have I Been Pwned's range form: GET `${rangeUrl}/${prefix}`. */
  breachRangeUrl: string | null;
}

/** A named action of the agent. */
export interface Tool {
  name: string;
  description: string;
  effect: EffectClass;
  /** Zod schema of the arguments; unknown keys are an error. */
  args: import("zod").ZodType<Record<string, unknown>>;
  /** Effects that can be repeated without harm are run again after a crash; others ask the person. */
  repeatable: boolean;
  run(args: Record<string, unknown>, context: ToolContext): Promise<Observation>;
}

export interface ToolContext {
  run: string;
  step: number;
  /** Unique for this step; goes out with anything sent, so that an unknown outcome can be looked up. */
  reference: string;
  signal: AbortSignal;
  /** Everything recorded so far, for tools that fold (recall, finish). */
  events: readonly Recorded[];
}
