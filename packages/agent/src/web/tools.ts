/** The tools that look at the world: search, open, check a username. Everything is masked before it leaves here. */
import { createHash } from "node:crypto";
import type { Lead, Observation } from "@candor/store";
import { z } from "zod";
import { read } from "../reading/read.ts";
import { looksLikeLoginWall, looksMissing } from "../reading/walls.ts";
import type { Analyst, Document, Masker, SearchEngine, Tool } from "../ports.ts";
import { defineTool, said } from "../run/tool.ts";
import { onlyWeb } from "../search/engines.ts";
import type { UsernameChecker } from "../sites/check-username.ts";
import type { Fetcher } from "./fetched.ts";

export interface WebToolsOptions {
  fetcher: Fetcher;
  masker: Masker;
  analyst: Analyst | null;
  search: SearchEngine | null;
  usernames: UsernameChecker | null;
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
      const results = onlyWeb(await engine.search(query, page ?? 1, signal)).slice(0, 20);
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

function openTool({ fetcher, masker, analyst }: WebToolsOptions): Tool {
  return defineTool({
    name: "open",
    description:
      "Opens an address and reads it: web pages, PDF files, calendars, text, and what images say of place and author.",
    effect: "read",
    args: z.object({ url: z.string().min(8).max(2_000) }),
    run: async ({ url }, { signal }) => {
      const fetched = await fetcher.fetch(url, { signal });
      const cost = { pages: 1 };
      const origin = originOf(fetched.url);
      if (fetched.status !== "ok") {
        return {
          status: fetched.status,
          origin: "warden",
          text: masker.text(fetched.reason).text,
          leads: [],
          url: fetched.url,
          cost,
        };
      }
      const { url: final, contentType, bytes, hash } = fetched;
      const httpStatus = fetched.httpStatus ?? 200;
      const { document, counts } = masker.document(
        await read({ url: final, status: httpStatus, contentType, bytes, hash }),
      );
      const shared = { origin, url: final, hash, masked: counts, cost };
      if (looksLikeLoginWall(document))
        return { ...shared, status: "blocked", text: "A login wall: the page is shown to members only.", leads: [] };
      if (looksMissing(document)) return { ...shared, status: "missing", text: document.text, leads: [] };
      return {
        ...shared,
        status: "ok",
        text: shown(document, !fetched.complete),
        leads: leadsOf(document),
        record: analyst?.extract(document),
      };
    },
  });
}

const originOf = (url: string): Observation["origin"] => `host:${URL.parse(url)?.host || "unknown"}`;

/** What the mind reads: hidden text stands apart, so that nobody takes it for something the page says to people. */
function shown(document: Document, cut: boolean): string {
  const parts = [document.title, document.text.slice(0, MOST_TEXT)].filter(Boolean);
  if (cut || document.text.length > MOST_TEXT) parts.push("[The page is longer; this is its beginning.]");
  if (document.position)
    parts.push(`[GPS position ${document.position.latitude.toFixed(5)},${document.position.longitude.toFixed(5)}]`);
  if (document.hidden) parts.push(`[Text that the page hides from people:]\n${document.hidden.slice(0, MOST_HIDDEN)}`);
  return parts.join("\n\n");
}

function leadsOf(document: Document): Lead[] {
  const seen = new Set<string>([document.url]);
  const leads: Lead[] = [];
  const add = (value: string, label: string) => {
    if (!/^https?:/.test(value) || seen.has(value) || leads.length >= MOST_LEADS) return;
    seen.add(value);
    leads.push({ kind: "page", value, label: label.slice(0, 300) });
  };
  for (const link of document.links)
    add(link.href, link.rel && /\bme\b/.test(link.rel) ? `${link.label} (rel=me)` : link.label);
  for (const image of document.images) add(image.src, image.alt);
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
      const { verdicts, requests } = await checker.check(username, { signal, impossibleName: impossibleName(seed) });
      const count = (verdict: string) => verdicts.filter((v) => v.verdict === verdict).length;
      const claimed = verdicts.filter((v) => v.verdict === "claimed");
      const lines = claimed.map((v) => `${v.site}: ${v.url}`);
      const rest = `${count("missing")} sites know no such account, ${count("blocked")} do not tell, ${count("unknown")} cannot be believed.`;
      return said(masker.text([...lines, rest].join("\n"), { untrusted: true }).text, {
        origin: "tool:sites",
        status: claimed.length > 0 ? "ok" : "missing",
        leads: claimed.map((v) => ({ kind: "page", value: v.url, label: `${username} on ${v.site}` })),
        cost: { pages: requests },
      });
    },
  });
}

const impossibleName = (seed: number): string =>
  `zq${createHash("sha256").update(`candor ${seed}`).digest("hex").slice(0, 12)}`;
