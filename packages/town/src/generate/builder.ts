/**
 * Pages and ground truth, made together: what a sheet says about a person through its methods is registered as a fact of
 * that page, so truth cannot drift from text.
 */
import type { Behaviour, FactKind, Host, Page, Trap } from "../town.ts";
import type { CountryCode } from "./country.ts";
import {
  type AddressForm,
  type DateForm,
  type EmailForm,
  HARD_FORMS,
  type PhoneForm,
  writeAddress,
  writeDate,
  writeEmail,
  writePhone,
} from "./forms.ts";
import { type Html, html, type Piece } from "./html.ts";
import { Ledger } from "./ledger.ts";
import type { Person } from "./people.ts";
import type { Rng } from "./rng.ts";
import { Style } from "./style.ts";

/** Kinds registered of people who are not the operator: what must never leak. */
const THIRD_PARTY_KINDS: ReadonlySet<FactKind> = new Set(["phone", "e-mail", "address", "birth date", "employer"]);

export class TownBuilder {
  readonly rng: Rng;
  readonly hosts: Host[] = [];
  readonly pages: Page[] = [];
  readonly traps: Trap[] = [];
  readonly truth = new Ledger();
  /** Where the town lies: numbers of other countries are written with their country code. */
  country: CountryCode = "GB";
  readonly #paths = new Set<string>();
  readonly #sites = new Map<string, HostBuilder>();

  constructor(rng: Rng) {
    this.rng = rng;
  }

  /** Opens a host. `disallow` are path prefixes that its robots.txt forbids; `delay` is a crawl-delay in seconds. */
  host(name: string, kind: string, options: HostOptions = {}): HostBuilder {
    const site = new HostBuilder(this, name, kind, options);
    if (this.#sites.has(name)) throw new Error(`host ${name} is opened twice`);
    this.#sites.set(name, site);
    this.hosts.push(site.host);
    return site;
  }

  /** A host opened before. */
  at(name: string): HostBuilder {
    const site = this.#sites.get(name);
    if (site === undefined) throw new Error(`host ${name} is not open`);
    return site;
  }

  has(host: string, path: string): boolean {
    return this.#paths.has(host + path);
  }

  add(page: Page): void {
    if (this.has(page.host, page.path)) throw new Error(`http://${page.host}${page.path} is written twice`);
    this.#paths.add(page.host + page.path);
    this.pages.push(page);
  }
}

export interface HostOptions {
  siteName?: string;
  style?: Style;
  disallow?: string[];
  delay?: number;
  notFound?: Host["notFound"];
  dynamic?: Host["dynamic"];
  rate?: number;
  txt?: string[];
  nav?: { href: string; label: string }[];
}

export class HostBuilder {
  readonly host: Host;
  readonly rng: Rng;
  readonly style: Style;
  readonly nav: { href: string; label: string }[];
  readonly town: TownBuilder;
  readonly #disallow: string[];

  constructor(town: TownBuilder, name: string, kind: string, options: HostOptions) {
    this.town = town;
    this.rng = town.rng.fork(`host ${kind} ${name}`);
    const siteName = options.siteName ?? titleOf(name);
    this.style = options.style ?? new Style(this.rng.fork("style"), siteName);
    this.nav = options.nav ?? [];
    this.#disallow = options.disallow ?? [];
    const robots = [
      ...this.#disallow.map((path) => `Disallow: ${path}`),
      ...(options.delay === undefined ? [] : [`Crawl-delay: ${options.delay}`]),
    ];
    const missing = this.style.page({
      title: "Page not found",
      body: html`<h1>Page not found</h1><p>Nothing lives at this address.</p>`,
    });
    this.host = {
      name,
      kind,
      notFound: options.notFound ?? { status: 404, body: missing, contentType: "text/html; charset=utf-8" },
      ...(robots.length > 0 ? { robots: ["User-agent: *", ...robots, ""].join("\n") } : {}),
      ...(options.dynamic === undefined ? {} : { dynamic: options.dynamic }),
      ...(options.rate === undefined ? {} : { rate: options.rate }),
      ...(options.txt === undefined ? {} : { txt: options.txt }),
    };
  }

  allows(path: string): boolean {
    return !this.#disallow.some((prefix) => path.startsWith(prefix));
  }

  sheet(path: string): Sheet {
    return new Sheet(this, path);
  }

