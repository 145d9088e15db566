/** Makes a town of a parsed spec, and checks what no schema can: files, addresses, sealed values. */

import { robotsRules } from "../score/robots.ts";
import { canonicalUrl } from "../score/urls.ts";
import { sameValue } from "../score/value.ts";
import { canonicalPath } from "../serve/address.ts";
import { SERVICE_HOSTS } from "../services/hosts.ts";
import type { Fact, Host, Page, Persona, Town } from "../town.ts";
import type { Problem } from "./complaint.ts";
import { guessContentType } from "./content-type.ts";
import type { SpecFolder } from "./files.ts";
import { pdfText } from "./pdf-text.ts";
import type { PageSpec, TownSpec } from "./spec.ts";

/** @returns the town and everything that is wrong with it, in the order of the spec. */
export async function buildTown(spec: TownSpec, folder: SpecFolder): Promise<{ town: Town; problems: Problem[] }> {
  const problems: Problem[] = [];
  const wrong = (path: Problem["path"], complaint: string): void => void problems.push({ path, complaint });

  const hosts = spec.hosts.map(hostOf);
  const pages: Page[] = [];
  const byUrl = new Map<string, Page>();
  for (const [h, host] of spec.hosts.entries()) {
    if (SERVICE_HOSTS.includes(host.name))
      wrong(["hosts", h, "name"], `is taken: every town has ${host.name} of its own`);
    if (spec.hosts.findIndex(({ name }) => name === host.name) < h) wrong(["hosts", h, "name"], "is there twice");
    for (const [p, written] of host.pages.entries()) {
      const at = ["hosts", h, "pages", p];
      const { page, complaint } = await pageOf(host.name, written, host.indexed, folder);
      if (complaint !== undefined) wrong([...at, ...complaint.path], complaint.complaint);
      if (canonicalPath(written.path) === "/robots.txt") wrong([...at, "path"], 'is a host\'s "robots", not a page');
      const url = urlOf(page);
      if (byUrl.has(canonicalUrl(url))) wrong([...at, "path"], `is there twice on ${host.name}`);
      else byUrl.set(canonicalUrl(url), page);
      pages.push(page);
    }
  }

  const known = (url: string, path: Problem["path"]): string => {
    const page = byUrl.get(canonicalUrl(url));
    if (page === undefined) wrong(path, `is not a page of this town: ${url}`);
    return page === undefined ? absolute(url) : urlOf(page);
  };

  const proofUrl = known(spec.persona.proof.url, ["persona", "proof", "url"]);
  const persona = personaOf(spec, proofUrl, known);
  const proofPage = byUrl.get(canonicalUrl(proofUrl));
  const proofHost = hosts.find(({ name }) => name === proofPage?.host);
  if (proofPage !== undefined && !shows(proofPage, proofHost, persona.proof.token)) {
    wrong(["persona", "proof", "token"], `stands neither on ${proofUrl} nor in a TXT record of its host`);
  }

  const allowed = robotsRules(hosts);
  const reachable = (url: string): boolean => {
    const page = byUrl.get(canonicalUrl(url));
    return page !== undefined && readable(page) && allowed(page.host, page.path, "Candor");
  };
  const facts = spec.facts.map((written, f): Fact => {
    const urls = written.urls.map((url, u) => known(url, ["facts", f, "urls", u]));
    const checked = factValue(written, persona);
    if ("complaint" in checked) wrong(["facts", f, "value"], checked.complaint);
    return {
      id: written.id ?? `fact-${f + 1}`,
      owner: written.owner,
      kind: written.kind,
      value: "value" in checked ? checked.value : written.value,
      urls,
      tier: written.tier,
      reachable: written.reachable ?? urls.some(reachable),
    };
  });
  for (const [f, { id }] of facts.entries()) {
    if (facts.findIndex((fact) => fact.id === id) < f) wrong(["facts", f, "id"], `is there twice: ${id}`);
  }

  const town: Town = {
    version: spec.version,
    seed: null,
    hosts,
    pages,
    persona,
    facts,
    traps: spec.traps.map((trap, t) => ({
      id: trap.id ?? `trap-${t + 1}`,
      kind: trap.kind,
      url: known(trap.url, ["traps", t, "url"]),
      mark: trap.mark,
    })),
    sites: spec.sites.map(({ uri_pretty, ...site }) => ({
      ...site,
      ...(uri_pretty === undefined ? {} : { uri_pretty }),
    })),
    breached: spec.breached,
  };
  return { town, problems };
}

