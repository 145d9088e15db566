/**
 * Does an account of this name exist? Four verdicts, never two: a wall is not an absence, and a site that says yes to
 * a name that cannot exist says nothing. The text decides where a site answers both with the same code.
 */

import { readHtml } from "../reading/html.ts";
import { looksLikeLoginWall } from "../reading/walls.ts";
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
  concurrency?: number;
}

export class UsernameChecker {
  readonly #fetcher: Fetcher;
  readonly #sites: readonly UsernameSite[];
  /** Site name -> why it cannot be believed, or undefined when it can. */
  readonly #calibrations = new Map<string, Promise<string | undefined>>();

  constructor(sites: readonly UsernameSite[], fetcher: Fetcher) {
    this.#sites = sites;
    this.#fetcher = fetcher;
  }

  /** One verdict for each site, in the sites' order, and the number of requests it took. */
  async check(handle: string, options: CheckOptions): Promise<{ verdicts: SiteVerdict[]; requests: number }> {
    const verdicts: SiteVerdict[] = [];
    let requests = 0;
    let next = 0;
    const count = () => {
      requests++;
    };
    const worker = async () => {
      for (let i = next++; i < this.#sites.length; i = next++) {
        const site = this.#sites[i];
        if (site) verdicts[i] = await this.#site(site, handle, options, count);
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 8, this.#sites.length) }, worker));
    return { verdicts, requests };
  }

  async #site(site: UsernameSite, handle: string, options: CheckOptions, count: () => void): Promise<SiteVerdict> {
    const name = stripped(site, handle);
    const answer = (verdict: AccountVerdict, reason: string): SiteVerdict => ({
      site: site.name,
      url: addressFor(site.uri_pretty ?? site.uri_check, name),
      verdict,
      reason,
    });
    if (site.post_body !== undefined)
      return answer("unknown", "this site is asked by a form, which Candor never submits");
    if (name === "") return answer("missing", "the site allows none of these characters");
    const first = await this.#ask(site, name, options, count);
    if (first.verdict !== "claimed") return answer(first.verdict, first.reason);
    // Only a yes needs to be doubted, so only then is the site asked about a name that cannot exist.
    const disbelief = await this.#calibrate(site, options, count);
    return disbelief ? answer("unknown", disbelief) : answer("claimed", first.reason);
  }

  #calibrate(site: UsernameSite, options: CheckOptions, count: () => void): Promise<string | undefined> {
    const known = this.#calibrations.get(site.name);
    if (known) return known;
    const asking = this.#ask(site, stripped(site, options.impossibleName), options, count).then(({ verdict }) =>
      verdict === "claimed" ? "the site says yes to a name that cannot exist" : undefined,
    );
    this.#calibrations.set(site.name, asking);
    asking.catch(() => this.#calibrations.delete(site.name));
    return asking;
  }

  async #ask(
    site: UsernameSite,
    name: string,
    options: CheckOptions,
    count: () => void,
  ): Promise<{ verdict: AccountVerdict; reason: string }> {
    count();
    const fetched = await this.#fetcher.fetch(addressFor(site.uri_check, name), {
      signal: options.signal,
      ...(site.headers && { headers: site.headers }),
    });
    return judge(site, fetched);
  }
}

export function judge(site: UsernameSite, fetched: Fetched): { verdict: AccountVerdict; reason: string } {
  const code = fetched.httpStatus;
  if (code === null)
    return {
      verdict: fetched.status === "blocked" ? "blocked" : "unknown",
      reason: fetched.reason,
    };
  const body = fetched.bytes ? decodeText(fetched.bytes, fetched.charset) : "";
  const saysMissing = code === site.m_code && (site.m_string === "" || body.includes(site.m_string));
  const saysExists = code === site.e_code && body.includes(site.e_string);
  if (saysExists && !(saysMissing && site.m_string !== "")) {
    if (isWall(fetched, body)) return { verdict: "blocked", reason: "a login wall" };
    return { verdict: "claimed", reason: `the page says "${site.e_string.slice(0, 40)}"` };
  }
  if (saysMissing) return { verdict: "missing", reason: "the page says that there is nobody" };
  if (code === 404 || code === 410) return { verdict: "missing", reason: `the server says ${code}` };
  if (code === 401 || code === 403 || code === 429 || code >= 500)
    return { verdict: "blocked", reason: `the server says ${code}` };
  return { verdict: "unknown", reason: "the answer fits neither description" };
}

function isWall(fetched: Fetched, body: string): boolean {
  if (!/html/i.test(fetched.contentType ?? "html")) return false;
  const { title, text } = readHtml(body, fetched.url);
  return looksLikeLoginWall({ title, text, url: fetched.url });
}

const stripped = (site: UsernameSite, name: string): string =>
  [...name].filter((c) => !site.strip_bad_char?.includes(c)).join("");

const addressFor = (pattern: string, name: string): string => pattern.replaceAll("{account}", encodeURIComponent(name));
