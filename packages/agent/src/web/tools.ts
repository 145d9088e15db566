/** The tools that look at the world: search, open, check a username. Everything is masked before it leaves here. */
import { createHash } from "node:crypto";
import type { Lead, Observation } from "@candor/store";
import { z } from "zod";
import type { Analyst, Document, Masker, SearchEngine, SearchResult, Tool } from "../ports.ts";
import { nothing } from "../reading/content.ts";
import { beginningOf } from "../reading/main-article.ts";
import { isReadable, read } from "../reading/read.ts";
import { looksLikeLoginWall, looksMissing } from "../reading/walls.ts";
import { defineTool, refused, said } from "../run/tool.ts";
import { onlyWeb, SearchError } from "../search/engines.ts";
import type { UsernameChecker } from "../sites/check-username.ts";
import type { Fetched, Fetcher } from "./fetched.ts";
import type { PageMemory, Reading } from "./page-memory.ts";
import { placeholderIn, readTarget } from "./target.ts";

export interface WebToolsOptions {
  fetcher: Fetcher;
  masker: Masker;
  analyst: Analyst | null;
  search: SearchEngine | null;
  usernames: UsernameChecker | null;
  /** Pages read earlier by the same operator. */
  pages?: PageMemory | undefined;
  /** Makes the impossible name of site calibrations repeatable. */
  seed: number;
}

const MOST_TEXT = 12_000;
const MOST_HIDDEN = 2_000;
const MOST_LEADS = 150;

export function webTools(options: WebToolsOptions): Tool[] {
  const tools = [openTool(options)];
  if (options.search) tools.push(searchTool(options, options.search));
  if (options.usernames) tools.push(usernameTool(options, options.usernames));
  return tools;
}

function searchTool({ masker }: WebToolsOptions, engine: SearchEngine): Tool {
  return defineTool({
    name: "search",
    description: "Searches the web. Results are addresses with titles and snippets.",
    effect: "read",
    args: z.object({ query: z.string().min(2).max(300), page: z.number().int().min(1).max(10).optional() }),
    run: async ({ query, page }, { signal }) => {
      const placeholder = placeholderIn(query);
      if (placeholder !== undefined) return unfilled("query", placeholder);
      let found: SearchResult[];
      try {
        found = await engine.search(query, page ?? 1, signal);
      } catch (error) {
        if (!(error instanceof SearchError)) throw error;
        return said(masker.text(error.message, { untrusted: true }).text, { status: error.status });
      }
      const results = onlyWeb(found).slice(0, 20);
      const masked = { yours: 0, others: 0 };
      const leads: Lead[] = results.map(({ url, title, snippet }) => {
        const { text, counts } = masker.text(`${title} — ${snippet}`, { untrusted: true });
        masked.yours += counts.yours;
        masked.others += counts.others;
        return { kind: "page", value: masker.text(url).text === url ? url : "", label: text.slice(0, 300) };
      });
      const usable = leads.filter((lead) => lead.value !== "");
      const text = usable.map((lead) => `${lead.value}\n  ${lead.label}`).join("\n");
      return said(text || "Nothing was found.", {
        status: usable.length > 0 ? "ok" : "missing",
        origin: `tool:${engine.name}`,
        leads: usable,
        masked,
      });
    },
  });
}

function openTool({ fetcher, masker, analyst, pages }: WebToolsOptions): Tool {
  return defineTool({
    name: "open",
    description:
      "Opens an address and reads it: web pages, PDF files, calendars, text, and what images say of place and author.",
    effect: "read",
    args: z.object({ url: z.string().min(8).max(2_000) }),
    run: async ({ url }, { signal }) => {
      const placeholder = placeholderIn(url);
      if (placeholder !== undefined) return unfilled("url", placeholder);
      const target = readTarget(url);
      if (target.url === undefined) return refused(target.problem);
      const fetched = await fetcher.fetch(url, { signal, ...(pages && { cache: pages }) });
      const cost = { pages: Math.min(1, fetched.requests) };
      if (fetched.status !== "ok") {
        const text = masker.text(withNotes(fetched.reason, fetched), { untrusted: true }).text;
        const masked = masker.document(unread(fetched)).document.url;
        return { status: fetched.status, origin: "warden", text, leads: [], url: masked, cost };
      }
      const known = fetched.notModified ? pages?.reading(fetched.url) : undefined;
      const reading = known ?? (await readMasked(fetched, masker));
      pages?.keep(fetched.url, reading);
      const { document, counts } = reading;
      // An address can hold an identifier as well, and goes into the log.
      const shared = {
        origin: originOf(document.url),
        url: document.url,
        hash: fetched.hash,
        masked: counts,
        cost,
        leads: [],
      };
      const verdict = verdictOn(document);
      if (verdict) return { ...shared, ...verdict };
      return {
        ...shared,
        status: "ok",
        text: withNotes(reading.text, fetched),
        leads: reading.leads,
        record: analyst?.extract(document),
      };
    },
  });
}

