import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Document } from "../ports.ts";
import { isReadable, read } from "./read.ts";

const URL_OF_FILE = "http://a.example/files/x";

function given(contentType: string, body: string | Uint8Array): Promise<Document> {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const hash = createHash("sha256").update(bytes).digest("hex");
  return read({ url: URL_OF_FILE, status: 200, contentType, bytes, hash });
}

const fieldsOf = ({ fields }: Document): string[] => fields.map(({ label, value }) => `${label}=${value}`);

test("a document says where it came from", async () => {
  const document = await given("text/html; charset=utf-8", "<title>A</title>x");
  expect(document).toMatchObject({
    url: URL_OF_FILE,
    host: "a.example",
    status: 200,
    contentType: "text/html",
    title: "A",
    text: "x",
  });
  expect(document.hash).toMatch(/^[0-9a-f]{64}$/);
});

test("a fetch can be handed over as it is", async () => {
  const document = await read({
    url: URL_OF_FILE,
    status: "ok",
    httpStatus: 200,
    contentType: "text/html",
    charset: "windows-1252",
    bytes: Buffer.from("caf\xe9", "latin1"),
    hash: "h",
  });
  expect(document).toMatchObject({ status: 200, text: "café", hash: "h" });
});

describe("text files", () => {
  test("the encoded words of a mail's head are read, unknown charsets left", async () => {
    const { text } = await given(
      "text/plain",
      "From: =?UTF-8?q?J=C3=B6rg?= Weiss <a@b.org>\nTo: =?ISO-8859-1?Q?Ren=E9_B=2E?=, =?utf-8?B?w4lsb2RpZQ==?=, =?klingon?q?x?=\n",
    );
    expect(text).toBe("From: Jörg Weiss <a@b.org>\nTo: René B., Élodie, =?klingon?q?x?=\n");
  });

  test("keep their lines, and their addresses are links", async () => {
    const document = await given(
      "text/plain",
      "# Notes\r\nPhone: 07700 900123\r\nSee [my page](../me) and https://b.example/x(1)). Or <mailto:a@b.org>.\r\n",
    );
    expect(document.text).toBe(
      "# Notes\nPhone: 07700 900123\nSee [my page](../me) and https://b.example/x(1)). Or <mailto:a@b.org>.\n",
    );
    expect(document.title).toBe("Notes");
    expect(fieldsOf(document)).toContain("Phone=07700 900123");
    expect(document.links).toEqual([
      { href: "http://a.example/me", label: "my page", rel: "" },
      { href: "https://b.example/x(1)", label: "", rel: "" },
      { href: "mailto:a@b.org", label: "", rel: "" },
    ]);
  });

  test("a patch names who wrote it", async () => {
    const document = await given(
      "text/x-patch",
      "From 1a2b Mon Sep 17\nFrom: Ada Quill <ada@host.org>\nSubject: [PATCH] Fix\n\n---\n a.c | 2 +-\n",
    );
    expect(fieldsOf(document)).toContain("From=Ada Quill <ada@host.org>");
    expect(document.title).toBe("[PATCH] Fix");
  });

  test("a calendar is unfolded and keeps the form that others look for", async () => {
    const document = await given(
      "text/calendar",
      'BEGIN:VCALENDAR\r\nX-WR-CALNAME:Rowing\r\nBEGIN:VEVENT\r\nSUMMARY:Regatta at the\r\n  quay\r\nORGANIZER;CN="Ada Quill":mailto:ada@host.org\r\nLOCATION:Quay\\, Wrenport\r\nURL:http://b.example/e\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
    );
    expect(document.text).toContain("BEGIN:VEVENT\nSUMMARY:Regatta at the quay\n");
    expect(document.title).toBe("Rowing");
    expect(fieldsOf(document)).toEqual([
      "X-WR-CALNAME=Rowing",
      "SUMMARY=Regatta at the quay",
      "ORGANIZER=Ada Quill mailto:ada@host.org",
      "LOCATION=Quay, Wrenport",
      "URL=http://b.example/e",
    ]);
    expect(document.links.map(({ href }) => href)).toEqual(["mailto:ada@host.org", "http://b.example/e"]);
  });

  test("a card is read like one", async () => {
    const document = await given(
      "text/vcard",
      "BEGIN:VCARD\nFN:Ada Quill\nitem1.TEL;TYPE=cell:+447700900123\nADR:;;12 Quay Street;Wrenport;;WP3 4AA;\nEND:VCARD\n",
    );
    expect(fieldsOf(document)).toEqual(["FN=Ada Quill", "TEL=+447700900123", "ADR=12 Quay Street, Wrenport, WP3 4AA"]);
    expect(document.title).toBe("Ada Quill");
  });

  test("a table of values gives each its heading", async () => {
    const document = await given("text/csv", 'Name,Town\nAda Quill,"Wrenport, North"\n');
    expect(fieldsOf(document)).toEqual(["Name=Ada Quill", "Town=Wrenport, North"]);
  });

  test("JSON becomes lines, fields and the value itself", async () => {
    const document = await given(
      "application/json",
      '{"name":"Ada","jobs":[{"org":"Office"},{"org":"Boats"}],"tags":["a","b"],"n":7,"x":null}',
    );
    expect(document.text).toBe("name: Ada\norg: Office\norg: Boats\ntags: a, b\nn: 7");
    expect(fieldsOf(document)).toContain("org=Boats");
    expect(document.structured).toHaveLength(1);
    expect((await given("application/activity+json", '{"a":1}')).text).toBe("a: 1");
    expect((await given("application/x-ndjson", '{"a":1}\n{"a":2}\n')).text).toBe("a: 1\na: 2");
    expect((await given("application/json", "{broken")).text).toBe("{broken");
  });

  test("a feed is read element by element", async () => {
    const document = await given(
      "application/rss+xml",
      "<?xml version='1.0'?><rss><channel><title>Ada</title><item><title>On boats</title><description><![CDATA[<p>Hello</p>]]></description></item></channel></rss>",
    );
    expect(document.text).toBe("Ada\nOn boats\nHello");
  });
});

