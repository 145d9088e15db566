/** Whether the stated reason speaks of the action: claims in it that the log can check. */
import { foldWords, type LeadView } from "@candor/agent";
import type { Decision } from "@candor/store";
import type { StepReading } from "../explanation.ts";
import type { Told } from "../subject.ts";

interface Scene {
  told: Told;
  lead: LeadView | undefined;
  host: string;
  /** Pages of the host that were opened before. */
  pagesBefore: number;
}

type Fit = Pick<StepReading, "fits" | "misfit">;

/** Host names as they stand in a sentence. */
const HOST = /\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b/gi;
const no = (misfit: string): Fit => ({ fits: "no", misfit });

/** What a thought says is being done, and the tools that do it. */
const ACTS: [says: RegExp, tools: ReadonlySet<string>][] = [
  [/\bI (?:now )?search\b/i, new Set(["search"])],
  [/\bI (?:now )?open\b/i, new Set(["open"])],
  [/\bI (?:now )?(?:finish|end here|stop here)\b/i, new Set(["finish", "message_operator", "breach_lookup"])],
  [/\bI send you\b/i, new Set(["message_operator"])],
  [/\bI (?:keep|remember|note) (?:it|this|that)\b/i, new Set(["remember", "note_finding", "write_file"])],
];

export function fitOf({ thought, tool, args }: Decision, scene: Scene): Fit {
  if (thought.trim() === "") return { fits: "unclear", misfit: "" };
  for (const [says, tools] of ACTS) {
    const [said] = says.exec(thought) ?? [];
    if (said && !tools.has(tool) && !tool.startsWith("mcp_")) return no(`it says "${said}" and the action was ${tool}`);
  }
  if (tool === "open") {
    const wrong = wrongPlace(thought, scene) ?? wrongClaim(thought, String(args.url), scene);
    if (wrong) return no(wrong);
  }
  if (tool === "check_username") {
    const [, named] = /\b(?:name|username) ([\w.-]{2,39}\w)/.exec(thought) ?? [];
    if (named && named.toLowerCase() !== String(args.username).toLowerCase())
      return no(`it speaks of ${named} and ${String(args.username)} was checked`);
  }
  return { fits: speaksOf(thought, tool, args) ? "yes" : "unclear", misfit: "" };
}

function wrongPlace(thought: string, { host }: Scene): string | undefined {
  const named = [...thought.matchAll(HOST)].map(([name]) => name.toLowerCase());
  if (named.length === 0 || host === "") return undefined;
  const bare = host.replace(/^www\./, "").replace(/:\d+$/, "");
  const same = named.some((name) => bare.endsWith(name) || name.endsWith(bare));
  return same ? undefined : `it speaks of ${named[0]} and opens ${host}`;
}

/** Reasons that the log bears out or not. */
function wrongClaim(thought: string, url: string, { told, lead, host, pagesBefore }: Scene): string | undefined {
  const { seeds, findings } = told;
  const shown = foldWords(`${lead?.label ?? ""} ${decoded(url)}`);
  const packed = shown.replace(/ /g, "");
  const shows = (text: string): boolean => {
    const folded = foldWords(text);
    return folded !== "" && (shown.includes(folded) || packed.includes(folded.replace(/ /g, "")));
  };
  if (/\bnothing of this site was read yet\b/i.test(thought) && pagesBefore > 0)
    return `it says that nothing of ${host} was read yet, and ${pagesBefore} of its pages had been`;
  if (/\bmentions your username\b/i.test(thought)) {
    const found = findings.filter(({ kind }) => kind === "username").map(({ value }) => value.split("@")[0] ?? "");
    if (![...seeds.usernames, ...found].some(shows))
      return "it says that the link mentions your username, and it does not";
  } else if (/\bmentions your name\b/i.test(thought) && !seeds.names.some(shows))
    return "it says that the link mentions your name, and it does not";
  if (/\ban account with your username\b/i.test(thought) && lead && !lead.from.startsWith("check_username"))
    return "it says that an account with your username exists there, and no check had said so";
  return undefined;
}

/** Words of the action in the thought, or the kind of act by its verb. */
function speaksOf(thought: string, tool: string, args: Decision["args"]): boolean {
  if (ACTS.some(([says, tools]) => tools.has(tool) && says.test(thought))) return true;
  const said = new Set(foldWords(thought).split(" "));
  const done = foldWords(
    Object.values(args)
      .filter((arg) => typeof arg === "string")
      .join(" "),
  ).split(" ");
  const verbs: Record<string, RegExp> = {
    prove: /\bprove/i,
    search: /\bsearch|\bfind|\bquer|\bword|\bname\b|\bresults?\b/i,
    open: /\bpage\b|\bread\b|\blead\b|\bsite\b/i,
    check_username: /\busername|\bname\b/i,
    breach_lookup: /\bbreach/i,
    message_operator: /\bsend|\bmessage/i,
    remember: /\bkeep|\bremember|\bnote/i,
    finish: /\bend|\bfinish|\bdone|\bnothing|\bno lead|\bbudget|\benough|\bstop/i,
    spawn: /\bchild|\bagent|\bdelegate/i,
  };
  return done.some((word) => word.length > 3 && said.has(word)) || (verbs[tool]?.test(thought) ?? false);
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
