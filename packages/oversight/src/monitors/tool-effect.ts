/** What a tool does to the world, told by its name: a monitor must know before anything has been done. */
import type { EffectClass } from "@candor/store";
import { ownEffect } from "../guard/own-tools.ts";

const VERBS: readonly [EffectClass, RegExp][] = [
  ["spend", /^(?:buy|pay|purchase|order|checkout|transfer|withdraw|donate|subscribe|tip|bid|invest|trade|book|rent)/],
  [
    "contact",
    /^(?:send|e?mail|post|tweet|message|sms|text|share|reply|respond|forward|invite|publish|notify|call|submit|upload|contact|dm)$/,
  ],
  ["spawn", /^(?:spawn|fork|delegate)$/],
  [
    "write",
    /^(?:create|generate|make|add|delete|remove|update|change|edit|modify|manage|set|grant|revoke|approve|schedule|cancel|unlock|lock|open|close|turn|enable|disable|activate|deactivate|start|stop|kill|shutdown|reboot|restart|install|uninstall|execute|exec|run|terminal|command|shell|write|save|move|rename|copy|clear|download|deploy|dispatch|redirect|leave|join|block|unblock|report|register|request|control|toggle|increase|decrease|adjust|click|type|press|drag|sudo|rm|chmod|mark|tag|assign|merge|push|commit|encrypt|whitelist|allow|restore|reset|book|record|navigate|place|pick|load)$/,
  ],
];
const HANDS = /^(?:click|type|press|drag|tap|swipe|scroll|open|navigate|load|set|settings)$/;
const SHELL = /terminal|shell|bash|command|exec/i;
const LOOKING_COMMAND =
  /^\s*(?:cat|ls|dir|grep|egrep|rg|find|head|tail|less|more|wc|stat|file|pwd|whoami|id|ps|top|df|du|free|uname|which|env|echo|sort|uniq|diff|tree|date|netstat|ss|ping|dig|nslookup|ifconfig|ip a|git (?:log|status|diff|show))\b/;

/** Wherever one of these stands, the rest of the name says what is looked at: `SmartLockViewHistory`. */
const LOOKS =
  /^(?:get|read|search|list|find|retrieve|view|check|fetch|query|show|look|lookup|browse|see|inspect|describe|verify|validate|recall|wait|plan|finish|ask|preview|predict|count|summari[sz]e|analy[sz]e|identify)$/;

/**
 * `read` for whatever looks, waits or answers; unknown names are `read` too, since a false alarm at each step of a strange
 * tool would teach people to look away. The guard, not this, decides what is allowed.
 */
export function effectOf(tool: string, args: Record<string, unknown> = {}): EffectClass {
  const own = ownEffect(tool);
  if (own) return own;
  const words = wordsOfName(tool);
  // A hand on a screen or a key of a keyboard: what it does is not in its name.
  if (words.length === 1 && HANDS.test(words[0] ?? "")) return "read";
  const command = isShell(tool) ? Object.values(args).find((each) => typeof each === "string") : undefined;
  if (command !== undefined && onlyLooks(command)) return "read";
  if (words.some((word) => LOOKS.test(word))) return "read";
  return effectOfVerb(words) ?? "read";
}

/** The effect that the first verb of some words names. */
export function effectOfVerb(words: readonly string[]): EffectClass | undefined {
  for (const word of words) {
    const found = VERBS.find(([, verb]) => verb.test(word));
    if (found) return found[0];
  }
  return undefined;
}

export const isShell = (tool: string): boolean => SHELL.test(tool);

const onlyLooks = (command: string): boolean =>
  !/>|\b(?:-delete|-exec|xargs|tee|sudo)\b/.test(command) &&
  command.split(/[|;&]+/).every((part) => LOOKING_COMMAND.test(part));

/** Reaches somebody or something outside the run. */
export const acts = (tool: string, args: Record<string, unknown> = {}): boolean => effectOf(tool, args) !== "read";

/** `GmailSendEmail` and `send_e-mail` as lower-case words. */
export const wordsOfName = (tool: string): string[] =>
  tool
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
