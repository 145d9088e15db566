/**
 * Does an account of this name exist? Four verdicts, never two: a wall is not an absence, and a site that says yes to
 * a name that cannot exist says nothing. The text decides where a site answers both with the same code.
 */

import { createHash } from "node:crypto";
import { readHtml } from "../reading/html.ts";
import { looksLikeLoginWall, looksMissing } from "../reading/walls.ts";
import { decodeText } from "../web/content-type.ts";
import type { Fetched, Fetcher } from "../web/fetched.ts";
import type { UsernameSite } from "./sites.ts";

export type AccountVerdict = "claimed" | "missing" | "blocked" | "unknown";

export interface SiteVerdict {
  site: string;
  /** The page a person would open. */
  url: string;
  verdict: AccountVerdict;
  reason: string;
}

export interface CheckOptions {
  signal: AbortSignal;
  /** A name that nobody can have; chosen by the caller so that a run is repeatable. */
  impossibleName: string;
  /** Hosts asked at the same time. */
  concurrency?: number;
  onProgress?(done: number, all: number, verdict: SiteVerdict): void;
}

interface Judged {
  verdict: AccountVerdict;
  reason: string;
}

/** `print` is that of the page without the name: the same for two names where the page does not depend on the name. */
type Asked = Judged & { print: string };

export class UsernameChecker {
  readonly #fetcher: Fetcher;
  readonly #sites: readonly UsernameSite[];
  /** What each site says to the name that cannot exist. */
  readonly #calibrations = new Map<UsernameSite, Promise<Asked>>();
  /** Sites whose answers were shown to mean nothing: asking them about another name would tell nothing either. */
  readonly #meaningless = new Map<UsernameSite, Judged>();

  constructor(sites: readonly UsernameSite[], fetcher: Fetcher) {
    this.#sites = sites;
    this.#fetcher = fetcher;
  }

