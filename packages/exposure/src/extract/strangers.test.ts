/** Layouts and languages that towns written by strangers brought up. */
import type { Document } from "@candor/agent";
import { describe, expect, test } from "vitest";
import { extract } from "./extract.ts";
import { handleOfAddress } from "./handles.ts";
import { compare, namedIn, whoIs } from "./names.ts";
import { documentOf } from "./testing/document.ts";
import { employerIn, interestsIn, isSchool, schoolsIn } from "./values.ts";

const context = {
  who: whoIs(["Jörg Weißmüller", "Ada Thorne-Hart"], ["marlwren"]),
  city: "Otterford",
  owned: new Set<string>(),
  ownedHosts: new Set(["weissmueller.example"]),
  reached: new Set<string>(),
};

function said(document: Document): string[] {
  return (extract(document, context)?.subjects ?? [])
    .filter((subject) => subject.named !== "other")
    .flatMap((subject) => subject.claims.map((claim) => `${claim.kind}: ${claim.value}`))
    .sort();
}

const fixtures: { name: string; url?: string; html: string; more?: Partial<Document>; says: string[] }[] = [
  {
    name: "a blog whose title stands as a link over each page",
    url: "http://weissmueller.example/ueber/",
    html: `<title>Über mich – Holzwurms Werkbank</title><p><a href="http://weissmueller.example/">Holzwurms Werkbank</a></p><h1>Über mich</h1><p>Studiert habe ich an der Technischen Hochschule Grünau.</p><p>Meine Hobbys: Röhrenradios und Schach.</p>`,
    says: ["interest: Röhrenradios", "interest: Schach", "school: Technische Hochschule Grünau"],
  },
  {
    name: "the operator's number below somebody else's name on a page of the operator's",
    url: "http://weissmueller.example/umzug",
    html: `<title>Umzug</title><p>by Karl Brandt</p><p>Anrufen: [phone 1: yours]</p>`,
    says: ["phone: phone 1"],
  },
  {
    name: "a CV of rows: firm, role, years",
    url: "http://files.example/cv.pdf",
    html: `<pre>Jörg Weißmüller\nEXPERIENCE\nLakeshore Pediatrics\tNurse Practitioner\t2015 - present\nEDUCATION\nLoras Valley University\tBSN\t2007\nREFERENCES\nDr. Alan Pruitt, [phone 2: not yours]\nINTERESTS\nKnitting, triathlon</pre>`,
    more: { contentType: "application/pdf" },
    says: [
      "employer: Lakeshore Pediatrics",
      "interest: Knitting",
      "interest: triathlon",
      "school: Loras Valley University",
    ],
  },
  {
    name: "jobs in three lines each, and namesakes below",
    url: "http://netzwerk.example/in/joerg-weissmueller-4b",
    html: `<title>Jörg Weißmüller | Netzwerk</title><h1>Jörg Weißmüller</h1><h2>Berufserfahrung</h2><p>Entwickler</p><p>Habicht Software AG</p><p>2008 – 2014</p><h2>Andere Mitglieder mit diesem Namen</h2><p><a href="/in/joerg-weissmueller-2">Jörg Weißmüller – Rentner, Cottbus</a></p>`,
    says: ["employer: Habicht Software AG"],
  },
  {
    name: "a table whose labels are sentences",
    url: "http://yarn.example/people/marlwren",
    html: `<title>marlwren's profile</title><h2>marlwren</h2><table><tr><td>real name</td><td>Ada T.</td></tr><tr><td>where I live</td><td>Millbrook Heights, IL</td></tr><tr><td>my favorite things</td><td>socks, cats</td></tr></table>`,
    says: ["interest: cats", "interest: socks", "location: Millbrook Heights"],
  },
  {
    name: "a menu, in which Home is no label",
    url: "http://weissmueller.example/",
    html: `<title>Home</title><p><a href="/">Home</a></p><p><a href="/bees">My bees</a></p><p>My hobbies:</p><p>beekeeping</p><p>candor-a-91be22c0</p><p>Contact · Résumé</p>`,
    says: ["interest: beekeeping"],
  },
  {
    name: "an address behind the words of a link",
    url: "http://firm.example/team",
    html: `<title>Our team</title><p>Ada Thorne-Hart</p><p><a href="mailto:[e-mail 1: yours]">E-Mail schreiben</a></p>`,
    says: ["e-mail: e-mail 1"],
  },
  {
    name: "somebody whom the operator mentions",
    url: "http://weissmueller.example/ragas",
    html: `<title>Ragas</title><p>My guru, Vidushi Meenakshi Rao, lives in Mysuru.</p>`,
    says: [],
  },
  {
    name: "a potter's own words",
    url: "http://weissmueller.example/pots",
    html: `<title>Pots</title><p>I trained at Leach Valley School of Art and spent nine years throwing for Treloar Ceramics before setting up alone.</p><p>When the kiln is cooling I am out surfing or playing bass in a terrible blues band.</p><p>Vivo en Valdelaguna y trabajo en Aceros del Norte S.A.</p>`,
    says: [
      "employer: Aceros del Norte S.A.",
      "employer: Treloar Ceramics",
      "interest: bass",
      "interest: surfing",
      "location: Valdelaguna",
      "school: Leach Valley School of Art",
    ],
  },
  {
    name: "a profile with counts of followers above what it says",
    url: "http://fotogram.example/marlwren",
    html: `<title>Ada (@marlwren)</title><h2>marlwren</h2><ul><li>120 posts</li><li>2,310 followers</li><li>88 following</li></ul><p>Hobbies: beekeeping</p>`,
    says: ["interest: beekeeping"],
  },
  {
    name: "a list of followers under its heading",
    url: "http://fotogram.example/marlwren",
    html: `<title>Ada (@marlwren)</title><h2>marlwren</h2><p>12 followers</p><p>Carl Brandt</p><p>Hobbies: beekeeping</p>`,
    says: [],
  },
  {
    name: "who teaches at a university",
    url: "http://weissmueller.example/me",
    html: `<title>Me</title><p>By day I teach hydrology at Penllyn University, and when I'm off the clock you'll find me knitting or training for triathlons.</p>`,
    says: ["employer: Penllyn University", "interest: knitting", "interest: triathlons"],
  },
];