const urlOf = (page: Page): string => `http://${page.host}${page.path}`;
const absolute = (url: string): string => (/^https?:\/\//i.test(url) ? url : `http://${url}`);

function hostOf(host: TownSpec["hosts"][number]): Host {
  return {
    name: host.name,
    kind: host.kind,
    notFound: { status: host.notFound.status, body: host.notFound.html, contentType: "text/html; charset=utf-8" },
    ...(host.robots === undefined ? {} : { robots: [host.robots].flat().join("\n") }),
    ...(host.rate === undefined ? {} : { rate: host.rate }),
    ...(host.txt === undefined ? {} : { txt: host.txt }),
  };
}

async function pageOf(
  host: string,
  written: PageSpec,
  indexedHost: boolean,
  folder: SpecFolder,
): Promise<{ page: Page; complaint?: Problem }> {
  const { path, html, text, file, status, headers, title, snippet, hostile, behaviour } = written;
  const given = [html, text, file].filter((source) => source !== undefined).length;
  const bare = behaviour?.kind === "redirect" || (behaviour?.kind === "broken" && behaviour.how !== "truncated");
  let complaint: Problem | undefined;
  if (given > 1) complaint = { path: [], complaint: 'must have only one of "html", "text" and "file"' };
  if (given === 0 && !bare) complaint = { path: [], complaint: 'must have one of "html", "text" and "file"' };
  const read = file === undefined ? undefined : folder.read(file);
  if (read !== undefined && "complaint" in read) complaint = { path: ["file"], complaint: read.complaint };
  const body = html ?? text ?? (read === undefined || "complaint" in read ? "" : read);
  const guessed =
    html !== undefined
      ? "text/html; charset=utf-8"
      : text !== undefined
        ? "text/plain; charset=utf-8"
        : guessContentType(file ?? path);
  const page: Page = {
    host,
    path,
    status,
    contentType: written.contentType ?? guessed,
    body,
    indexed: written.indexed ?? (indexedHost && status < 400 && behaviour?.kind !== "redirect"),
    hostile,
    ...(headers === undefined ? {} : { headers }),
    ...(title === undefined ? {} : { title }),
    ...(snippet === undefined ? {} : { snippet }),
    ...(behaviour === undefined ? {} : { behaviour }),
  };
  if (page.indexed && /pdf/i.test(page.contentType) && typeof body !== "string") {
    const inside = await pdfText(body);
    if (inside === null) complaint ??= { path: ["file"], complaint: `is not a PDF that can be read: ${file}` };
    else page.text = inside;
  }
  return { page, ...(complaint === undefined ? {} : { complaint }) };
}

function personaOf(
  { persona: { name, seeds, sealed, proof } }: TownSpec,
  proofUrl: string,
  known: (url: string, path: Problem["path"]) => string,
): Persona {
  return {
    name,
    seeds: {
      names: seeds.names ?? [name],
      usernames: seeds.usernames,
      sites: seeds.sites?.map((site, s) => known(site, ["persona", "seeds", "sites", s])) ?? [proofUrl],
      ...(seeds.city === undefined ? {} : { city: seeds.city }),
      ...(seeds.employer === undefined ? {} : { employer: seeds.employer }),
    },
    sealed,
    proof: { token: proof.token, url: proofUrl },
  };
}

function shows(page: Page, host: Host | undefined, token: string): boolean {
  const body = typeof page.body === "string" ? page.body : Buffer.from(page.body).toString("utf8");
  return body.includes(token) || host?.txt?.some((record) => record.includes(token)) === true;
}

function readable({ status, behaviour }: Page): boolean {
  return status < 400 && !(behaviour?.kind === "broken" && (behaviour.how === "reset" || behaviour.how === "500"));
}

const SEALED: Partial<Record<Fact["kind"], keyof Persona["sealed"]>> = {
  phone: "phones",
  "e-mail": "emails",
  address: "addresses",
  "birth date": "birthDates",
};

const FORMS: Partial<Record<Fact["kind"], [RegExp, string]>> = {
  phone: [/^\+[1-9]\d{6,14}$/, "must be a phone number in international form, such as +442079460123"],
  "e-mail": [/^[^@\s]+@[^@\s]+\.[^@\s]+$/, "must be an e-mail address"],
  "birth date": [/^\d{4}-\d{2}-\d{2}$/, "must be a date such as 1985-03-12"],
  username: [/^[^@\s]+@[^@\s]+\.[^@\s]+$/, "must be handle@host, such as adaquill@mugbook.example"],
};

function factValue(
  { owner, kind, value }: Pick<Fact, "owner" | "kind" | "value">,
  persona: Persona,
): { value: string } | { complaint: string } {
  const [form, complaint] = FORMS[kind] ?? [];
  if (form !== undefined && complaint !== undefined && !form.test(value)) return { complaint };
  const list = SEALED[kind];
  if (owner !== "operator" || list === undefined) return { value };
  const sealed = persona.sealed[list].find((own) => sameValue(kind, own, value));
  return sealed === undefined ? { complaint: `is not among persona.sealed.${list}` } : { value: sealed };
}
