/** What to do about each finding: where, how hard it is, and a letter to send. */
import type { Seeds } from "@candor/agent";
import { z } from "zod";
import { isOwnHost } from "../attribute/known.ts";
import { hostOf } from "../extract/words.ts";
import { type Exposure, Finding } from "../findings/finding.ts";
import type { Directory } from "./directory.ts";
import { letterFor } from "./letter.ts";
import { PLACES, type Place, placeOf } from "./place.ts";

export const Remedy = z.object({
  /** The page it is about: the worst one that shows the finding. */
  url: z.string(),
  place: z.enum(PLACES),
  /** One line: `Opt out at findfolk.example`. */
  title: z.string(),
  difficulty: z.enum(["easy", "medium", "hard", "impossible"]),
  steps: z.array(z.string()),
  /** Where to start, where it is known. */
  start: z.string().optional(),
  letter: z.object({ to: z.string(), subject: z.string(), body: z.string() }).optional(),
  /** The directory's entry it comes from, or `Candor`. */
  source: z.string(),
});
export type Remedy = z.infer<typeof Remedy>;

export const RemediedFinding = Finding.extend({ remedies: z.array(Remedy) });
export type RemediedFinding = z.infer<typeof RemediedFinding>;

/** The finding with one remedy for each place that shows it, at most five. */
export function withRemedies(exposure: Exposure, directory: Directory, seeds: Seeds): RemediedFinding[] {
  const ownHosts = new Set(seeds.sites.filter(isOwnHost).map(hostOf));
  const name = seeds.names[0] ?? "the person concerned";
  return exposure.findings.map((finding) => {
    const hosts = new Map<string, string>();
    for (const { url } of finding.evidence) if (!hosts.has(hostOf(url))) hosts.set(hostOf(url), url);
    const remedies = [...hosts.values()].slice(0, 5).map((url) => remedyFor(finding, url));
    return { ...finding, remedies };
  });

  function remedyFor(finding: Finding, url: string): Remedy {
    const place = placeOf(finding, url, exposure, ownHosts);
    const host = hostOf(url);
    const shown = exposure.findings.filter((other) => other.evidence.some((evidence) => evidence.url === url));
    const letter = letterFor(place, url, name, shown);
    const advice = ADVICE[place](host, finding);
    const known = place === "own site" ? undefined : directory.find(host);
    const last = finding.indexed && place !== "own site" ? [SEARCH_ENGINES] : [];
    if (!known)
      return {
        url,
        place,
        ...advice,
        steps: [...advice.steps, ...last],
        source: "Candor",
        ...(letter ? { letter } : {}),
      };
    const written = known.email
      ? {
          to: known.email,
          subject: known.email_subject ?? "Please delete my account",
          body: known.email_body ?? letter?.body ?? `Please delete my account and all data about me.\n\n${name}`,
        }
      : letter;
    return {
      url,
      place,
      title: place === "broker" ? `Opt out at ${known.name}` : `Edit or delete your account on ${known.name}`,
      difficulty: known.difficulty === "limited" ? "hard" : known.difficulty,
      steps: [...(known.notes ? [known.notes] : []), ...advice.steps.slice(0, 1), ...last],
      start: known.url,
      source: `directory: ${known.name}`,
      ...(written ? { letter: written } : {}),
    };
  }
}

const SEARCH_ENGINES =
  "When it is gone, ask the search engines to drop their copy: Google's Results about you or Remove outdated content, Bing's Content Removal. In the EU and the UK you can also ask them to delist the result for your name.";

type Advice = Pick<Remedy, "title" | "difficulty" | "steps">;