  /** One verdict for each site, in the sites' order, and the number of requests it took. */
  async check(handle: string, options: CheckOptions): Promise<{ verdicts: SiteVerdict[]; requests: number }> {
    const verdicts = new Map<UsernameSite, SiteVerdict>();
    let requests = 0;
    const count = (more: number): void => {
      requests += more;
    };
    // One worker for a host at a time: others would only wait for their turn there.
    const hosts = [...Map.groupBy(this.#sites, hostOf).values()];
    const worker = async (): Promise<void> => {
      for (let sites = hosts.shift(); sites !== undefined; sites = hosts.shift()) {
        for (const site of sites) {
          options.signal.throwIfAborted();
          const verdict = await this.#site(site, handle, options, count);
          verdicts.set(site, verdict);
          options.onProgress?.(verdicts.size, this.#sites.length, verdict);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 8, hosts.length) }, worker));
    return { verdicts: this.#sites.flatMap((site) => verdicts.get(site) ?? []), requests };
  }

  async #site(site: UsernameSite, handle: string, options: CheckOptions, count: Count): Promise<SiteVerdict> {
    const name = stripped(site, handle);
    const url = addressFor(site.uri_pretty ?? site.uri_check, name);
    const answer = ({ verdict, reason }: Judged): SiteVerdict => ({ site: site.name, url, verdict, reason });
    const out = notAsked(site, name) ?? this.#meaningless.get(site);
    if (out) return answer(out);
    const first = await this.#ask(site, name, options.signal, count);
    if (first.verdict === "unknown") this.#meaningless.set(site, { verdict: "unknown", reason: first.reason });
    if (first.verdict !== "claimed") return answer(first);
    // Only a yes needs to be doubted, so only then is the site asked about a name that cannot exist.
    const impossible = await this.#calibrate(site, options, count);
    const doubt = doubtOf(first, impossible);
    if (doubt === undefined) return answer(first);
    const unknown: Judged = { verdict: "unknown", reason: doubt };
    if (impossible.verdict === "claimed") this.#meaningless.set(site, unknown);
    return answer(unknown);
  }

  #calibrate(site: UsernameSite, options: CheckOptions, count: Count): Promise<Asked> {
    const known = this.#calibrations.get(site);
    if (known) return known;
    const asking = this.#ask(site, stripped(site, options.impossibleName), options.signal, count);
    this.#calibrations.set(site, asking);
    // A test that came to nothing is made again the next time.
    asking.then(
      ({ verdict, print }) => {
        if (verdict === "blocked" || print === "") this.#calibrations.delete(site);
      },
      () => this.#calibrations.delete(site),
    );
    return asking;
  }

  async #ask(site: UsernameSite, name: string, signal: AbortSignal, count: Count): Promise<Asked> {
    const address = addressFor(site.uri_check, name);
    // The codes of the list are those of the first answer: many sites send an unknown name elsewhere.
    let fetched = await this.#fetcher.fetch(address, { signal, redirect: "manual" });
    count(fetched.requests);
    if (fetched.location !== undefined && fetched.httpStatus !== site.e_code && fetched.httpStatus !== site.m_code) {
      fetched = await this.#fetcher.fetch(address, { signal });
      count(fetched.requests);
    }
    return { ...judge(site, fetched), print: printOf(fetched, name) };
  }
}

type Count = (more: number) => void;

/** Why a site is not asked at all. */
function notAsked(site: UsernameSite, name: string): Judged | undefined {
  if (site.post_body !== undefined)
    return { verdict: "unknown", reason: "this site is asked by a form, which Candor never submits" };
  if (site.protection && site.protection.length > 0)
    return { verdict: "blocked", reason: `the site keeps programs out (${site.protection.join(", ")})` };
  // A name of dots alone would lead to the folder above.
  if (/^\.*$/.test(name)) return { verdict: "missing", reason: "the site allows none of these characters" };
  const inHost = /^https?:\/\/[^/?#]*\{account\}/i.test(site.uri_check);
  if (inHost && !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(name))
    return { verdict: "missing", reason: "the name cannot be part of a host's name, as this site has it" };
  return undefined;
}

/** Why a yes is not believed, in the light of what the site says to a name that cannot exist. */
function doubtOf(first: Asked, impossible: Asked): string | undefined {
  if (impossible.verdict === "claimed") return "the site says yes to a name that cannot exist";
  if (impossible.verdict === "blocked" || impossible.print === "")
    return `the site could not be put to the test: ${impossible.reason}`;
  if (impossible.print === first.print) return "the site says the same of a name that cannot exist";
  return undefined;
}

/** Codes with which servers turn programs away, whatever a list says that they mean. */
const REFUSALS = new Set([401, 403, 407, 429, 451, 503, 999]);

export function judge(site: UsernameSite, fetched: Fetched): Judged {
  const code = fetched.httpStatus;
  if (code === null) return { verdict: fetched.status === "blocked" ? "blocked" : "unknown", reason: fetched.reason };
  if (REFUSALS.has(code)) return { verdict: "blocked", reason: `the server says ${code}` };
  const body = decodeText(fetched.bytes, fetched.charset);
  const saysMissing = code === site.m_code && (site.m_string === "" || body.includes(site.m_string));
  const saysExists = code === site.e_code && body.includes(site.e_string);
  if (saysExists && !(saysMissing && site.m_string !== "")) return believed(site, fetched, body);
  if (saysMissing) return { verdict: "missing", reason: "the page says that there is nobody" };
  if (code === 404 || code === 410) return { verdict: "missing", reason: `the server says ${code}` };
  if (code >= 500) return { verdict: "blocked", reason: `the server says ${code}` };
  return { verdict: "unknown", reason: "the answer fits neither description" };
}

/** A yes that stands on a login wall or beside an excuse is none. */
function believed(site: UsernameSite, fetched: Fetched, body: string): Judged {
  if (/html/i.test(fetched.contentType)) {
    const { title, text } = readHtml(body, fetched.url);
    if (looksLikeLoginWall({ title, text, url: fetched.url })) return { verdict: "blocked", reason: "a login wall" };
    if (looksMissing({ title, text })) return { verdict: "unknown", reason: "the page says that it was not found" };
  }
  return { verdict: "claimed", reason: `the page says "${site.e_string.slice(0, 40)}"` };
}

function printOf(fetched: Fetched, name: string): string {
  if (fetched.httpStatus === null) return "";
  const body = decodeText(fetched.bytes, fetched.charset).replaceAll(name, "");
  return createHash("sha256").update(`${fetched.httpStatus} ${body}`).digest("hex");
}

const hostOf = (site: UsernameSite): string => URL.parse(addressFor(site.uri_check, "name"))?.host ?? "";

const stripped = (site: UsernameSite, name: string): string =>
  [...name].filter((c) => !site.strip_bad_char?.includes(c)).join("");

const addressFor = (pattern: string, name: string): string => pattern.replaceAll("{account}", encodeURIComponent(name));
