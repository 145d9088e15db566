/** What speaks for opening a lead, each in a word and in a clause of a thought. */
import type { LeadTraits } from "./traits.ts";

export interface Reason {
  word: string;
  clause: string;
}

/** All that is true of it, strongest first; never none. */
export function leadReasons(traits: LeadTraits): [Reason, ...Reason[]] {
  const reasons: Reason[] = [];
  const add = (is: boolean, word: string, clause: string): void => {
    if (is) reasons.push({ word, clause });
  };
  const { checked, handled, named, partly, about, known, lead, site } = traits;
  add(checked, "checked", "an account with your username exists there");
  add(!checked && handled, "username", "it mentions your username");
  add(named, "name", "it mentions your name");
  add(partly, "initial", "it mentions a name like yours");
  add(traits.city && about, "city", "it mentions your city");
  add(traits.employer, "employer", "it mentions your employer");
  add(known !== undefined, "known", `${known} is already among your findings`);
  add(traits.called, "mine", "a page of yours calls it yours");
  add(lead.fromOwned > 0.3, "yours", "a page of yours links to it");
  add(traits.fromNamePage, "name-page", "a page for your name links to it");
  add(traits.telling, "telling", "pages of this kind often show personal details");
  add(traits.mayShowWhere, "original", "a picture as it was taken may say where");
  add(!site, "unread", "nothing of this site was read yet");
  const findings = site?.findings ?? 0;
  const things = findings === 1 ? "something" : `${findings} things`;
  add(findings > 0, "shown", `this site has shown ${things} about you`);
  const [first, ...others] = reasons;
  return first ? [first, ...others] : [{ word: "left", clause: "it is the best lead that is left" }];
}

/** Why a page of a host is opened: its first two reasons in a sentence. */
export function sentence(host: string, [first = "", second]: readonly string[]): string {
  const shared = "it mentions ";
  const clause =
    second && first.startsWith(shared) && second.startsWith(shared)
      ? `${first} and ${second.slice(shared.length)}`
      : second
        ? `${first}, and ${second}`
        : first;
  return `I open a page on ${host}: ${clause}.`;
}
