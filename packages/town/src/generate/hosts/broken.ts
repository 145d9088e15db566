/** A host where everything goes wrong: loops, resets, half answers, endless answers, slow answers. */
import type { Behaviour } from "../../town.ts";
import type { Cast } from "../cast.ts";
import { paragraph } from "../grammar.ts";
import { html } from "../html.ts";

export function writeBroken(cast: Cast): void {
  const site = cast.builder.host(cast.directory.host("bucket"), "broken host");
  const { town } = cast.people.operator;
  const faulty = (path: string, title: string, behaviour: Behaviour, indexed: boolean): void => {
    const sheet = site.sheet(path);
    sheet.publish({ title, indexed, behaviour, body: html`<h1>${title}</h1><p>${paragraph(sheet.rng, 3)}</p>` });
  };
  const loop = (path: string, to: string): void =>
    faulty(path, "Moved", { kind: "redirect", to: site.url(to), status: 302 }, false);
  loop("/blog", "/blog/");
  loop("/blog/", "/weblog");
  loop("/weblog", "/blog");
  loop("/self", "/self");
  faulty("/reset", `${town} archive of letters`, { kind: "broken", how: "reset" }, true);
  faulty("/half", `${town} parish registers`, { kind: "broken", how: "truncated" }, true);
  faulty("/stream", "Live log", { kind: "broken", how: "endless" }, false);
  faulty("/error", `${town} photographic survey`, { kind: "broken", how: "500" }, true);
  faulty("/slow", "Long tables of tides", { kind: "slow", ms: 900 }, false);
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>${site.style.siteName}</h1><ul>${["/blog", "/self", "/reset", "/half", "/stream", "/error", "/slow"].map((path) => html`<li><a href="${path}">${path}</a></li>`)}</ul>`,
  });
}
