/** Where a run went: hosts, the links between them that it saw, and its visits in order. A fold over its events. */
import type { FindingView } from "@candor/agent";
import type { Recorded } from "@candor/store";
import { z } from "zod";

export const Journey = z.object({
  hosts: z.array(
    z.object({
      host: z.string(),
      /** What a town's truth calls it; null on the web. */
      kind: z.string().nullable(),
      /** Pages of it that were opened, and how many of them could not be read. */
      visits: z.number().int(),
      blocked: z.number().int(),
      /** Findings with evidence there. */
      findings: z.number().int(),
      /** Whether the run ever saw a link to it. */
      seen: z.boolean(),
    }),
  ),
  /** A page or search result of `from` offered pages of `to`. */
  links: z.array(z.object({ from: z.string(), to: z.string(), times: z.number().int() })),
  visits: z.array(
    z.object({
      step: z.number().int(),
      /** Milliseconds since the epoch. */
      at: z.number(),
      host: z.string(),
      url: z.string(),
      status: z.string(),
    }),
  ),
});
export type Journey = z.infer<typeof Journey>;

/** The search engine, as a place to come from. */
const SEARCH = "search";

/** @param town all hosts of the town, also those that the run never heard of */
export function journey(
  events: readonly Recorded[],
  findings: readonly FindingView[],
  town: readonly { name: string; kind: string }[] = [],
): Journey {
  const hosts = new Map<string, Journey["hosts"][number]>();
  const at = (host: string) => {
    const known = hosts.get(host) ?? { host, kind: null, visits: 0, blocked: 0, findings: 0, seen: false };
    hosts.set(host, known);
    return known;
  };
  for (const { name, kind } of town) at(name).kind = kind;
  const links = new Map<string, Journey["links"][number]>();
  const visits: Journey["visits"] = [];
  const asked = new Map<number, string>();
  for (const { at: when, event } of events) {
    if (event.type === "step.proposed" && event.decision.tool === "open")
      asked.set(event.step, String(event.decision.args.url ?? ""));
    if (event.type !== "step.done") continue;
    const { observation, step, tool } = event;
    const url = observation.url ?? asked.get(step);
    const host = hostOf(url);
    if (tool === "open" && url && host && observation.status !== "refused") {
      const place = at(host);
      place.visits++;
      place.seen = true;
      if (observation.status !== "ok") place.blocked++;
      visits.push({ step, at: when, host, url, status: observation.status });
    }
    const from = tool === "search" ? SEARCH : host;
    if (!from) continue;
    for (const lead of observation.leads) {
      const to = lead.kind === "page" ? hostOf(lead.value) : undefined;
      if (!to || to === from) continue;
      at(to).seen = true;
      const key = `${from} ${to}`;
      const link = links.get(key);
      if (link) link.times++;
      else links.set(key, { from, to, times: 1 });
    }
  }
  for (const { urls } of findings) for (const host of new Set(urls.map(hostOf))) if (host) at(host).findings++;
  if ([...links.values()].some(({ from }) => from === SEARCH)) at(SEARCH).seen = true;
  return { hosts: [...hosts.values()], links: [...links.values()], visits };
}

const hostOf = (url: string | undefined): string | undefined => (url && URL.parse(url)?.hostname) || undefined;
