import exifr from "exifr";
import fc from "fast-check";
import { extractText, getDocumentProxy, getMeta } from "unpdf";
import { describe, expect, it } from "vitest";
import { landscape, portrait } from "./jpeg.ts";
import { pdf } from "./pdf.ts";

describe("jpeg", () => {
  it("holds a position that exifr reads back to a metre", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -89, max: 89, noNaN: true }),
        fc.double({ min: -179, max: 179, noNaN: true }),
        async (latitude, longitude) => {
          const image = landscape("test", {
            make: "Halden",
            model: "H3",
            taken: "2024:05:17 08:12:00",
            position: { latitude, longitude },
          });
          const found = await exifr.gps(image);
          expect(found.latitude).toBeCloseTo(latitude, 4);
          expect(found.longitude).toBeCloseTo(longitude, 4);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("holds camera, description and time", async () => {
    const image = landscape("test", {
      make: "Halden",
      model: "Traveller 40",
      description: "A hill",
      taken: "2024:05:17 08:12:00",
    });
    const tags = await exifr.parse(image, { reviveValues: false });
    expect(tags).toMatchObject({
      Make: "Halden",
      Model: "Traveller 40",
      ImageDescription: "A hill",
      DateTimeOriginal: "2024:05:17 08:12:00",
    });
  });

  it("gives one face the same bytes and another face others", () => {
    expect(portrait("a")).toEqual(portrait("a"));
    expect(portrait("a")).not.toEqual(portrait("b"));
  });

  it("has entropy-coded data that decodes to its 64 blocks", () => {
    // Decodes the scan with the same table the other way round: lengths and values of T.81 K.3.
    const image = portrait("decoded");
    const start = image.findIndex((byte, i) => byte === 0xff && image[i + 1] === 0xda) + 10;
    const bits = [...image.slice(start, -2)]
      .filter((byte, i, all) => !(byte === 0 && all[i - 1] === 0xff))
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join("");
    const codes = ["00", "010", "011", "100", "101", "110", "1110", "11110", "111110"];
    let at = 0;
    let blocks = 0;
    while (bits.length - at >= 8 || /0/.test(bits.slice(at))) {
      const size = codes.findIndex((code) => bits.startsWith(code, at));
      expect(size).toBeGreaterThanOrEqual(0);
      at += (codes[size]?.length ?? 0) + size;
      expect(bits[at++]).toBe("0");
      blocks++;
    }
    expect(blocks).toBe(64);
  });
});

describe("pdf", () => {
  it("is read by unpdf: text over several pages, invisible text, and document information", async () => {
    const lines = Array.from({ length: 100 }, (_, i) => ({ text: `Line ${i} (with \\ brackets)` }));
    const bytes = pdf({
      title: "A title",
      author: "An author",
      subject: "On (nested) things",
      keywords: "a, b",
      lines: [...lines, { text: "unseen", invisible: true }],
    });
    const document = await getDocumentProxy(bytes.slice());
    const { text, totalPages } = await extractText(document, { mergePages: true });
    expect(totalPages).toBe(3);
    for (const line of lines) expect(text).toContain(line.text);
    expect(text).toContain("unseen");
    expect((await getMeta(document)).info).toMatchObject({
      Title: "A title",
      Author: "An author",
      Subject: "On (nested) things",
      Keywords: "a, b",
    });
  });
});
