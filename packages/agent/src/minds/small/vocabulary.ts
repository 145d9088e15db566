/** The words of the small mind's grammar. A word is a token, so that a view is a few hundred of them. */
import { TOPICS } from "../scout/queries.ts";

/** Words that a view spends on its leads. */
export const MOST_LEAD_WORDS = 240;
const MOST_COUNT = 40;

/** Kinds of findings that there is a query for. */
export const KINDS: readonly string[] = Object.keys(TOPICS);
export const kindWord = (kind: string): string => kind.replace(/ /g, "-");

/** What a lead says about the operator. */
export const ABOUT = ["name", "username", "name+username", "initial", "initial+username", "nobody"] as const;
/** Where it came from; `-within` and `-beside`: the same site as the page that led there, which is the operator's profile or another's. */
export const ORIGIN = [
  "checked",
  "found",
  "yours",
  "yours-within",
  "yours-beside",
  "perhaps",
  "perhaps-within",
  "perhaps-beside",
  "name-page",
  "elsewhere",
] as const;

/** What else a lead shows: what it mentions and what kind of page it is. */
export const TRAITS = {
  mentions: ["city", "employer", "known", "mine"],
  rank: ["late", "last"],
  page: [
    "contact",
    "profile",
    "document",
    "photos",
    "code",
    "paste",
    "sale",
    "event",
    "records",
    "whois",
    "alumni",
    "telling",
  ],
  site: ["people-search"],
  form: ["data", "file", "picture", "original", "portrait", "account", "person", "front", "menu", "menu-address"],
  endless: ["endless"],
  shows: ["shows-yours", "shows-others", "orders"],
  worn: ["worn", "worn-out", "blocks"],
  alike: ["alike-dry2", "alike-dry3", "alike-dry4", "alike-some"],
  far: ["far", "farther"],
  times: ["twice", "often"],
} as const;

/** What its site has given. It ends a lead's words, so that none of them is the beginning of another's. */
export const SITE = ["unread", "gave0", "gave1", "gave2", "gave3", "gave4"] as const;

/** Reasons of a thought that are not traits too. */
export const REASONS = [
  "given",
  "checked",
  "name",
  "username",
  "initial",
  "yours",
  "name-page",
  "shown",
  "left",
  "first",
  "begin",
  "missing",
  "little",
  "confirm",
  "otherwise",
  "register",
  "suggested",
  "more-results",
  "linked",
  "found",
  "owed",
  "nothing",
  "steps-over",
  "time-over",
  "told",
  "warned-often",
] as const;

export const CALLS = ["prove", "open", "search", "check", "breach", "message", "finish"] as const;

const QUERIES = [
  ...[1, 2, 3].flatMap((n) => [`q-name${n}`, `q-name${n}-city`, `q-name${n}-employer`]),
  ...[1, 2, 3, 4, 5, 6].map((n) => `q-username${n}`),
  ...[1, 2, 3].map((n) => `q-site${n}`),
  ...KINDS.flatMap((kind) => [`q-${kindWord(kind)}`, `q-${kindWord(kind)}-again`]),
  "q-pdf",
  "q-reversed",
  "q-initial",
];

const HEADER = [
  "steps",
  "pages",
  "none",
  "few",
  "some",
  "many",
  "dry",
  "warned",
  "wanted",
  "yes",
  "no",
  "asked",
  "failed",
  "names-checked",
  "can",
  "sure",
  "unsure",
  "made",
  "promising",
  "results",
  "perhaps",
  "elsewhere",
  "then",
];

/** `n0` to `n40`. */
export const countWord = (count: number): string => `n${Math.max(0, Math.min(MOST_COUNT, Math.round(count)))}`;

/** Every word there is, in the order of their tokens. */
export const WORDS: readonly string[] = [
  ...new Set([
    ...ABOUT.flatMap((about) => ORIGIN.map((origin) => `${about}/${origin}`)),
    ...Object.values(TRAITS).flat(),
    ...SITE,
    ...REASONS,
    ...CALLS,
    ...QUERIES,
    ...HEADER,
    ...KINDS.map(kindWord),
    ...Array.from({ length: MOST_COUNT + 1 }, (_, count) => countWord(count)),
  ]),
];
