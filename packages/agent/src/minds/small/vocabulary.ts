/** The words of the small mind's grammar. A word is a token, so that a view is a few hundred of them. */

/** Leads that a view can name. */
export const MOST_LEADS = 96;
export const MOST_HANDLES = 12;
export const MOST_FINDINGS = 16;
export const MOST_SEARCHES = 4;
const MOST_COUNT = 40;

/** Kinds of findings, as the query for each is called. */
export const KINDS = [
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
] as const;
export const kindWord = (kind: string): string => kind.replace(/ /g, "-");

/** What a lead says about the operator, where it came from, what kind of page it is, and what its site has given. */
export const TRAITS = {
  about: ["name", "username", "name+username", "initial", "initial+username", "nobody"],
  mentions: ["city", "employer", "known", "mine"],
  origin: [
    "given",
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
  ],
  rank: ["late", "last"],
  page: ["contact", "profile", "document", "photos", "code", "paste", "sale", "event", "records", "telling"],
  form: ["data", "file", "picture", "original", "portrait", "account", "person", "front", "menu", "menu-address"],
  endless: ["endless"],
  shows: ["shows-yours", "shows-others", "orders"],
  site: ["unread", "gave0", "gave1", "gave2", "gave3", "gave4"],
  worn: ["worn", "worn-out", "blocks"],
  alike: ["alike-dry2", "alike-dry3", "alike-dry4", "alike-some"],
  far: ["far", "farther"],
  times: ["twice", "often"],
} as const;

/** Reasons of a thought that are not traits too. */
export const REASONS = [
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
  "second-place",
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
  "elsewhere-too",
  "results",
  "then",
];

const numbered = (letter: string, most: number, from = 1): string[] =>
  Array.from({ length: most + 1 - from }, (_, n) => `${letter}${n + from}`);

/** `n0` to `n40`. */
export const countWord = (count: number): string => `n${Math.max(0, Math.min(MOST_COUNT, Math.round(count)))}`;

/** Every word there is, in the order of their tokens. */
export const WORDS: readonly string[] = [
  ...new Set([
    ...Object.values(TRAITS).flat(),
    ...REASONS,
    ...CALLS,
    ...QUERIES,
    ...HEADER,
    ...KINDS.map(kindWord),
    ...numbered("n", MOST_COUNT, 0),
    ...numbered("l", MOST_LEADS),
    ...numbered("h", MOST_HANDLES),
    ...numbered("f", MOST_FINDINGS),
    ...numbered("m", MOST_SEARCHES),
    ...numbered("s", 8),
  ]),
];
