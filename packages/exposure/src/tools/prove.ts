/** Proves the operator's own pages at the start of each run. Nothing identity-linked is done on the web before one is proven. */
import {
  type Document,
  defineTool,
  type Fetched,
  type Fetcher,
  type Masker,
  read,
  type Seeds,
  said,
  type Tool,
} from "@candor/agent";
import type { Recorded } from "@candor/store";
import { z } from "zod";
import { AccountProof } from "../identity/store.ts";
import { type ProofPorts, prove } from "../proof/prove.ts";

export interface ProveOptions {
  /** Addresses that the operator says are theirs. */
  sites: readonly string[];
  token: string;
  fetcher: Fetcher;
  resolveTxt: ProofPorts["resolveTxt"];
  /** The simulated web's pages show the token without `candor-proof=` before it. */
  bareToken?: boolean;
  masker: Masker;
  /** Which seeds the proven pages vouch for. */
  seedsFrom(proofs: readonly AccountProof[], documents: readonly Document[]): Seeds;
}

const SeedsRecord = z.object({
  names: z.array(z.string()),
  usernames: z.array(z.string()),
  city: z.string().optional(),
  employer: z.string().optional(),
  sites: z.array(z.string()),
});

/** What a run has proven so far: which pages are the operator's, and what they vouch for. */
export const Proven = z.object({ proofs: z.array(AccountProof), seeds: SeedsRecord });
export type Proven = z.infer<typeof Proven>;

export function proveTool(options: ProveOptions): Tool {
  return defineTool({
    name: "prove",
    description:
      "Checks which of the operator's pages are provably theirs: by a token, by DNS, or by links in both directions.",
    effect: "read",
    args: z.object({}),
    run: async (_, { signal }) => {
      const proofs: AccountProof[] = [];
      const documents: Document[] = [];
      const lines: string[] = [];
      const visit = visitOnce(options.fetcher, signal);
      for (const site of options.sites) {
        const answer = await prove(
          {
            site,
            token: options.token,
            provenPages: proofs.map((proof) => proof.site),
            now: Date.now(),
            ...(options.bareToken && { bareToken: true }),
          },
          { fetchPage: async (url) => pageOf(await visit(url)), resolveTxt: options.resolveTxt },
        );
        if (answer.proven) {
          proofs.push(answer.proof);
          const fetched = await visit(site);
          if (fetched.status === "ok") documents.push(options.masker.document(await read(fetched)).document);
          lines.push(`${site} is yours (${answer.proof.method}).`);
        } else lines.push(`${site} is not proven: ${answer.reason}.`);
      }
      return said(lines.join("\n") || "You named no page of your own.", {
        status: proofs.length > 0 ? "ok" : "missing",
        record: { proofs, seeds: options.seedsFrom(proofs, documents) } satisfies Proven,
        cost: { pages: options.sites.length },
      });
    },
  });
}

/** What was proven in a run, from its events; the last proof counts, since proofs lapse. */
export function provenIn(events: readonly Recorded[]): Proven | undefined {
  for (const { event } of events.toReversed()) {
    if (event.type !== "step.done" || event.tool !== "prove") continue;
    const parsed = Proven.safeParse(event.observation.record);
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

/** Each address is fetched once, however many proofs look at it. */
function visitOnce(fetcher: Fetcher, signal: AbortSignal): (url: string) => Promise<Fetched> {
  const visited = new Map<string, Promise<Fetched>>();
  return (url) => {
    const fetched = visited.get(url) ?? fetcher.fetch(url, { signal });
    visited.set(url, fetched);
    return fetched;
  };
}

function pageOf(fetched: Fetched): Awaited<ReturnType<ProofPorts["fetchPage"]>> {
  if (fetched.httpStatus === null) return null;
  const html = fetched.contentType.includes("html") ? Buffer.from(fetched.bytes).toString("utf8") : "";
  return { url: fetched.url, status: fetched.httpStatus, html };
}
