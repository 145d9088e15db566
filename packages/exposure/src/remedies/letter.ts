/**
 * Drafts of letters. Sealed values stand in them as labels (`[phone 1]`): they are put in when the letter is sent, never
 * in a stored report. A broker is told nothing that its page does not show already.
 */
import { SEALED_KINDS } from "../extract/record.ts";
import { hostOf } from "../extract/words.ts";
import type { Finding } from "../findings/finding.ts";
import type { Place } from "./place.ts";

export interface Letter {
  to: string;
  subject: string;
  body: string;
}

/** How a finding is called in a sentence to the host of the page. */
export function inWords(finding: Pick<Finding, "kind" | "value">): string {
  if ((SEALED_KINDS as readonly string[]).includes(finding.kind))
    return `my ${SPOKEN[finding.kind] ?? finding.kind} [${finding.value}]`;
  if (finding.kind === "username") return `my account ${finding.value.slice(0, finding.value.lastIndexOf("@"))}`;
  if (finding.kind === "photo") return `a picture of mine (${finding.value})`;
  if (finding.kind === "location")
    return /^-?\d/.test(finding.value)
      ? "the position where a picture of mine was taken"
      : `where I live or lived (${finding.value})`;
  return `my ${finding.kind} (${finding.value})`;
}

const SPOKEN: Record<string, string> = {
  phone: "phone number",
  "e-mail": "e-mail address",
  address: "home address",
  "birth date": "date of birth",
};

/** @param shown everything that the page at `url` shows of the operator */
export function letterFor(place: Place, url: string, name: string, shown: readonly Finding[]): Letter | undefined {
  const host = hostOf(url);
  const list = shown.map((finding) => `  - ${inWords(finding)}`).join("\n");
  const close = `Please confirm when it is done. I am happy to answer to the address I write from; please use it for this matter only.\n\nYours faithfully,\n${name}`;
  const law =
    "I ask for this under Article 17 (right to erasure) and Article 21 (right to object) of the General Data Protection Regulation, or the law that protects me where I live.";
  switch (place) {
    case "own site":
    case "account":
    case "picture":
      return undefined;
    case "broker":
      return {
        to: `the privacy contact of ${host}`,
        subject: "Request to opt out and to delete a record",
        body: `To the privacy team of ${host},\n\nthis page of yours is about me:\n\n  ${url}\n\nI did not agree to it. Please delete the record, do not build it again from other sources, do not sell or share it, and tell those who had it from you that it is to be deleted.\n\n${law} Everything that you need to find the record is on that page; I do not give you anything beyond it, and no copy of an identity document is necessary for a record that anybody can read.\n\n${close}`,
      };
    case "paste":
      return {
        to: `the abuse contact of ${host}`,
        subject: "Personal data in a public paste",
        body: `To the abuse team of ${host},\n\nthis paste publishes personal data without the consent of those whom it names, me among them:\n\n  ${url}\n\nOf me it shows:\n${list}\n\nPlease remove it and ask search engines to drop their copy. ${law}\n\n${close}`,
      };
    default:
      return {
        to: `${place === "organisation" ? "the editor" : "the administrator"} of ${host}`,
        subject: "Please take down personal details of mine",
        body: `Dear ${place === "organisation" ? "editor" : "administrator"},\n\nyour page\n\n  ${url}\n\nshows the following about me:\n${list}\n\nPlease remove ${shown.length === 1 ? "it" : "these details"}, or replace ${shown.length === 1 ? "it" : "them"} with a contact form or initials. If you keep archives or copies of the page elsewhere, please change those as well. ${law}\n\n${close}`,
      };
  }
}
