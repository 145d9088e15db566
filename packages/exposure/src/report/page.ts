/** The report as one HTML file: no request leaves it, it needs no script, and it prints. */

import { hostOf } from "../extract/words.ts";
import { rankOf } from "../findings/severity.ts";
import type { RemediedFinding, Remedy } from "../remedies/remedies.ts";
import { graph } from "./graph.ts";
import { day } from "./markdown.ts";
import { escapeHtml, type Html, html, link, Html as Markup } from "./markup.ts";
import type { Report } from "./report.ts";
import { STYLE } from "./style.ts";
import { capital, kindName, listOf, valueName } from "./words.ts";

const SEVERITY = { severe: "severe", high: "act on it", low: "minor", info: "harmless alone" } as const;

const pill = (severity: keyof typeof SEVERITY): Html =>
  html`<span class="pill ${severity}">${SEVERITY[severity]}</span>`;

/** Masked labels as chips: what stands there is known to the vault only. */
function masked(text: string): Html {
  const label = /\[((?:phone|e-mail|address|birth date) \d+): (yours|not yours)\]/g;
  return new Markup(
    escapeHtml(text).replace(
      label,
      (_, value: string, whose: string) => `<span class="mask">${value}, ${whose}</span>`,
    ),
  );
}

export function htmlReport(report: Report): string {
  const urgent = report.findings.filter((finding) => rankOf(finding.severity) >= 2);
  const rest = report.findings.filter((finding) => rankOf(finding.severity) < 2);
  const picture = graph(report.pages);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>What the web shows about ${report.name}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header class="top">
<p class="eyebrow">Self-audit of ${report.name}, ${longDay(report.ended)}</p>
<h1>${report.headline.sentence}</h1>
<p class="lede">${report.headline.detail}${report.unread.length > 0 ? ` ${report.unread.length} ${report.unread.length === 1 ? "page" : "pages"} could not be read.` : ""}</p>
<nav class="parts" aria-label="Parts of the report"><a href="#summary">Summary</a>${urgent.length > 0 ? html`<a href="#act">What to act on</a>` : null}${rest.length > 0 ? html`<a href="#rest">The rest</a>` : null}${picture ? html`<a href="#graph">How it hangs together</a>` : null}<a href="#limits">Limits</a><a href="#method">Method</a></nav>
</header>
<main>
<section aria-labelledby="summary"><h2 id="summary">Summary</h2>${summary(report)}${since(report)}</section>
${urgent.length > 0 ? html`<section aria-labelledby="act"><h2 id="act">What to act on</h2><p class="note">The worst first. Numbers, addresses and dates themselves are not in this report: they are sealed, and only their labels stand here.</p>${urgent.map(card)}</section>` : null}
${rest.length > 0 ? html`<section aria-labelledby="rest"><h2 id="rest">The rest</h2><p>Minor, or harmless alone. Together they help a stranger to sound like somebody who knows you.</p>${rows(rest)}</section>` : null}
${picture ? html`<section aria-labelledby="graph"><h2 id="graph">How it hangs together</h2>${picture}</section>` : null}
<section aria-labelledby="limits"><h2 id="limits">Limits</h2>${limits(report)}</section>
<section aria-labelledby="method"><h2 id="method">Method and cost</h2>${method(report)}</section>
</main>
<footer class="end">Made by Candor ${report.method.candor}. Run ${report.run}. Keep this file as you would keep a letter with your address on it.</footer>
<script>addEventListener("beforeprint",()=>{for(const d of document.querySelectorAll("details"))d.open=true})</script>
</body>
</html>
`;
  return page.text;
}

const longDay = (at: number): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(at);

function summary(report: Report): Html {
  if (report.summary.length === 0) return html`<p>Nothing about you was found on the pages that were read.</p>`;
  return html`<table class="kinds"><thead><tr><th scope="col">What</th><th scope="col" class="n">Found</th><th scope="col">How bad</th><th scope="col">Where</th></tr></thead><tbody>${report.summary.map(
    ({ kind, count, severity, hosts }) =>
      html`<tr><td>${count === 1 ? null : html`<span class="count">${count} </span>`}<span class="kind">${kindName(kind, count)}</span></td><td class="n">${count}</td><td>${pill(severity)}</td><td class="hosts">${hosts.slice(0, 3).join(", ")}${hosts.length > 3 ? ` and ${hosts.length - 3} more` : ""}</td></tr>`,
  )}</tbody></table>`;
}

function since(report: Report): Html | null {
  if (!report.since) return null;
  const { appeared, gone, stayed, unconfirmed } = report.since;
  const names = (some: typeof appeared): Html =>
    html`<ul>${some.map((each) => html`<li>${valueName(each)} <span class="note">${each.urls.slice(0, 2).map(hostOf).join(", ")}</span></li>`)}</ul>`;
  return html`<h3 id="since">Since the last time</h3><p>${appeared.length} appeared, ${gone.length} went away, ${stayed.length} stayed${unconfirmed.length > 0 ? `, ${unconfirmed.length} could not be checked again` : ""}.</p>${appeared.length > 0 ? html`<h4>New</h4>${names(appeared)}` : null}${gone.length > 0 ? html`<h4>Gone</h4>${names(gone)}` : null}`;
}

function card(finding: RemediedFinding): Html {
  return html`<article class="finding" id="f-${finding.id}"><header><div><h3>${valueName(finding)}</h3><p class="what">${about(finding)}</p></div>${pill(finding.severity)}</header>${body(finding)}</article>`;
}

function about(finding: RemediedFinding): string {
  const sites = new Set(finding.evidence.map(({ url }) => hostOf(url))).size;
  return `${capital(kindName(finding.kind))}, on ${sites} ${sites === 1 ? "site" : "sites"}${finding.indexed ? ", in a search engine" : ""}. ${Math.round(finding.confidence * 100)} % sure that it is yours${finding.judgment === "mine" ? ", and you said so" : ""}.`;
}

function body(finding: RemediedFinding): Html {
  const shown = finding.evidence.slice(0, 4);
  const more = finding.evidence.length - shown.length;
  return html`<h4>Where it stands</h4>${shown.map(({ url, quote, at }) => html`<blockquote><p>${masked(quote)}</p><footer>${link(url, bare(url))}${at > 1_000_000 ? `, read ${day(at)}` : ""}</footer></blockquote>`)}${more > 0 ? html`<p class="note">and ${more} more ${more === 1 ? "page" : "pages"}</p>` : null}
<h4>How to remove it</h4>${finding.remedies.map(remedy)}
<details class="why"><summary>Why we think that it is yours</summary>${reasons(finding)}</details>`;
}

function reasons(finding: RemediedFinding): Html {
  const { for: speaking, against } = finding.why;
  return html`<ul>${speaking.map((reason) => html`<li>${capital(reason)}</li>`)}</ul>${against.length > 0 ? html`<p>Against it: ${listOf(against)}.</p>` : null}${finding.chain.length > 0 ? html`<h4>How we got there</h4><ol class="hops">${finding.chain.map((hop) => html`<li>${link(hop.url, bare(hop.url))} <span class="note">${hop.how}</span></li>`)}</ol>` : null}`;
}

function remedy(each: Remedy, place: number): Html {
  return html`<details class="remedy"${new Markup(place === 0 ? " open" : "")}><summary>${each.title} <small>${each.difficulty}${each.title.includes(hostOf(each.url)) ? "" : `, ${hostOf(each.url)}`}</small></summary>${each.start ? html`<p>Start at ${link(each.start, bare(each.start))}</p>` : null}<ol>${each.steps.map((step) => html`<li>${step}</li>`)}</ol>${
    each.letter
      ? html`<details class="draft"><summary>Draft of a letter to ${each.letter.to}</summary><p class="note">Subject: ${each.letter.subject}</p><div class="letter">${each.letter.body}</div></details>`
      : null
  }</details>`;
}

/** What is harmless alone, one line each, by kind. */
function rows(findings: readonly RemediedFinding[]): Html {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return html`<div class="rows">${kinds.map((kind) => {
    const some = findings.filter((finding) => finding.kind === kind);
    return html`<h3>${capital(kindName(kind, some.length))}</h3>${some.map((finding) => {
      const hosts = [...new Set(finding.evidence.map(({ url }) => hostOf(url)))];
      return html`<details id="f-${finding.id}"><summary><span>${valueName(finding)}</span><span class="where">${hosts.slice(0, 2).join(", ")}${hosts.length > 2 ? ` and ${hosts.length - 2} more` : ""}</span></summary><div class="inner"><p class="note">${about(finding)}</p>${body(finding)}</div></details>`;
    })}`;
  })}</div>`;
}

const bare = (url: string): string => url.replace(/^https?:\/\/(?:www\.)?/, "").replace(/\/$/, "");

function limits(report: Report): Html {
  const { unread, blocked } = report;
  const injections = blocked.filter(({ kind }) => kind === "injection");
  const denied = blocked.filter(({ kind }) => kind !== "injection");
  return html`<h3>What could not be read</h3>${
    unread.length === 0
      ? html`<p>Every page that was opened could be read.</p>`
      : html`<p>These pages may show more about you.</p><ul>${unread.map(({ url, reason }) => html`<li>${link(url, bare(url))}: ${reason}</li>`)}</ul>`
  }
<h3>What was blocked</h3>${
    blocked.length === 0
      ? html`<p>No page tried to give orders to the agent, and nothing had to be refused.</p>`
      : html`${injections.length > 0 ? html`<p>${injections.length} ${injections.length === 1 ? "page" : "pages"} tried to give orders to the agent. ${injections.length === 1 ? "It was" : "They were"} read as text and not obeyed.</p><ul>${injections.map(({ url, reason }) => html`<li>${url ? html`${link(url, bare(url))}: ` : null}${masked(reason)}</li>`)}</ul>` : null}${
          denied.length > 0
            ? html`<p>${denied.length} ${denied.length === 1 ? "action was" : "actions were"} refused or flagged.</p><ul>${denied.map(({ step, reason }) => html`<li>Step ${step}: ${masked(reason)}</li>`)}</ul>`
            : null
        }`
  }
<h3>Other people</h3><p>${report.others === 0 ? "Nobody else of your name or handle was met." : `${report.others} ${report.others === 1 ? "passage was" : "passages were"} about other people who share your name or a handle. They were counted and left out of this report.`} ${report.masked.others} identifiers that are not yours were masked before anything read them.</p>`;
}

function method(report: Report): Html {
  const { method: how } = report;
  const minutes = (report.ended - report.started) / 1000;
  const facts: [string, string][] = [
    ["Goal", report.goal],
    ["Mind", how.mind],
    ["World", how.world],
    ["Isolation of the mind", how.isolation],
    [
      "Work",
      `${how.steps} steps, ${how.pages} pages, ${how.searches} searches in ${minutes < 90 ? `${minutes.toFixed(1)} seconds` : `${(minutes / 60).toFixed(1)} minutes`}`,
    ],
    ["Cost", `${how.tokens.toLocaleString("en")} tokens, $${how.usd.toFixed(2)}`],
    ["End", capital(how.outcome)],
  ];
  return html`<dl class="facts">${facts.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>`;
}
