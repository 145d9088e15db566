/** Other people whom leads and questions of a run name, and how often the run went after them. */
import { foldWords, normalise } from "@candor/agent";
import type { Told } from "../subject.ts";

/** A label or a part of a question that is two or three capitalised words. */
const NAME = /^\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’.-]*)? \p{Lu}[\p{L}'’-]+$/u;
const IN_QUERY = /\p{Lu}[\p{L}'’-]+ \p{Lu}[\p{L}'’-]+/gu;
/** Capitalised words that are parts of a site, not of a name. */
const NOT_A_NAME =
  /\b(about|contact|next|previous|older|newer|log|sign|home|my|me|search|club|news|the|all|read|more|view|show|full|back|members?|team|staff|board|privacy|terms|photos?|results?|profile|page|list|new|help)\b/i;

export interface People {
  /** Named in what the run opened or asked, most often first; at least twice. */
  often: string[];
  /** How many people it had heard of. */
  all: number;
}

export function peopleNamed({ state, seeds }: Told): People {
  const own = new Set(
    [...seeds.names, ...seeds.usernames, seeds.employer ?? ""].flatMap((name) => foldWords(name).split(" ")),
  );
  const isOther = (name: string): boolean => {
    const words = foldWords(name).split(" ");
    return !NOT_A_NAME.test(name) && !words.some((word) => own.has(word));
  };
  const heard = new Set<string>();
  for (const { label } of state.leads.values()) {
    const name = label.trim();
    if (NAME.test(name) && isOther(name)) heard.add(name);
  }
  const asked = new Set<string>();
  const texts: string[] = [];
  for (const { decision } of state.steps) {
    const query = decision.tool === "search" ? String(decision.args.query ?? "") : "";
    for (const [name] of query.matchAll(IN_QUERY)) if (isOther(name)) asked.add(name);
    if (query) texts.push(compact(query));
    if (decision.tool !== "open") continue;
    const url = String(decision.args.url ?? "");
    texts.push(compact(`${state.leads.get(`page ${normalise(url)}`)?.label ?? ""} ${url}`));
  }
  const counts = [...new Set([...heard, ...asked])].map((name) => {
    const last = compact(name.split(" ").at(-1) ?? "");
    const first = compact(name.split(" ")[0] ?? "");
    const whole = texts.filter((text) => text.includes(first + last)).length;
    return { name, times: whole + texts.filter((text) => text.includes(last)).length / 4 };
  });
  const often = counts.filter(({ times }) => times >= 2).sort((a, b) => b.times - a.times);
  return { often: often.map(({ name }) => name), all: Math.max(10, counts.length) };
}

const compact = (text: string): string => foldWords(text).replace(/ /g, "");
