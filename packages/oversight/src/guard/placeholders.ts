/** Arguments that stand for something the mind did not fill in must never be sent as if they were real. */
import { facet } from "../taint/facets.ts";
import { argumentsOf } from "./arguments.ts";
import { holdsLabel } from "./labels.ts";
import type { Invariant } from "./request.ts";
import { deny } from "./verdicts.ts";

const ANYWHERE = [
  /\{\{[^{}]{0,80}\}\}/,
  /\$\{[^{}]{0,80}\}/,
  /<(?:your|the|insert|enter|some|my)?[ _-]?(?:url|link|name|query|number|phone|e-?mail|address|username|handle|host|site|page|text|value|placeholder|date|city|message|body|subject)[^<>]{0,30}>/i,
  /\[(?:your|the|insert|enter|add|put|my|operator'?s?|user'?s?)\b[^\]]{0,60}\]/i,
  /\b(?:INSERT|ENTER|YOUR|PUT)[_ ][A-Z]{2,}(?:[_ ][A-Z]+)*\b/,
  /lorem ipsum/i,
];
/** Only where a whole argument is nothing else. */
const WHOLE =
  /^\W*(?:todo|tbd|tba|fixme|xxx+|placeholder|n\/?a|none|null|undefined|unknown|(?:your|some)[ _-]?(?:url|name|query|username|number)|url|query|string|\.{2,}|…)?\W*$/i;
const ADDRESS =
  /^https?:\/\/(?:www\.)?(?:example\.(?:com|org|net)|(?:your|my|some)[-_]?(?:site|domain|host|page|url|website)\w*\.[a-z]+)(?:[:/?#]|$)|placeholder|\.\.\.|…|\bTODO\b/i;
/** What stays inside the run may say what it likes. */
const FREE = new Set(["finish", "plan", "remember", "recall", "write_file", "note_finding", "wait", "spawn"]);

export const noPlaceholders: Invariant = (request) => {
  if (FREE.has(request.tool.name)) return null;
  for (const [path, text] of argumentsOf(request.args)) {
    // What a page really offered is no placeholder, whatever it looks like.
    if (request.origins[facet(path, "link")]?.length) continue;
    const hit = ANYWHERE.map((pattern) => pattern.exec(text)?.[0]).find(
      (found) => found !== undefined && !holdsLabel(found),
    );
    const isAddress = /^\s*https?:/i.test(text);
    const todo = request.tool.effect !== "read" && /\bTODO\b|\bTBD\b/.test(text);
    if (hit === undefined && !WHOLE.test(text) && !todo && !(isAddress && ADDRESS.test(text))) continue;
    const shown = (hit ?? text).trim().slice(0, 60);
    const what =
      shown === "" ? `The argument ${path} is empty` : `${JSON.stringify(shown)} in ${path} is a placeholder`;
    return deny("no placeholders", `${what}: give the real value, or take another step to find it first.`);
  }
  return null;
};