  url(path: string): string {
    return `http://${this.host.name}${path}`;
  }
}

export interface Publication {
  title: string;
  body: Piece;
  head?: Piece;
  indexed?: boolean;
  snippet?: string;
  hostile?: boolean;
  behaviour?: Behaviour;
  /** Off by default: more than one hop from anything indexed, so that what it says is at least tier 3. */
  deep?: boolean;
}

/** One page in the making. Its methods write a value and register that this page shows it. */
export class Sheet {
  readonly site: HostBuilder;
  readonly path: string;
  readonly url: string;
  readonly rng: Rng;
  readonly #said: { owner: string; kind: FactKind; value: string; hard: boolean }[] = [];

  constructor(site: HostBuilder, path: string) {
    this.site = site;
    this.path = path;
    this.url = site.url(path);
    this.rng = site.rng.fork(path);
  }

  /** Registers a fact that the caller writes itself. */
  says(owner: string, kind: FactKind, value: string, hard = false): void {
    if (owner === "operator" || THIRD_PARTY_KINDS.has(kind)) this.#said.push({ owner, kind, value, hard });
  }

  phone(person: Person, form: PhoneForm = "national", n = 0): string | Html {
    const phone = person.phones[n] ?? person.phones[0] ?? "";
    const written = person.country.code === this.site.town.country ? form : "international";
    this.says(person.id, "phone", phone, HARD_FORMS.has(written));
    return writePhone(phone, written, this.rng);
  }

  email(person: Person, form: EmailForm = "plain", n = 0): string | Html {
    const email = person.emails[n] ?? person.emails[0] ?? "";
    this.says(person.id, "e-mail", email, HARD_FORMS.has(form));
    return writeEmail(email, form);
  }

  address(person: Person, form: AddressForm = "line"): string | Html {
    this.says(person.id, "address", person.address);
    return writeAddress(person.home, form);
  }

  born(person: Person, form: DateForm = "long"): string {
    this.says(person.id, "birth date", person.born);
    return writeDate(person.born, form, person.country);
  }

  employer(person: Person, which: "employer" | "formerEmployer" = "employer"): string {
    this.says(person.id, "employer", person[which]);
    return person[which];
  }

  school(person: Person, which: "school" | "secondary" = "school"): string {
    this.says(person.id, "school", person[which]);
    return person[which];
  }

  /** Canonical name of the person's nth interest. */
  interest(person: Person, n: number): string {
    const interest = person.interests[n % person.interests.length];
    if (interest === undefined) throw new Error(`${person.id} has no interests`);
    this.says(person.id, "interest", interest.name);
    return interest.name;
  }

  interests(person: Person, from: number, count: number): string[] {
    return Array.from({ length: Math.min(count, person.interests.length) }, (_, i) => this.interest(person, from + i));
  }

  town(person: Person, which: "town" | "hometown" = "town"): string {
    this.says(person.id, "location", person[which]);
    return person[which];
  }

  account(person: Person, handle: string, host: string): string {
    this.says(person.id, "username", `${handle}@${host}`);
    return handle;
  }

  /** An image of the person or by the person; `src` is a path on this host. */
  photo(person: Person, src: string): string {
    this.says(person.id, "photo", this.site.url(src));
    return src;
  }

  publish(page: Publication): void {
    const body = this.site.style.page({
      title: page.title,
      head: page.head ?? null,
      body: page.body,
      nav: this.site.nav,
    });
    this.put("text/html; charset=utf-8", body, page);
  }

  /** Any other content type; facts in it count as hard to read. */
  put(
    contentType: string,
    body: string | Uint8Array,
    page: Omit<Publication, "body" | "head"> & { text?: string },
  ): void {
    const indexed = page.indexed ?? false;
    const file = !contentType.startsWith("text/html");
    this.site.town.add({
      host: this.site.host.name,
      path: this.path,
      status: 200,
      contentType,
      body,
      indexed,
      title: page.title,
      ...(page.text === undefined ? {} : { text: page.text }),
      ...(page.snippet === undefined ? {} : { snippet: page.snippet }),
      ...(page.hostile === true ? { hostile: true } : {}),
      ...(page.behaviour === undefined ? {} : { behaviour: page.behaviour }),
    });
    for (const said of this.#said) {
      const tier = said.hard || file || page.deep === true ? 3 : indexed ? 1 : 2;
      this.site.town.truth.claim(said.owner, said.kind, said.value, {
        url: this.url,
        tier,
        reachable: this.site.allows(this.path),
      });
    }
  }
}

/** `race-results.example` reads `Race Results`. */
export function titleOf(host: string): string {
  const [name = host] = host.split(".");
  return name
    .split("-")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join(" ");
}
