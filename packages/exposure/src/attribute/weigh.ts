/** Weighs one subject against what is known: reasons for and against that it is the operator, and how sure that makes us. */
import { derivedFrom } from "../extract/names.ts";
import type { PageRecord, Subject } from "../extract/record.ts";
import { fold, hostOf, urlKey } from "../extract/words.ts";
import { firmKey, type Known, placeKey } from "./known.ts";

export interface Verdict {
  confidence: number;
  for: string[];
  against: string[];
  /** Something ties it to the operator besides a name or a handle. */
  corroborated: boolean;
  /** By itself enough: a proven page, an identifier, links both ways, an account that a page of theirs names. */
  strong: boolean;
  /** Pages of the operator through which we know of this one. */
  from: string[];
}

/** A reason and its weight in log odds. */
interface Reason {
  weight: number;
  text: string;
  /** Independent of the name and the handle. */
  independent?: boolean;
  strong?: boolean;
}

const PRIOR = -2;

export function weigh(record: PageRecord, subject: Subject, known: Known): Verdict {
  const reasons: Reason[] = [];
  const from = new Set<string>();
  const key = urlKey(record.url);
  const stranger = subject.named === "other";
  const address = known.owned.get(key);
  const ownHost = known.ownedHosts.has(record.host);

  if (subject.main && address !== undefined && address >= 0.9) {
    reasons.push({
      weight: address >= 0.95 ? 8 : 6,
      text: address >= 0.99 ? "you proved that this page is yours" : "you named this page as yours",
      independent: true,
      strong: true,
    });
  } else if (subject.main && ownHost && !stranger) {
    reasons.push({ weight: 5, text: `it is on your own site ${record.host}`, independent: true, strong: true });
  }
  reasons.push(...identifiers(subject));
  reasons.push(...links(record, subject, known, from));
  reasons.push(...nameAndHandle(record, subject, known));
  const strong = reasons.some((reason) => reason.strong);
  reasons.push(...attributes(record, subject, known, strong));

  const odds = reasons.reduce((sum, reason) => sum + reason.weight, PRIOR);
  const corroborated = strong || reasons.some((reason) => reason.independent && reason.weight > 0);
  const sorted = reasons.filter((reason) => reason.text !== "").sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return {
    confidence: Math.min(0.99, 1 / (1 + Math.exp(-odds))) * (corroborated ? 1 : 0.6),
    for: sorted.filter((reason) => reason.weight > 0).map((reason) => reason.text),
    against: sorted.filter((reason) => reason.weight < 0).map((reason) => reason.text),
    corroborated,
    strong,
    from: [...from],
  };
}

/** The operator's own identifiers in the block. A household shares an address, so another name speaks against it. */
function identifiers(subject: Subject): Reason[] {
  const reasons: Reason[] = [];
  const kinds = new Set(
    subject.claims
      .map((claim) => claim.value.replace(/ \d+$/, ""))
      .filter((kind) => /^(?:phone|e-mail|address|birth date)$/.test(kind)),
  );
  const named = subject.named === "full" || subject.named === "initial" || subject.named === "part";
  if (kinds.has("phone") || kinds.has("e-mail")) {
    const what = kinds.has("phone") ? "your phone number" : "your e-mail address";
    reasons.push({
      weight: subject.named === "other" ? 2.5 : 6,
      text: `it shows ${what}`,
      independent: true,
      strong: subject.named !== "other",
    });
  }
  if (kinds.has("address")) {
    reasons.push({
      weight: named ? 5 : subject.named === "other" ? 0.5 : 2.4,
      text: "it shows your street address",
      independent: true,
      strong: named,
    });
  }
  if (kinds.has("birth date")) {
    reasons.push({
      weight: named ? 5 : subject.named === "other" ? 0 : 2.2,
      text: "it shows your date of birth",
      independent: true,
      strong: named,
    });
  }
  const has = (kind: Subject["others"][number]): boolean => subject.others.includes(kind) && !kinds.has(kind);
  if (has("birth date")) reasons.push({ weight: -4, text: "it shows another date of birth" });
  if (has("address")) reasons.push({ weight: -1.2, text: "it shows an address that is not yours" });
  if (has("phone")) reasons.push({ weight: -0.8, text: "it shows a phone number that is not yours" });
  if (has("e-mail")) reasons.push({ weight: -0.8, text: "it shows an e-mail address that is not yours" });
  return reasons;
}

