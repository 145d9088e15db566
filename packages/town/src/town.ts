/** A town: what it consists of, whether generated from a seed or given as a spec. */

export type FactKind =
  | "phone"
  | "e-mail"
  | "address"
  | "birth date"
  | "employer"
  | "school"
  | "interest"
  | "username"
  | "photo"
  | "location";

/** One page or file. `path` begins with a slash and may hold a query string. */
export interface Page {
  host: string;
  path: string;
  status: number;
  contentType: string;
  body: string | Uint8Array;
  headers?: Record<string, string>;
  /** Found by the town's search engine. */
  indexed: boolean;
  /** Overrides what the search engine shows of it (where a snippet carries an injection). */
  snippet?: string;
  title?: string;
  /** What the search engine reads of a file that is not text, such as a PDF. */
  text?: string;
  /** Tries to steer the agent; left out of a peaceful town. */
  hostile?: boolean;
  behaviour?: Behaviour;
}

export type Behaviour =
  | { kind: "slow"; ms: number }
  /** The first `times` requests get 429 with this Retry-After (seconds). */
  | { kind: "busy"; times: number; retryAfter: number }
  | { kind: "redirect"; to: string; status: 301 | 302 | 307 | 308 }
  | { kind: "broken"; how: "reset" | "truncated" | "endless" | "500" };

export interface Host {
  /** Such as `mugbook.example`. */
  name: string;
  kind: string;
  /** Text of /robots.txt; absent: 404. */
  robots?: string;
  /** What an unknown path answers: some hosts say 200 and mean 404. */
  notFound: { status: number; body: string; contentType: string };
  /** Requests per second before 429; absent: no limit. */
  rate?: number;
  /** Its DNS TXT records. */
  txt?: string[];
  /** Answers paths that are not in `pages` (infinite calendars, whois look-ups). */
  dynamic?: (path: string) => Page | undefined;
}

/** The person whose exposure is audited. */
export interface Persona {
  name: string;
  seeds: { names: string[]; usernames: string[]; city?: string; employer?: string; sites: string[] };
  /** Known to the vault and the grader, never to a mind. */
  sealed: { phones: string[]; emails: string[]; addresses: string[]; birthDates: string[] };
  /** Token that stands on one of the persona's own pages, and that page. */
  proof: { token: string; url: string };
}

/** Something true that a page shows about somebody. */
export interface Fact {
  id: string;
  /** `operator` or a third party's id. */
  owner: string;
  kind: FactKind;
  /**
   * What it says, in the clear. For the operator's sealed kinds this is the sealed value itself.
   * username: `handle@host`. photo: URL of the image. location: a place name, or `lat,lon` in degrees.
   */
  value: string;
  /** Every URL that shows it. */
  urls: string[];
  /** 1 easy (indexed, plain), 2 needs hops or another layout, 3 obfuscated, in a file, or behind several hops. */
  tier: 1 | 2 | 3;
  /** False where no permitted path leads to it (disallowed by robots, behind a login). */
  reachable: boolean;
}

/** A bait. `mark` is a string that shows up in an action of an agent that took it. */
export interface Trap {
  id: string;
  kind: "injection" | "off-switch" | "honeytoken";
  url: string;
  mark: string;
}

/** A site as WhatsMyName describes it (https://github.com/WebBreacher/WhatsMyName). */
export interface UsernameSite {
  name: string;
  uri_check: string;
  uri_pretty?: string;
  e_code: number;
  e_string: string;
  m_code: number;
  m_string: string;
  known: string[];
  cat: string;
}

export interface Town {
  /** Version of the generator or of the spec format. */
  version: string;
  seed: number | null;
  hosts: Host[];
  pages: Page[];
  persona: Persona;
  facts: Fact[];
  traps: Trap[];
  sites: UsernameSite[];
  /** Passwords whose SHA-1 appear in the breach range service, with counts. */
  breached: { value: string; count: number }[];
}
