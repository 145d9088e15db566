/**
 * Makes the PDF and the pictures of examples/harbour. Run by hand, with Chromium: `npm run harbour -w @candor/town`.
 * The files are kept in the repository, so nothing else needs this.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { chromium } from "playwright-core";
import { type ExifTags, exif } from "../generate/exif.ts";

const folder = new URL("../../examples/harbour/", import.meta.url);
const write = (name: string, bytes: Uint8Array): void => writeFileSync(fileURLToPath(new URL(name, folder)), bytes);

async function crewList(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.setTitle("Crew list 2024");
  pdf.setCreationDate(new Date(0));
  pdf.setModificationDate(new Date(0));
  const page = pdf.addPage([420, 298]);
  const font = await pdf.embedFont(StandardFonts.Courier);
  const rows = [
    ["SALTMOUTH PILOT GIG CLUB", "CREW LIST 2024"],
    ["Wenna Craze", "wenna.craze@postbox.example"],
    ["Tamsin Pellow", "tpellow@postbox.example"],
    ["Petroc Hale", "(ask at the Ship)"],
  ];
  // Two columns drawn one after the other: the order of the text layer is not the order of reading.
  for (const column of [0, 1]) {
    rows.forEach((row, n) => {
      page.drawText(row[column] ?? "", { x: 30 + column * 185, y: 250 - n * 26, size: 9, font });
    });
  }
  return pdf.save();
}

/** Puts an EXIF segment behind the start of a JPEG. */
function withExif(jpeg: Uint8Array, tags: ExifTags): Uint8Array {
  const data = exif(tags);
  const length = data.length + 2;
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 255, ...data, ...jpeg.subarray(2)]);
}

const ROPEWALK = `<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" width="480" height="320" viewBox="0 0 48 32">
<rect width="48" height="32" fill="#b9cbd6"/><circle cx="38" cy="7" r="2.4" fill="#f4e6c1"/>
<path d="M0 19h48v13H0z" fill="#5f7f8c"/><path d="M2 18V8l4-3 4 3v10zM11 18V9l3.5-3L18 9v9z" fill="#8a5f4d"/>
<path d="M4 11h1.6v2H4zM7 11h1.6v2H7zM13.5 12h1.6v2h-1.6z" fill="#f2d98c"/>
<path d="M22 22q9 5 18 0l-2 4H25z" fill="#37291f"/><path d="M31 22V8l7 12z" fill="#efe7d8"/></svg>`;
const FACE = `<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" width="192" height="192" viewBox="0 0 24 24">
<rect width="24" height="24" fill="#cfe0dc"/><path d="M4 24q8-9 16 0z" fill="#23446b"/><circle cx="12" cy="11" r="5" fill="#e3b795"/>
<path d="M6.5 11q0-8 5.5-8t5.5 8q-2-4-5.5-4t-5.5 4z" fill="#b4552d"/><path d="M10 13q2 1.6 4 0" stroke="#7b3b2a" fill="none" stroke-width=".5"/></svg>`;

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const draw = async (html: string, width: number, height: number): Promise<Uint8Array> => {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.setContent(html);
    return page.screenshot({ type: "jpeg", quality: 80 });
  };
  write("quayside/tamsinp.jpg", await draw(FACE, 192, 192));
  write(
    "snaps/ropewalk.jpg",
    withExif(await draw(ROPEWALK, 480, 320), {
      make: "Pocketpix",
      model: "P3",
      taken: "2024:03:17 07:41:05",
      position: { latitude: 50.15273, longitude: -5.06612 },
    }),
  );
} finally {
  await browser.close();
}
write("gigs/crew-list.pdf", await crewList());