/** Links between this page and pages of the operator, in either direction. */
function links(record: PageRecord, subject: Subject, known: Known, from: Set<string>): Reason[] {
  const reasons: Reason[] = [];
  const stranger = subject.named === "other";
  const reached = subject.main || record.subjects.length === 1 ? (known.reached.get(urlKey(record.url)) ?? []) : [];
  for (const reach of reached) from.add(reach.from);
  const back = subject.links.filter(
    (link) => known.owned.has(urlKey(link.url)) || known.ownedHosts.has(hostOf(link.url)),
  );
  const fits = subject.named === "full" || subject.named === "initial" || sharesHandle(record, subject, known);
  const by = (how: string): string | undefined => reached.find((reach) => reach.how === how)?.from;
  const [me, home, own] = [by("me"), by("home"), by("own")];
  if (me !== undefined && back.length > 0)
    reasons.push({ weight: 7, text: `it and ${short(me)} link to each other`, independent: true, strong: true });
  else if (me !== undefined)
    reasons.push({
      weight: stranger ? 1.5 : 5,
      text: `${short(me)} says that this page is yours (rel=me)`,
      independent: true,
      strong: !stranger,
    });
  else if (home !== undefined && back.length > 0) {
    const sure = fits || subject.named === "part";
    reasons.push({
      weight: stranger ? 1 : sure ? 5 : 2.5,
      text: `it and ${short(home)} link to each other`,
      independent: true,
      strong: sure,
    });
  } else if (home !== undefined && fits)
    reasons.push({ weight: 2.8, text: `${short(home)} links to it`, independent: true });
  else if (back.length > 0) {
    const mutual = back.some((link) => link.how === "me");
    reasons.push({
      weight: fits ? (mutual ? 2.8 : 2.4) : stranger ? 0.2 : 1.6,
      text: `it links to your page ${short(back[0]?.url ?? "")}`,
      independent: true,
    });
  }
  if (record.image && known.pictures.has(urlKey(record.url)) && !stranger)
    reasons.push({ weight: 5.5, text: "a page of yours shows this picture", independent: true, strong: true });
  else if (record.image && own !== undefined && !stranger)
    reasons.push({ weight: 4, text: `your page ${short(own)} links to this picture`, independent: true });
  else if (own !== undefined && !stranger && !anotherAccount(record, subject, known)) {
    const same = subject.main && record.kind !== "directory";
    if (fits || subject.named === "part")
      reasons.push({ weight: 3, text: `your page ${short(own)} lists it`, independent: true });
    else if (same && known.accounts.size > 0)
      reasons.push({ weight: 0.8, text: `your page ${short(own)} links to it`, independent: true });
  }
  return reasons;
}

/**
 * The page is an account on a site where another account is known to be the operator's: a site links from one member's
 * page to others, those of the same name among them.
 */
function anotherAccount(record: PageRecord, subject: Subject, known: Known): boolean {
  const own = subject.handles.filter(
    (handle) => (handle.host || record.host) === record.host && (handle.how === "address" || handle.how === "field"),
  );
  return (
    own.length > 0 &&
    !sharesHandle(record, subject, known) &&
    [...known.accounts].some((account) => account.endsWith(`@${record.host}`))
  );
}

function sharesHandle(record: PageRecord, subject: Subject, known: Known): boolean {
  return subject.handles.some(
    (handle) =>
      known.handles.has(handle.handle.toLowerCase()) ||
      known.accounts.has(`${handle.handle.toLowerCase()}@${handle.host || record.host}`),
  );
}

