/** A town as JSON that anybody can write. docs/write-a-town.md explains it; town.schema.json is made from it. */
import { z } from "zod";

/** Version of the format, stamped on towns that come from a spec. */
const SPEC_VERSION = "spec-1";

const HostName = z
  .string()
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    "must be a host name in lower case, such as mugbook.example",
  )
  .describe("Host name in lower case, such as `mugbook.example`. Take names under `.example` or `.test`.");

const Url = z
  .string()
  .min(1)
  .describe("Address of a page of this town: `http://mugbook.example/ada`, or without the `http://`.");

const Phone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in international form, such as +442079460123")
  .describe("International form without spaces: `+442079460123`.");

const Email = z.email("must be an e-mail address");

const BirthDate = z.iso.date("must be a date such as 1985-03-12").describe("`YYYY-MM-DD`.");

const Behaviour = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("slow"), ms: z.int().min(0).max(120_000) })
      .describe("Answers after so many milliseconds."),
    z
      .strictObject({
        kind: z.literal("busy"),
        times: z.int().min(1).max(1000),
        retryAfter: z.int().min(0).max(3600).default(1),
      })
      .describe("Answers the first `times` requests with 429 and `Retry-After` (seconds)."),
    z
      .strictObject({
        kind: z.literal("redirect"),
        to: z.string().min(1),
        status: z.union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)]).default(302),
      })
      .describe("Redirects to a path or an address; in a circle, if you like."),
    z
      .strictObject({ kind: z.literal("broken"), how: z.enum(["reset", "truncated", "endless", "500"]) })
      .describe("Closes the connection, stops half way, never ends, or fails."),
  ])
  .describe("Bad manners of a page.");

const PageSpec = z
  .strictObject({
    path: z
      .string()
      .startsWith("/", 'must begin with "/"')
      .describe("Begins with a slash; may hold a query string, as in `/thread?id=7`."),
    html: z.string().optional().describe("The page itself. One of `html`, `text` and `file`."),
    text: z.string().optional().describe("The page itself, as plain text."),
    file: z.string().min(1).optional().describe("A file in the spec's folder, such as `pages/ada.html` or `cv.pdf`."),
    contentType: z.string().optional().describe("Default: guessed from the name of the file."),
    status: z.int().min(200).max(599).default(200),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().regex(/^[^\r\n]*$/)).optional(),
    indexed: z.boolean().optional().describe("Found by the search engine. Default: what the host says."),
    title: z
      .string()
      .optional()
      .describe("What the search engine calls it. Default: the HTML title or the file's name."),
    snippet: z.string().optional().describe("What the search engine shows of it, instead of a part that matches."),
    hostile: z.boolean().default(false).describe("Tries to steer the agent; left out of a peaceful town."),
    behaviour: Behaviour.optional(),
  })
  .describe("One page or file.");
export type PageSpec = z.output<typeof PageSpec>;

const HostSpec = z
  .strictObject({
    name: HostName,
    kind: z.string().default("site").describe("For people who look around: `forum`, `company` ..."),
    robots: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe("Text of /robots.txt, or its lines. Absent: 404."),
    notFound: z
      .strictObject({
        status: z.int().min(200).max(599).default(404),
        html: z.string().default("<!doctype html><title>Not found</title><p>There is no such page."),
      })
      .prefault({})
      .describe("What an unknown path answers. Some hosts say 200 and mean 404."),
    rate: z.number().positive().optional().describe("Requests per second before 429."),
    txt: z.array(z.string()).optional().describe("DNS TXT records."),
    indexed: z
      .boolean()
      .default(true)
      .describe("Whether its pages are found by the search engine, unless they say so."),
    pages: z.array(PageSpec).default([]),
  })
  .describe("One web host.");

const FactKind = z.enum([
  "phone",
  "e-mail",
  "address",
  "birth date",
  "employer",
  "school",
  "interest",
  "username",
  "photo",
  "location",
]);

const FactSpec = z
  .strictObject({
    id: z.string().min(1).optional(),
    owner: z
      .string()
      .min(1)
      .default("operator")
      .describe("`operator`, or any id for somebody else: what must never be found or repeated."),
    kind: FactKind,
    value: z
      .string()
      .min(1)
      .describe(
        "In the clear. username: `handle@host`. photo: the image's address. location: a place name or `lat,lon` in degrees. " +
          "phone: international form. birth date: `YYYY-MM-DD`.",
      ),
    urls: z.array(Url).min(1).describe("Every page that shows it."),
    tier: z
      .union([z.literal(1), z.literal(2), z.literal(3)])
      .default(1)
      .describe("1 indexed and plain, 2 takes hops or another layout, 3 obfuscated, in a file, or far away."),
    reachable: z
      .boolean()
      .optional()
      .describe("False where no permitted path leads to it. Default: whether robots.txt allows one of its pages."),
  })
  .describe("Something true that a page shows about somebody.");

const TrapSpec = z
  .strictObject({
    id: z.string().min(1).optional(),
    kind: z.enum(["injection", "off-switch", "honeytoken"]).default("injection"),
    url: Url,
    mark: z.string().min(4).describe("A string that shows up in an action of an agent that took the bait."),
  })
  .describe("A bait.");

const SiteSpec = z
  .object({
    name: z.string().min(1),
    uri_check: z.string().includes("{account}", { message: "must hold {account}" }),
    uri_pretty: z.string().optional(),
    e_code: z.int(),
    e_string: z.string(),
    m_code: z.int(),
    m_string: z.string(),
    known: z.array(z.string()).default([]),
    cat: z.string().default("social"),
  })
  .describe("How to check a username on a site, as WhatsMyName's wmn-data.json writes it.");

const PersonaSpec = z
  .strictObject({
    name: z.string().min(1),
    seeds: z
      .strictObject({
        names: z.array(z.string().min(1)).optional().describe("Default: the name."),
        usernames: z.array(z.string().min(1)).default([]),
        city: z.string().optional(),
        employer: z.string().optional(),
        sites: z.array(Url).optional().describe("The persona's own pages. Default: the page of the proof."),
      })
      .prefault({})
      .describe("What the agent may know and use."),
    sealed: z
      .strictObject({
        phones: z.array(Phone).default([]),
        emails: z.array(Email).default([]),
        addresses: z.array(z.string().min(1)).default([]),
        birthDates: z.array(BirthDate).default([]),
      })
      .prefault({})
      .describe("Known to the vault and the grader, never to a mind."),
    proof: z
      .strictObject({ token: z.string().min(6), url: Url })
      .describe("A token that stands on one of the persona's own pages, or in a TXT record of its host."),
  })
  .describe("The person whose exposure is audited. Made up, please.");

/** The schema of a spec. Checks across parts (files, addresses, sealed values) are `loadSpec`'s. */
export const TownSpec = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.string().default(SPEC_VERSION).describe("Stamped on scores. Change it when you change the town."),
    persona: PersonaSpec,
    hosts: z.array(HostSpec).min(1),
    facts: z.array(FactSpec).default([]),
    traps: z.array(TrapSpec).default([]),
    sites: z.array(SiteSpec).default([]),
    breached: z
      .array(z.strictObject({ value: z.string().min(1), count: z.int().min(1).default(1) }))
      .default([])
      .describe("Passwords and e-mail addresses that the breach service knows."),
  })
  .describe("A simulated town for Candor: hosts, pages, and what is true about whom.");
export type TownSpec = z.output<typeof TownSpec>;
/** As people write it: defaults left out. */
export type TownSpecInput = z.input<typeof TownSpec>;
