/** The operator's own identity: set up, verified, proven, deleted. It is a file of the home folder, so no server is needed. */
import { resolveTxt } from "node:dns/promises";
import { createFetcher } from "@candor/agent";
import { createVerification, IdentityStore, isCurrent, parseIdentity, prove } from "@candor/exposure";
import type { Config } from "./config.ts";
import { badInput, Failure } from "./failure.ts";
import { webTransports } from "./transports.ts";
import { webNetwork } from "./worlds.ts";

/** What may be shown of an identity: sealed values only by their labels. */
export interface MeView {
  names: string[];
  usernames: string[];
  city?: string | undefined;
  employer?: string | undefined;
  sites: string[];
  sealed: { label: string; verified: boolean | null }[];
  proofs: { site: string; how: string; current: boolean; expiresAt: number }[];
  /** To be put on one's own pages as `candor-proof=TOKEN`. */
  token: string;
}

export interface Me {
  show(): MeView | null;
  /** @throws {Error} one line when something does not parse; nothing is saved then */
  set(input: unknown, country?: string): MeView;
  sendCode(kind: "phone" | "e-mail", index: number): Promise<{ via: string; expiresAt: number }>;
  confirm(code: string): string;
  /** Tries to prove `sites`, or all that were named; says of each whether it worked and why not. */
  prove(sites?: readonly string[]): Promise<{ site: string; proven: boolean; how: string }[]>;
  delete(): void;
}

export function createMe(home: string, config: Config): Me {
  const store = new IdentityStore(home, { keychain: true });
  const verification = createVerification({ store, transports: webTransports(home, config) });
  const me: Me = {
    show: () => (store.exists() ? view(store.load()) : null),
    set: (input, country) => view(store.save(parseIdentity(input, { ...(country && { country }) }))),
    sendCode: async (kind, index) => {
      const started = await verification.startVerification(kind, index);
      if (started.status !== "sent")
        throw new Failure(started.reason, {
          hint:
            started.status === "refused" ? "docs/audit-yourself.md shows what delivery in config.json looks like." : "",
          exit: started.status === "refused" ? 2 : 1,
        });
      return { via: started.via, expiresAt: started.expiresAt };
    },
    confirm: (code) => {
      const confirmed = verification.confirm(code);
      if (confirmed.status !== "verified") throw badInput(confirmed.reason);
      return confirmed.label;
    },
    prove: async (sites) => {
      const record = store.load();
      const fetcher = createFetcher(webNetwork(config));
      const ports = {
        fetchPage: async (url: string) => {
          const fetched = await fetcher.fetch(url, { signal: AbortSignal.timeout(60_000) });
          if (fetched.httpStatus === null) return null;
          const html = fetched.contentType.includes("html") ? Buffer.from(fetched.bytes).toString("utf8") : "";
          return { url: fetched.url, status: fetched.httpStatus, html };
        },
        resolveTxt: async (name: string) => (await resolveTxt(name)).map((parts) => parts.join("")),
      };
      const results: { site: string; proven: boolean; how: string }[] = [];
      let proofs = record.proofs.filter((proof) => isCurrent(proof, Date.now()));
      try {
        for (const site of sites ?? record.seeds.sites) {
          const answer = await prove(
            { site, token: record.token, provenPages: proofs.map((p) => p.site), now: Date.now() },
            ports,
          );
          if (answer.proven) proofs = [...proofs.filter((p) => p.site !== answer.proof.site), answer.proof];
          results.push({ site, proven: answer.proven, how: answer.proven ? answer.proof.method : answer.reason });
        }
      } finally {
        await fetcher.close();
      }
      store.update((old) => ({ ...old, proofs }));
      return results;
    },
    delete: () => store.delete(),
  };
  return me;
}

function view(record: ReturnType<IdentityStore["load"]>): MeView {
  const { seeds, sealed, verified, proofs, token } = record;
  const labels = (kind: string, values: readonly string[], checked: readonly number[] | null) =>
    values.map((_, index) => ({ label: `${kind} ${index + 1}`, verified: checked ? checked.includes(index) : null }));
  return {
    ...seeds,
    sealed: [
      ...labels("phone", sealed.phones, verified.phones),
      ...labels("e-mail", sealed.emails, verified.emails),
      ...labels("address", sealed.addresses, null),
      ...labels("birth date", sealed.birthDates, null),
    ],
    proofs: proofs.map(({ site, method, expiresAt }) => ({
      site,
      how: method,
      current: expiresAt > Date.now(),
      expiresAt,
    })),
    token,
  };
}