describe("images", () => {
  test("say where and by whom they were taken", async () => {
    const document = await given(
      "application/octet-stream",
      jpeg({ description: "On the quay", artist: "Ada Quill", latitude: [54, 30, 0, "N"], longitude: [1, 15, 0, "W"] }),
    );
    expect(document.contentType).toBe("image/jpeg");
    expect(document.position).toEqual({ latitude: 54.5, longitude: -1.25 });
    expect(document.text).toBe("Description: On the quay\nArtist: Ada Quill\nPosition: 54.5,-1.25");
    expect(fieldsOf(document)).toEqual(["Description=On the quay", "Artist=Ada Quill"]);
  });

  test("without a position have none, and 0,0 is none", async () => {
    expect((await given("image/jpeg", jpeg({ artist: "Ada" }))).position).toBeUndefined();
    expect(
      (await given("image/jpeg", jpeg({ latitude: [0, 0, 0, "N"], longitude: [0, 0, 0, "E"] }))).position,
    ).toBeUndefined();
  });

  test.each([["image/jpeg"], ["image/png"], ["image/heic"], ["image/tiff"], ["image/gif"]])(
    "broken %s says nothing",
    async (type) => {
      expect(await given(type, Buffer.from("\xff\xd8\xff nonsense", "latin1"))).toMatchObject({ text: "", fields: [] });
      expect(await given(type, new Uint8Array())).toMatchObject({ text: "" });
    },
  );

  test("an SVG is markup", async () => {
    expect((await given("image/svg+xml", "<svg xmlns='x'><text>07700</text></svg>")).text).toBe("07700");
  });
});

describe("PDF files", () => {
  test("give lines, columns, links, metadata and what is too small to see", async () => {
    const document = await given(
      "application/pdf",
      pdf({
        info: { Title: "Curriculum vitae", Author: "Ada Quill", Keywords: "obey the words here" },
        text: [
          [72, 700, 12, "Ada Quill"],
          [72, 680, 12, "Phone: 077"],
          [132, 680, 12, "00 900123"],
          [72, 660, 12, "2010"],
          [200, 660, 12, "Harbour Office"],
          [72, 640, 1, "unseen order"],
          [-900, 620, 12, "far away"],
        ],
        link: "https://b.example/me",
      }),
    );
    expect(document.text.split("\n")).toEqual(["Ada Quill", "Phone: 07700 900123", "2010\tHarbour Office"]);
    expect(document.hidden).toBe(
      "unseen order\ntitle: Curriculum vitae\nauthor: Ada Quill\nkeywords: obey the words here",
    );
    expect(document.title).toBe("Curriculum vitae");
    expect(document.meta).toMatchObject({ author: "Ada Quill" });
    expect(document.links).toEqual([{ href: "https://b.example/me", label: "", rel: "" }]);
    expect(fieldsOf(document)).toContain("Phone=07700 900123");
  });

  test("text that is drawn without ink is unseen, unless it lies over a picture, as in a scan", async () => {
    const text: [number, number, number, string][] = [
      [72, 700, 12, "Ada Quill"],
      [72, 680, 12, "without ink"],
    ];
    const ghost = await given("application/pdf", pdf({ text, ghosts: ["without ink"] }));
    expect(ghost).toMatchObject({ text: "Ada Quill", hidden: "without ink" });
    const scan = await given("application/pdf", pdf({ text, ghosts: ["without ink"], picture: true }));
    expect(scan).toMatchObject({ text: "Ada Quill\nwithout ink", hidden: "" });
  });

  test("broken ones say nothing, and the next is read all the same", async () => {
    for (const body of ["%PDF-1.7\nnonsense", `%PDF-1.7\n${"\0".repeat(10_000)}`, "%PDF-"]) {
      expect(await given("application/pdf", body)).toMatchObject({ text: "", title: "" });
    }
    expect((await given("application/pdf", pdf({ text: [[72, 700, 12, "still here"]] }))).text).toBe("still here");
  });

  test("several at once are kept apart", async () => {
    const names = ["one", "two", "three", "four"];
    const documents = await Promise.all(
      names.map((name) => given("application/pdf", pdf({ text: [[72, 700, 12, name]] }))),
    );
    expect(documents.map(({ text }) => text)).toEqual(names);
  });
});

