/** A place where people leave their CVs as PDF files. */

import type { Sheet } from "../builder.ts";
import { bystanders, type Cast } from "../cast.ts";
import { html } from "../html.ts";
import { type PdfLine, pdf } from "../pdf.ts";
import type { Person } from "../people.ts";

const fileName = (person: Person): string =>
  `${person.name.toLowerCase().replace(/[^a-z]+/g, "-")}-${person.id}`.replace("-operator", "-cv");

/** Path of the PDF on the CV host. */
export const cvPath = (person: Person): string => `/files/${fileName(person)}.pdf`;

export function writeCvs(cast: Cast): void {
  const site = cast.builder.host(cast.directory.host("cv"), "CVs", { nav: [{ href: "/", label: "Shelf" }] });
  const { operator, namesakes } = cast.people;
  const people = [...bystanders(cast, "cv", 32), namesakes[1], operator];
  for (const person of people) {
    const mine = person === operator;
    const landing = site.sheet(`/d/${fileName(person)}`);
    landing.publish({
      title: `CV of ${person.name}`,
      indexed: true,
      body: html`<h1>CV of ${person.name}</h1>${site.style.fields([
        ["role", person.role],
        ["town", landing.town(person)],
      ])}<p><a href="${cvPath(person)}">${landing.rng.pick(["Open the PDF", "Download", "Read"])}</a></p>`,
    });
    const sheet = site.sheet(cvPath(person));
    const phone = !mine || cast.plan.phonesAt.has("cv");
    const lines = curriculum(sheet, person, phone);
    const bytes = pdf({
      title: `Curriculum vitae ${person.name}`,
      author: person.name,
      subject: person.role,
      keywords: mine ? "cv" : "curriculum vitae",
      lines,
    });
    sheet.put("application/pdf", bytes, {
      title: `CV of ${person.name} (PDF)`,
      indexed: sheet.rng.chance(0.5),
      text: lines.map((line) => line.text).join("\n"),
    });
  }
  site.sheet("/").publish({
    title: site.style.siteName,
    indexed: true,
    body: html`<h1>Newest on the shelf</h1><ul>${people.slice(0, 20).map((person) => html`<li><a href="/d/${fileName(person)}">${person.name}</a></li>`)}</ul>`,
  });
}

function curriculum(sheet: Sheet, person: Person, phone: boolean): PdfLine[] {
  const { rng } = sheet;
  const heading = (text: string): PdfLine => ({ text, size: 13, bold: true });
  const work = [
    `${person.role}, ${sheet.employer(person)}, ${rng.int(2016, 2021)} to today`,
    `Assistant, ${sheet.employer(person, "formerEmployer")}, ${rng.int(2008, 2012)} to ${rng.int(2013, 2015)}`,
  ];
  const study = [
    `${person.subject}, ${sheet.school(person)}, ${person.graduated}`,
    `${sheet.school(person, "secondary")}`,
  ];
  const spare = [...new Set(sheet.interests(person, 2, 5))].join(", ");
  const contact = [
    `${rng.pick(["Address", "Home"])}: ${sheet.address(person)}`,
    ...(phone
      ? [
          `${rng.pick(["Phone", "Tel", "Mobile"])}: ${sheet.phone(person, rng.pick(["national", "international", "dotted"]))}`,
        ]
      : []),
    `${rng.pick(["E-mail", "Mail"])}: ${sheet.email(person)}`,
    ...(rng.chance(0.5) ? [`${rng.pick(["Born", "Date of birth"])}: ${sheet.born(person)}`] : []),
  ];
  const section = (title: string, lines: string[]): PdfLine[] => [
    { text: "" },
    heading(title),
    ...lines.map((text) => ({ text, indent: 12 })),
  ];
  const body = rng
    .shuffle([
      section(rng.pick(["Experience", "Employment", "Work"]), work),
      section(rng.pick(["Education", "Schooling"]), study),
      section(rng.pick(["Interests", "Hobbies", "Pastimes"]), [spare]),
    ])
    .flat();
  return [
    { text: person.name, size: 20, bold: true },
    { text: person.role },
    ...contact.map((text) => ({ text })),
    ...body,
  ];
}
