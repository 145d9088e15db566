/** Pages that answer 200 and show nothing: login walls, bot checks, and "not found" in friendly words. */
import type { Document } from "../../ports.ts";

const WALL =
  /\b(?:log ?in|sign ?in|register|sign ?up|create an account)\b[^.\n]{0,60}\b(?:to (?:see|view|continue|read)|required|first)\b|\b(?:you must|please|you need to) (?:be )?(?:log(?:ged)? ?in|sign(?:ed)? ?in)|members[- ]only|verify (?:that )?you are (?:a )?human|unusual traffic|enable javascript and cookies|complete the captcha|are you a robot/i;

/** True where the page asks for an account or a proof of being human instead of showing its content. */
export function looksLikeLoginWall(document: Pick<Document, "text" | "title" | "url">): boolean {
  const text = `${document.title}\n${document.text}`;
  if (text.length > 1_500) return false;
  if (WALL.test(text)) return true;
  return /\/(?:login|signin|sign-in|auth)(?:[/?]|$)/i.test(document.url) && /log ?in|sign ?in|password/i.test(text);
}

const MISSING =
  /\b(?:page|profile|user|account|member|record|listing|document|thing|person)\b[^.\n]{0,50}\b(?:not found|does(?:n't| not) exist|no longer (?:here|available|exists?)|could(?:n't| not) be found|is gone|was removed|unavailable)\b|\b(?:404|410)\b|\b(?:no such|we (?:can't|could not|couldn't) find|nothing (?:here|found)|nobody (?:here )?(?:by|with|called)|no (?:user|member|one|body) (?:by|with|called|named))\b/i;

/** True for a short page that says in words that there is nothing. */
export function looksMissing(document: Pick<Document, "text" | "title">): boolean {
  return document.text.length < 400 && MISSING.test(`${document.title}\n${document.text}`);
}