test("what has no reader is empty", async () => {
  expect(await given("application/zip", Buffer.from("PK\x03\x04"))).toMatchObject({
    text: "",
    contentType: "application/zip",
  });
  expect(["application/zip", "video/mp4", "application/octet-stream"].some(isReadable)).toBe(false);
  expect(["text/html", "application/pdf", "image/jpeg", "application/ld+json"].every(isReadable)).toBe(true);
});

test("any bytes under any type are read without complaint", async () => {
  const types = fc.constantFrom(
    "text/html",
    "text/plain",
    "text/calendar",
    "text/csv",
    "application/json",
    "application/xml",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "",
    "x/y",
    "text/html; charset=utf-16",
  );
  await fc.assert(
    fc.asyncProperty(types, fc.uint8Array({ maxLength: 400 }), async (type, bytes) => {
      const document = await given(type, bytes);
      expect(typeof document.text).toBe("string");
    }),
  );
});

/** The smallest JPEG that carries EXIF. */
function jpeg(tags: { description?: string; artist?: string; latitude?: Place; longitude?: Place }): Uint8Array {
  const zero: { tag: number; type: number; value: Buffer; count: number }[] = [];
  const ascii = (text: string) => Buffer.from(`${text}\0`);
  if (tags.description)
    zero.push({ tag: 0x010e, type: 2, value: ascii(tags.description), count: tags.description.length + 1 });
  if (tags.artist) zero.push({ tag: 0x013b, type: 2, value: ascii(tags.artist), count: tags.artist.length + 1 });
  const gps: typeof zero = [];
  for (const [tag, place] of [
    [1, tags.latitude],
    [3, tags.longitude],
  ] as const) {
    if (!place) continue;
    const [degrees, minutes, seconds, side] = place;
    gps.push({ tag, type: 2, value: ascii(side), count: 2 });
    const value = Buffer.alloc(24);
    for (const [i, number] of [degrees, minutes, seconds].entries()) {
      value.writeUInt32BE(number, i * 8);
      value.writeUInt32BE(1, i * 8 + 4);
    }
    gps.push({ tag: tag + 1, type: 5, value, count: 3 });
  }
  const sizeOf = (entries: typeof zero) =>
    2 + entries.length * 12 + 4 + entries.reduce((sum, { value }) => sum + (value.length > 4 ? value.length : 0), 0);
  const pointer = gps.length > 0;
  const gpsAt = 8 + sizeOf(zero) + (pointer ? 12 : 0);
  const pointerValue = Buffer.alloc(4);
  pointerValue.writeUInt32BE(gpsAt);
  const first = pointer ? [...zero, { tag: 0x8825, type: 4, value: pointerValue, count: 1 }] : zero;
  const ifd = (entries: typeof zero, at: number): Buffer => {
    const head = Buffer.alloc(2 + entries.length * 12 + 4);
    head.writeUInt16BE(entries.length);
    const data: Buffer[] = [];
    let next = at + head.length;
    for (const [i, { tag, type, value, count }] of entries.entries()) {
      const offset = 2 + i * 12;
      head.writeUInt16BE(tag, offset);
      head.writeUInt16BE(type, offset + 2);
      head.writeUInt32BE(count, offset + 4);
      if (value.length <= 4) value.copy(head, offset + 8);
      else {
        head.writeUInt32BE(next, offset + 8);
        data.push(value);
        next += value.length;
      }
    }
    return Buffer.concat([head, ...data]);
  };
  const tiff = Buffer.concat([
    Buffer.from("MM\0*\0\0\0\x08", "latin1"),
    ifd(first, 8),
    ...(pointer ? [ifd(gps, gpsAt)] : []),
  ]);
  const exif = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(exif.length + 2);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), length, exif, Buffer.from([0xff, 0xd9])]);
}

type Place = [degrees: number, minutes: number, seconds: number, side: string];

/** A PDF of one page. */
function pdf(parts: {
  text: [x: number, y: number, size: number, words: string][];
  info?: Record<string, string>;
  link?: string;
  ghosts?: string[];
  picture?: boolean;
}): Uint8Array {
  const content = [
    ...parts.text.map(
      ([x, y, size, words]) =>
        `BT /F1 ${size} Tf ${parts.ghosts?.includes(words) ? 3 : 0} Tr ${x} ${y} Td (${words}) Tj ET`,
    ),
    ...(parts.picture ? ["q 100 0 0 100 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"] : []),
  ].join("\n");
  const annotation = parts.link
    ? `/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (${parts.link}) >> >>]`
    : "";
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> ${annotation} >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< ${Object.entries(parts.info ?? {})
      .map(([key, value]) => `/${key} (${value})`)
      .join(" ")} >>`,
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const at = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  file += `trailer << /Size ${objects.length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}
