/** How a host looks: class names, labels and layouts differ from host to host and from seed to seed. */
import { type Html, html, type Piece, raw } from "./html.ts";
import type { Rng } from "./rng.ts";

export type Label =
  | "name"
  | "town"
  | "hometown"
  | "employer"
  | "role"
  | "school"
  | "interests"
  | "born"
  | "phone"
  | "email"
  | "address"
  | "site"
  | "joined"
  | "handle"
  | "relatives"
  | "age";

const LABELS: Record<Label, readonly string[]> = {
  name: ["Name", "Full name", "Real name"],
  town: ["Location", "Lives in", "City", "Based in", "Town"],
  hometown: ["Hometown", "From", "Grew up in"],
  employer: ["Works at", "Employer", "Company", "Workplace", "Organisation"],
  role: ["Role", "Position", "Job title", "Occupation"],
  school: ["School", "Education", "Studied at", "Alma mater"],
  interests: ["Interests", "Hobbies", "Likes", "Into", "Pastimes"],
  born: ["Born", "Birthday", "Date of birth", "Birth date"],
  phone: ["Phone", "Tel", "Telephone", "Mobile", "Call"],
  email: ["E-mail", "Email", "Mail", "Contact"],
  address: ["Address", "Home address", "Postal address", "Residence"],
  site: ["Website", "Homepage", "Web", "Links"],
  joined: ["Joined", "Member since", "Since"],
  handle: ["Username", "Handle", "User"],
  relatives: ["Relatives", "Family", "Related to"],
  age: ["Age", "Aged"],
};

/** schema.org properties, for the layout that carries microdata. */
const ITEMPROP: Partial<Record<Label, string>> = {
  name: "name",
  town: "homeLocation",
  employer: "worksFor",
  role: "jobTitle",
  school: "alumniOf",
  interests: "knowsAbout",
  born: "birthDate",
  phone: "telephone",
  email: "email",
  address: "address",
  site: "url",
  handle: "alternateName",
};

/** Microformats2 classes, for the layout that is an h-card. */
const MICROFORMAT: Partial<Record<Label, string>> = {
  name: "p-name",
  town: "p-locality",
  employer: "p-org",
  role: "p-job-title",
  born: "dt-bday",
  phone: "p-tel",
  email: "u-email",
  address: "p-adr",
  handle: "p-nickname",
  interests: "p-category",
};

const LAYOUTS = ["dl", "table", "lines", "divs", "list", "microdata", "hcard"] as const;
export type Layout = (typeof LAYOUTS)[number];

export type Row = [Label, Piece] | null;

export class Style {
  readonly layout: Layout;
  readonly #prefix: string;
  readonly #labels: Map<Label, string>;
  readonly #order: Rng;
  readonly #wrap: string;
  readonly #nav: boolean;
  readonly siteName: string;

  constructor(rng: Rng, siteName: string, layout?: Layout) {
    this.layout = layout ?? rng.pick(LAYOUTS);
    this.#prefix = rng.pick(["", "x-", "c_", `${rng.token(3)}-`, "ui-", "b"]);
    this.#labels = new Map((Object.keys(LABELS) as Label[]).map((label) => [label, rng.pick(LABELS[label])]));
    this.#order = rng.fork("order");
    this.#wrap = rng.pick(["main", "div", "section", "article"]);
    this.#nav = rng.chance(0.8);
    this.siteName = siteName;
  }

  cls(role: string): string {
    return `${this.#prefix}${role}`;
  }

  label(label: Label): string {
    return this.#labels.get(label) ?? label;
  }

  /** Labelled values in the host's layout; the order of rows is drawn anew. */
  fields(rows: readonly Row[]): Html {
    const shown = this.#order.shuffle(rows.filter((row) => row !== null));
    const pairs = shown.map(([label, value]) => ({ label, key: this.label(label), value }));
    switch (this.layout) {
      case "dl":
        return html`<dl class="${this.cls("facts")}">${pairs.map((p) => html`<dt>${p.key}</dt><dd>${p.value}</dd>`)}</dl>`;
      case "table":
        return html`<table class="${this.cls("info")}">${pairs.map((p) => html`<tr><th>${p.key}</th><td>${p.value}</td></tr>`)}</table>`;
      case "lines":
        return html`${pairs.map((p) => html`<p>${p.key}: ${p.value}</p>`)}`;
      case "divs":
        return html`<div class="${this.cls("about")}">${pairs.map((p) => html`<div class="${this.cls("row")}"><span class="${this.cls("k")}">${p.key}</span> <span class="${this.cls("v")}">${p.value}</span></div>`)}</div>`;
      case "list":
        return html`<ul class="${this.cls("details")}">${pairs.map((p) => html`<li><strong>${p.key}:</strong> ${p.value}</li>`)}</ul>`;
      case "hcard":
        return html`<div class="h-card">${pairs.map((p) => html`<p><em>${p.key}</em> <span class="${MICROFORMAT[p.label] ?? this.cls("value")}">${p.value}</span></p>`)}</div>`;
      case "microdata":
        return html`<div itemscope itemtype="https://schema.org/Person">${pairs.map((p) => {
          const prop = ITEMPROP[p.label];
          return html`<p>${p.key}: <span${prop === undefined ? "" : raw(` itemprop="${prop}"`)}>${p.value}</span></p>`;
        })}</div>`;
    }
  }

  /** A whole page. `head` goes into `<head>` after the title. */
  page(parts: { title: string; head?: Piece; body: Piece; nav?: { href: string; label: string }[] }): string {
    const wrap = raw(this.#wrap);
    const nav =
      this.#nav && parts.nav !== undefined
        ? html`<nav>${parts.nav.map((link) => html`<a href="${link.href}">${link.label}</a> `)}</nav>`
        : null;
    return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${parts.title}</title>${parts.head ?? null}</head>
<body><header class="${this.cls("top")}"><a href="/">${this.siteName}</a>${nav}</header>
<${wrap} class="${this.cls("body")}">${parts.body}</${wrap}>
<footer class="${this.cls("foot")}">${this.siteName}</footer></body></html>`.text;
  }
}