const ADVICE: Record<Place, (host: string, finding: Finding) => Advice> = {
  "own site": (host) => ({
    title: `Edit your own page on ${host}`,
    difficulty: "easy",
    steps: [
      "Decide whether you want it there; a contact form does the same without showing an address or a number.",
      "Ask the Internet Archive to drop old copies if they matter.",
    ],
  }),
  broker: (host) => ({
    title: `Opt out at ${host}`,
    difficulty: "medium",
    steps: [
      "Look for Opt out, Remove my record or Do not sell at the foot of the page, and give the address of the listing and nothing else.",
      "If it asks for a document or a number that it does not have, do not give it: send the letter instead.",
      "Look again after 30 days: brokers build records anew.",
    ],
  }),
  "code host": () => ({
    title: "Hide your address in commits",
    difficulty: "hard",
    steps: [
      "Switch to the host's noreply address in its settings, and set it in git: git config --global user.email.",
      "Old commits keep the address. Rewriting history (git filter-repo --mailmap) changes it in your repository, not in copies and forks.",
      "Where the address matters more than the code, delete or make private the repository.",
    ],
  }),
  paste: (host) => ({
    title: `Report the paste to ${host}`,
    difficulty: "medium",
    steps: [
      "Use the report link or the abuse contact; most paste sites remove personal data within days.",
      "Take the password in it for known: change it wherever you used it, and turn on a second factor.",
      "Expect copies: what has been in a paste stays known to some.",
    ],
  }),
  whois: () => ({
    title: "Turn on WHOIS privacy",
    difficulty: "easy",
    steps: [
      "Log in at your registrar and turn on WHOIS privacy (also called privacy protection or ID shield); most give it free of charge.",
      "History services keep old records: ask them to delete theirs with the letter.",
    ],
  }),
  document: () => ({
    title: "Replace the document",
    difficulty: "medium",
    steps: [
      "Take the file down, or put up a version without address, birth date and number: name, town and a contact form are enough for a CV.",
      "Clear its properties before you upload it: author, title and earlier versions travel with a PDF.",
      "If it is on somebody else's server, send the letter.",
    ],
  }),
  picture: (host, finding) => ({
    title: finding.kind === "location" ? "Remove the position from the picture" : `Take the picture down from ${host}`,
    difficulty: "easy",
    steps:
      finding.kind === "location"
        ? [
            "Replace the file with a copy without EXIF data (exiftool -gps:all= FILE), and delete the original there.",
            "Turn off location in your camera app, and the site's Show EXIF setting.",
          ]
        : [
            "Delete it in your account, or ask whoever posted it.",
            "Use another picture on each site: a picture ties accounts together.",
          ],
  }),
  calendar: () => ({
    title: "Make the calendar private",
    difficulty: "easy",
    steps: [
      "Set the calendar to private, or to free/busy only, and make a new secret address: the old one stays known.",
      "Take your home out of the place of events, and your address out of the organiser.",
    ],
  }),
  forum: (host) => ({
    title: `Edit your posts on ${host}`,
    difficulty: "medium",
    steps: [
      "Edit the post or the signature if the forum still lets you.",
      "If not, send the administrator the letter; forums often rename an account rather than delete its posts.",
    ],
  }),
  marketplace: (host) => ({
    title: `Close the listing on ${host}`,
    difficulty: "easy",
    steps: [
      "Edit or end the listing, and use the site's messages rather than a number.",
      "Ended listings often stay readable: ask for their deletion.",
    ],
  }),
  account: (host, finding) => ({
    title: finding.kind === "username" ? `Keep or delete the account on ${host}` : `Edit your profile on ${host}`,
    difficulty: "easy",
    steps: [
      "Log in, and remove the detail or set who can see it.",
      "An account that you no longer use is best deleted: look for Delete account in its settings.",
    ],
  }),
  organisation: (host) => ({
    title: `Ask ${host} to take it down`,
    difficulty: "medium",
    steps: [
      "Write to the editor or the office: clubs and firms usually do it at once.",
      "Offer something in its place: a shared address, a contact form, initials.",
    ],
  }),
  page: (host) => ({
    title: `Ask ${host} to take it down`,
    difficulty: "medium",
    steps: [
      "Find a contact under Contact, Imprint or Privacy, and send the letter.",
      "If nobody answers within a month, complain to the data protection authority where you live.",
    ],
  }),
};