test.each(fixtures)("reads $name", ({ url, html, more, says }) => {
  expect(said(documentOf(url ?? "http://place.example/page", html, more))).toEqual(says);
});

describe("values", () => {
  test("a school is known by its first letter's accent too, and `mit` is no MIT", () => {
    expect(isSchool("École Vauban")).toBe(true);
    expect(isSchool("MIT")).toBe(true);
    expect(isSchool("Andere Mitglieder mit diesem Namen")).toBe(false);
    expect(schoolsIn("Loras Valley University\tBSN\t2007", false)).toEqual(["Loras Valley University"]);
  });

  test("`chez` and `bei` stand between any role and its firm", () => {
    expect(employerIn("Apprentie chez Imprimerie Le Goff")).toBe("Imprimerie Le Goff");
    expect(employerIn("Full-time")).toBeUndefined();
  });

  test("articles are no part of a pastime", () => {
    expect(interestsIn("le chant choral, la voile, les champignons", true)).toEqual([
      "chant choral",
      "voile",
      "champignons",
    ]);
  });
});

describe("names", () => {
  test("umlauts and sharp s may be spelled out", () => {
    for (const name of ["Joerg Weissmueller", "Jörg Weißmüller", "Jorg Weissmuller", "Weißmüller, Jörg"])
      expect(namedIn(context.who, name)).toBe("full");
  });

  test("given names alone are a part of the name, not another one", () => {
    const who = whoIs(["José Ángel Muñoz Iturbe"], []);
    expect(compare(who, "José Ángel")).toBe("part");
    expect(compare(who, "José Luis")).toBe("other");
  });

  test("a double surname may be shortened to two letters", () => {
    expect(compare(context.who, "Ada T-H")).toBe("initial");
    expect(compare(context.who, "Ada B-H")).not.toBe("initial");
  });
});

test("a register's page for a domain is no account", () => {
  expect(handleOfAddress("http://whois.example/ada-thorne.example")).toBeUndefined();
  expect(handleOfAddress("http://pics.example/u/ada.de")?.handle).toBe("ada.de");
});
