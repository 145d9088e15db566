/** Which subjects of a run's pages are the operator: a pure fold over all records, repeated until nothing changes. */
import type { Seeds } from "@candor/agent";
import { handleOfAddress } from "../extract/handles.ts";
import { derivedFrom } from "../extract/names.ts";
import type { PageRecord, Subject } from "../extract/record.ts";
import { fold, hostOf, urlKey } from "../extract/words.ts";
import {
  firmKey,
  isOwnHost,
  type Judgments,
  type Known,
  NO_JUDGMENTS,
  placeKey,
  type Reach,
  startingPoint,
} from "./known.ts";
import { type Verdict, weigh } from "./weigh.ts";

/** A subject that is taken to be the operator, or was weighed and was not. */
export interface Weighed {
  record: PageRecord;
  subject: Subject;
  verdict: Verdict;
  mine: boolean;
}

export interface Attribution {
  weighed: Weighed[];
  known: Known;
  /** Other people who share the operator's name or a handle: counted, and nothing of them is kept. */
  dropped: number;
}

/** From here on a subject is the operator. */
export const ENOUGH = 0.66;
/** From here on what a page says of the operator helps to know other pages. */
const SURE = 0.8;
const ROUNDS = 12;

/**
 * @param records in any order: the result does not depend on it
 * @param proven addresses of pages that the operator has proven to be theirs
 */
export function attribute(
  records: readonly PageRecord[],
  seeds: Seeds,
  proven: readonly string[],
  judgments: Judgments = NO_JUDGMENTS,
): Attribution {
  const pages = [...records].sort((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : a.hash < b.hash ? -1 : 1));
  let known = startingPoint(seeds, proven);
  let weighed: Weighed[] = [];
  let before = "";
  for (let round = 0; round < ROUNDS; round++) {
    weighed = pages.flatMap((record) => record.subjects.map((subject) => judge(record, subject, known, judgments)));
    const picture = weighed.map((each) => (each.mine ? "1" : "0")).join("") + signature(known);
    if (picture === before) break;
    before = picture;
    known = learn(weighed, seeds, proven, judgments);
  }
  const dropped = weighed.filter(
    (each) =>
      !each.mine &&
      (each.subject.named === "full" ||
        each.subject.handles.some((handle) => known.handles.has(handle.handle.toLowerCase()))),
  ).length;
  return { weighed, known, dropped };
}

const signature = (known: Known): string =>
  [
    known.handles.size,
    known.accounts.size,
    known.employers.size,
    known.places.size,
    known.schools.size,
    known.interests.size,
    known.owned.size,
    known.reached.size,
  ].join(",");

function judge(record: PageRecord, subject: Subject, known: Known, judgments: Judgments): Weighed {
  const verdict = weigh(record, subject, known);
  const denied = (reason: string): Weighed => ({
    record,
    subject,
    mine: false,
    verdict: { ...verdict, confidence: 0, strong: false, against: [reason, ...verdict.against] },
  });
  if (judgments.pages.has(urlKey(record.url))) return denied("you said that this is not you");
  const refused = subject.handles.find((handle) =>
    judgments.notMine.has(`username ${handle.handle.toLowerCase()}@${handle.host || record.host}`),
  );
  if (refused) return denied(`you said that ${refused.handle} is not you`);
  const affirmed = subject.handles.some((handle) =>
    judgments.mine.has(`username ${handle.handle.toLowerCase()}@${handle.host || record.host}`),
  );
  if (affirmed)
    return {
      record,
      subject,
      mine: true,
      verdict: {
        ...verdict,
        confidence: 0.99,
        strong: true,
        corroborated: true,
        for: ["you said that this account is yours", ...verdict.for],
      },
    };
  return { record, subject, verdict, mine: verdict.corroborated && verdict.confidence >= ENOUGH };
}

/** What the subjects that are surely the operator add to what is known. Always from the seeds on, so that a mistake heals. */
function learn(weighed: readonly Weighed[], seeds: Seeds, proven: readonly string[], judgments: Judgments): Known {
  const known = startingPoint(seeds, proven);
  const refused = (kind: string, value: string): boolean => judgments.notMine.has(`${kind} ${fold(value)}`);
  for (const { record, subject, verdict, mine } of weighed) {
    if (!mine || verdict.confidence < SURE) continue;
    const whole = subject.main && subject.named !== "other";
    // A broker's or a firm's page about the operator is not in their hands: what it links to says nothing.
    const theirs = whole && (verdict.strong || verdict.confidence >= 0.9) && inTheirHands(record, subject, known);
    if (theirs) {
      const key = urlKey(record.url);
      known.owned.set(key, Math.max(known.owned.get(key) ?? 0, Math.min(0.89, verdict.confidence)));
    }
    for (const handle of subject.handles) {
      const host = handle.host || record.host;
      if (refused("username", `${handle.handle}@${host}`)) continue;
      if (handle.how === "mention" && record.kind === "file") continue;
      if (whole || handle.how !== "address") {
        known.accounts.add(`${handle.handle.toLowerCase()}@${host}`);
        if (handle.handle.length > 3)
          known.handles.set(handle.handle.toLowerCase(), derivedFrom(handle.handle, known.who) ? 0.6 : 0.9);
      }
    }
    if (verdict.confidence >= 0.85)
      for (const claim of subject.claims)
        if (claim.confidence >= 0.7 && !refused(claim.kind, claim.value)) note(known, claim.kind, claim.value);
    if (subject.born !== undefined && verdict.strong) known.born.add(subject.born);
    if (whole || verdict.strong) for (const photo of subject.photos) known.pictures.add(urlKey(photo.src));
    if (theirs) for (const link of subject.links) reach(known, record, link);
  }
  return known;
}

/** The operator's own site, or an account: a page whose address or fields carry a handle. */
function inTheirHands(record: PageRecord, subject: Subject, known: Known): boolean {
  const key = urlKey(record.url);
  return (
    known.owned.has(key) ||
    known.ownedHosts.has(record.host) ||
    known.reached.has(key) ||
    subject.handles.some((handle) => handle.how === "address" || handle.how === "field")
  );
}

function note(known: Known, kind: string, value: string): void {
  if (kind === "employer") known.employers.add(firmKey(value));
  else if (kind === "school") known.schools.add(fold(value));
  else if (kind === "interest") known.interests.add(fold(value));
  else if (kind === "location") known.places.add(placeKey(value));
}

/** A link of a page that is the operator's: to what they call theirs, to their work there, or merely somewhere. */
function reach(known: Known, record: PageRecord, link: Subject["links"][number]): void {
  const key = urlKey(link.url);
  const list: Reach[] = known.reached.get(key) ?? [];
  if (!list.some((each) => each.from === record.url && each.how === link.how))
    list.push({ from: record.url, how: link.how });
  known.reached.set(key, list);
  if (link.how !== "me") return;
  const account = handleOfAddress(link.url);
  if (account) {
    known.accounts.add(`${account.handle.toLowerCase()}@${hostOf(link.url)}`);
    known.handles.set(account.handle.toLowerCase(), 0.8);
  }
  if (isOwnHost(link.url) && record.subjects.length === 1)
    known.owned.set(key, Math.max(known.owned.get(key) ?? 0, 0.85));
}
