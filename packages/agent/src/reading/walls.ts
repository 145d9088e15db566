/** Pages that answer 200 and show nothing: sign-in forms, proofs of being human, and "not found" in friendly words. */
import type { Document } from "../ports.ts";

type Page = Pick<Document, "title" | "text" | "url">;

/** A page that says all this and little else is a wall; one that says it in its margin is not. */
const LONGEST_WALL = 1_200;
const LONGEST_MISSING = 800;

const ASKS_FOR_LOGIN =
  /\b(?:please|you (?:must|need to|have to)|must be|need to be|have to be)\s+(?:first\s+)?(?:be\s+)?(?:log(?:ged)?|sign(?:ed)?)[ -]?in\b|\b(?:log|sign)[ -]?in(?:\s+or\s+(?:register|sign up|join|create an account))?\s+(?:first\s+)?(?:to|for|before|required)\b|\b(?:log|sign)[ -]?in (?:is )?required\b|\b(?:members?|subscribers?|registered users?|friends|followers)[ -]only\b|\bonly (?:for |visible to |shown to |available to |open to )?(?:logged[ -]in |signed[ -]in |registered )?(?:members|users|subscribers)\b|\b(?:create|register)(?: for)? an? (?:free )?account to\b|\b(?:sign up|register|join)(?: now)? to (?:see|view|continue|read|access)\b|\bthis (?:profile|account|page|content) is private\b|\b(?:bitte )?(?:melde dich|melden sie sich|einloggen|anmelden) (?:an|um)\b|\bconnectez-vous\b|\binicia(?:r)? sesi[oó]n para\b|\baccedi per\b/i;

const PROOF_OF_HUMANITY =
  /\b(?:verify|prove|confirm)(?:ing)? (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:robot|bot))\b|\bare you (?:a )?(?:human|robot)\b|\b(?:checking|verifying) your browser\b|\bunusual traffic\b|\bcomplete the (?:captcha|security check)\b|\benable javascript and cookies to continue\b|\bddos protection by\b|\bjust a moment\b/i;

/** The page asks for an account, or for a proof of being human, instead of showing its content. */
export function looksLikeLoginWall(page: Page): boolean {
  return looksLikeSignIn(page) || looksLikeChallenge(page);
}

export function looksLikeChallenge({ title, text }: Page): boolean {
  return text.length <= LONGEST_WALL && PROOF_OF_HUMANITY.test(`${title}\n${text}`);
}

function looksLikeSignIn({ title, text, url }: Page): boolean {
  if (text.length > LONGEST_WALL) return false;
  const said = `${title}\n${text}`;
  if (ASKS_FOR_LOGIN.test(said)) return true;
  const path = URL.parse(url)?.pathname ?? "";
  const form =
    /\bpass(?:word|code)\b/i.test(text) && /\b(?:log|sign)[ -]?in\b|\bpassword\b.*\b(?:continue|enter)\b/is.test(said);
  const titled = /^(?:log|sign)[ -]?in\b|\b(?:log|sign)[ -]?in$/i.test(title.trim());
  const placed =
    /(?:^|\/)(?:log-?in|sign-?in|auth(?:wall)?|session\/new)(?:[/.]|$)/i.test(path) &&
    /\b(?:log|sign)[ -]?in\b/i.test(said);
  return (form && (text.length <= 500 || titled)) || (titled && text.length <= 500) || placed;
}

const SAYS_MISSING = new RegExp(
  [
    String.raw`\b(?:error\s*)?(?:404|410)\b(?!\s*(?:km|m|miles|members|people|posts|items))`,
    String.raw`\b(?:page|profile|user(?:name)?|account|member|person|people|record|listing|document|file|url|link|item|article|thread|topic|photo|one|nobody|nothing)\b[^.\n]{0,60}\b(?:not (?:be )?found|does(?:n['’]t| not) exist|no longer (?:here|available|exists?|with us)|could(?:n['’]t| not) be found|(?:can['’]t|cannot) be found|(?:is|are|was|has been) (?:gone|removed|deleted|suspended|unavailable|deactivated)|isn['’]t (?:here|available)|not available|(?:by|with|of|called|named|under) (?:that|this) (?:name|handle|id|username|address))\b`,
    String.raw`\b(?:no such|there(?:'s| is| are) no|there (?:isn['’]t|is not)(?: an?)?|we (?:can['’]t|cannot|could not|couldn['’]t|were unable to|don['’]t) (?:find|have|know)|unable to (?:find|locate)|nothing (?:was )?(?:here|found|to see)|nobody (?:here )?(?:by|with|called|of|named)|unknown (?:user|member|account|page)|not a (?:known|registered) (?:user|member))\b`,
    String.raw`\b(?:nicht gefunden|existiert nicht|introuvable|n['’]existe pas|no (?:existe|encontrad[oa])|non trovat[oa]|niet gevonden|n[aã]o encontrad[oa])`,
    String.raw`^(?:page |user |profile )?not found\b`,
  ].join("|"),
  "im",
);

/** A short page that says in words that there is nothing here, whatever its status says. */
export function looksMissing({ title, text }: Pick<Document, "title" | "text">): boolean {
  if (text.length > LONGEST_MISSING) return false;
  // On a longer page the words must stand in front, where a person is told that they came in vain.
  const front = text.length <= 300 ? text : text.slice(0, 200);
  return SAYS_MISSING.test(`${title}\n${front}`);
}