/** Reads and masks in one go: what is in the clear does not outlive this call. */
async function readMasked(fetched: Fetched, masker: Masker): Promise<Reading> {
  const raw = await read(fetched);
  const { document, counts } = masker.document(raw);
  return { document, counts, text: shown(document, raw, fetched), leads: leadsOf(document, raw) };
}

const unfilled = (argument: string, placeholder: string): Observation =>
  refused(
    `${argument} still holds a placeholder (${placeholder.slice(0, 40)}): fill it in with something that was seen.`,
  );

/** A document for what gave none, so that its address is masked by the same rules. */
const unread = ({ url, contentType, hash }: Fetched): Document => ({
  url,
  host: URL.parse(url)?.host ?? "",
  status: 0,
  contentType,
  hash,
  ...nothing(),
});

const withNotes = (text: string, { notes }: Fetched): string =>
  [text, ...notes.map((note) => `[${note}]`)].join("\n\n");

/** Why a page that came is not one to read. */
function verdictOn(document: Document): { status: "blocked" | "missing" | "error"; text: string } | undefined {
  const { contentType, text } = document;
  if (!isReadable(contentType))
    return { status: "error", text: `There is no reader for ${contentType || "this type"}.` };
  if (looksLikeLoginWall(document))
    return { status: "blocked", text: "A login wall: the page is shown to members only, or to people only." };
  if (looksMissing(document)) return { status: "missing", text: document.text.slice(0, 500) };
  if (text !== "" || document.structured.length > 0 || document.links.length > 0) return undefined;
  if (contentType === "application/pdf")
    return { status: "error", text: "The PDF could not be read: it is broken, protected, or holds only pictures." };
  if (/html/.test(contentType) && document.images.length === 0)
    return { status: "blocked", text: "The page shows nothing without scripts." };
  return undefined;
}

const originOf = (url: string): Observation["origin"] => `host:${URL.parse(url)?.host || "unknown"}`;

/** What the mind reads: hidden text stands apart, so that nobody takes it for something the page says to people. */
function shown(document: Document, raw: Document, { bytes, charset }: Fetched): string {
  const { text } = document;
  const start = text.length > MOST_TEXT ? beginningOf(text, raw, bytes, charset) : 0;
  const parts = [document.title];
  if (start > 0) parts.push(`[${start} characters of menus and the like are left out here.]`);
  parts.push(text.slice(start, start + MOST_TEXT));
  if (text.length > start + MOST_TEXT) parts.push("[The page is longer; this is its beginning.]");
  if (document.position)
    parts.push(`[GPS position ${document.position.latitude.toFixed(5)},${document.position.longitude.toFixed(5)}]`);
  if (document.hidden) parts.push(`[Text that the page hides from people:]\n${document.hidden.slice(0, MOST_HIDDEN)}`);
  return parts.filter(Boolean).join("\n\n");
}

/** Where the page leads; an address that held an identifier leads nowhere once that is masked. */
function leadsOf(document: Document, raw: Document): Lead[] {
  const seen = new Set<string>([document.url]);
  const leads: Lead[] = [];
  const add = (value: string, unmasked: string | undefined, label: string): void => {
    const address = value.replace(/#.*$/s, "");
    if (value !== unmasked || !/^https?:/.test(address) || seen.has(address) || leads.length >= MOST_LEADS) return;
    seen.add(address);
    leads.push({ kind: "page", value: address, label: label.slice(0, 300) });
  };
  for (const [i, { href, rel, label }] of document.links.entries())
    add(href, raw.links[i]?.href, /\bme\b/.test(rel) ? `${label} (rel=me)` : label);
  for (const [i, { src, alt }] of document.images.entries()) add(src, raw.images[i]?.src, alt);
  return leads;
}

function usernameTool({ masker, seed }: WebToolsOptions, checker: UsernameChecker): Tool {
  return defineTool({
    name: "check_username",
    description:
      "Looks on many sites for an account of one of the operator's own usernames. Never says whose account it is.",
    effect: "read",
    args: z.object({ username: z.string().min(2).max(60) }),
    run: async ({ username }, { signal }) => {
      const placeholder = placeholderIn(username);
      if (placeholder !== undefined) return unfilled("username", placeholder);
      const { verdicts, requests } = await checker.check(username, { signal, impossibleName: impossibleName(seed) });
      const count = (verdict: string) => verdicts.filter((v) => v.verdict === verdict).length;
      const claimed = verdicts.filter((v) => v.verdict === "claimed");
      const lines = claimed.map((v) => `${v.site}: ${v.url}`);
      const rest = `${count("missing")} sites know no such account, ${count("blocked")} do not tell, ${count("unknown")} cannot be believed.`;
      return said(masker.text([...lines, rest].join("\n"), { untrusted: true }).text, {
        origin: "tool:sites",
        status: claimed.length > 0 ? "ok" : "missing",
        leads: claimed
          .filter((v) => masker.text(v.url).text === v.url)
          .map((v) => ({ kind: "page", value: v.url, label: masker.text(`${username} on ${v.site}`).text })),
        cost: { pages: requests },
      });
    },
  });
}

const impossibleName = (seed: number): string =>
  `zq${createHash("sha256").update(`candor ${seed}`).digest("hex").slice(0, 12)}`;