function nameAndHandle(record: PageRecord, subject: Subject, known: Known): Reason[] {
  const reasons: Reason[] = [];
  const account = subject.handles.find(
    (handle) =>
      handle.how !== "stated" && known.accounts.has(`${handle.handle.toLowerCase()}@${handle.host || record.host}`),
  );
  if (account)
    reasons.push({
      weight: 5.5,
      text: `it is by ${account.handle}, your account on ${account.host || record.host}`,
      independent: true,
      strong: true,
    });
  const shared = subject.handles.find(
    (handle) => handle.how !== "stated" && known.handles.has(handle.handle.toLowerCase()),
  );
  switch (subject.named) {
    case "full":
      reasons.push({ weight: 1.4, text: "it has your full name" });
      break;
    case "initial":
      reasons.push({ weight: 0.9, text: "it has your name, shortened" });
      break;
    case "part":
      reasons.push({ weight: 0.4, text: "it has your first name" });
      break;
    case "other":
      reasons.push({ weight: -5, text: "it has another person's name" });
      break;
    case "none":
      break;
  }
  if (shared) {
    const named = subject.named === "full" || subject.named === "initial";
    // A handle made of the name says no more than the name does; an invented one beside the name is a second sign.
    const derived = derivedFrom(shared.handle, known.who);
    reasons.push({
      weight: named && derived ? 0.2 : 1.4,
      text: `it uses your handle ${shared.handle}`,
      independent: named && !derived,
    });
  }
  return reasons;
}

/** Employer, place, school, interests, year of birth, picture: for, or against where nothing strong is there. */
function attributes(record: PageRecord, subject: Subject, known: Known, strong: boolean): Reason[] {
  const reasons: Reason[] = [];
  const values = (kind: string): string[] =>
    subject.claims.filter((claim) => claim.kind === kind && claim.confidence >= 0.5).map((claim) => claim.value);
  const about =
    subject.named === "full" || subject.named === "initial" || subject.named === "part" || subject.handles.length > 0;
  const match = (weight: number, text: string): void => {
    if (about) reasons.push({ weight, text, independent: true });
  };
  const employers = values("employer");
  const title = ` ${fold(record.title)} `;
  const full = subject.named === "full" || subject.named === "initial";
  const titled = (values: Iterable<string>): string | undefined => {
    if (full && !subject.main)
      for (const value of values) if (value.length > 3 && holdsFolded(title, value)) return value;
    return undefined;
  };
  const firm = employers.find((value) => known.employers.has(firmKey(value))) ?? titled(known.employers);
  if (firm) match(2.2, `it names your employer ${firm}`);
  else if (employers.length > 0 && known.employers.size > 0 && !strong)
    reasons.push({ weight: -1.6, text: "it names another employer" });

  const places = values("location").filter((value) => !/^-?\d/.test(value));
  const place =
    places.find((value) => known.places.has(placeKey(value)) || known.places.has(fold(value))) ??
    (places.length === 0 ? titled(known.places) : undefined);
  if (place) match(1.6, `it names ${place}, where you live or lived`);
  else if (places.length > 0 && known.places.size > 0 && !strong)
    reasons.push({ weight: -2.2, text: "it names another place" });

  const schools = values("school");
  const school =
    schools.find((value) => known.schools.has(fold(value))) ??
    (schools.length === 0 ? titled(known.schools) : undefined);
  if (school) match(2, `it names your school ${school}`);
  else if (schools.length > 0 && known.schools.size > 0 && !strong)
    reasons.push({ weight: -0.8, text: "it names another school" });

  const shared = values("interest").filter((value) => known.interests.has(fold(value)));
  if (shared.length > 0)
    match(Math.min(1.8, 0.9 * shared.length), `it shares your interest in ${shared.slice(0, 2).join(" and ")}`);

  if (subject.born !== undefined && known.born.size > 0) {
    if (known.born.has(subject.born)) match(1.5, "it has your year of birth");
    else if (!strong) reasons.push({ weight: -4, text: "it has another year of birth" });
  }
  const picture = subject.photos.some((photo) => known.pictures.has(urlKey(photo.src)));
  // A picture can be taken from the operator's page, so it only counts beside the name.
  if (picture && (subject.named === "full" || subject.named === "initial"))
    match(1.5, "it shows the same picture as a page of yours");
  return reasons;
}

/** Whole words of an already folded phrase in a folded text with a space at each end. */
function holdsFolded(text: string, phrase: string): boolean {
  const at = text.indexOf(phrase);
  return (
    at >= 0 && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? " ") && !/[\p{L}\p{N}]/u.test(text[at + phrase.length] ?? " ")
  );
}

function short(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname === "/" ? "" : pathname}`;
  } catch {
    return url;
  }
}
