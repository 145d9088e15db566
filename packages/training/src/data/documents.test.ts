import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TrainingError } from "../training-error.ts";
import { type ReadOptions, readDocuments } from "./documents.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candor-documents-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function textsOf(path: string, options?: ReadOptions): string[] {
  return [...readDocuments([path], options)].map(({ text }) => text);
}

describe("documents", () => {
  it("come out of a text file as they went in, whatever the size of its lines", () => {
    const chunk = fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("\n"), fc.constant("é".repeat(700_000)));
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = `x${parts.join("")}`;
        expect(textsOf(file("whole.txt", text)).join("") === text).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("are parted by blank lines where that is asked for", () => {
    expect(textsOf(file("parts.txt", "a\nb\n\n\n \nc\r\n\r\nd"), { separator: "blank-line" })).toEqual([
      "a\nb",
      "c",
      "d",
    ]);
  });

  it("come from TRL's records", () => {
    const records = [
      { text: "plain" },
      {
        messages: [
          { role: "user", content: "hi" },
          { role: "assistant", content: "hello" },
        ],
      },
      { prompt: "1 +", completion: " 1" },
      { prompt: [{ role: "user", content: "hi" }], completion: [{ role: "assistant", content: "ho" }] },
    ];
    const path = file("records.jsonl", `\ufeff${records.map((record) => JSON.stringify(record)).join("\n")}\n\n`);
    expect(textsOf(path)).toEqual(["plain", "Human: hi\nAssistant: hello", "1 + 1", "Human: hi\nAssistant: ho"]);
  });

  it("come from folders, in the order of their names", () => {
    mkdirSync(join(folder, "tree/b"), { recursive: true });
    for (const name of ["tree/b/z.md", "tree/a.txt", "tree/skipped.png"]) file(name, name);
    expect(textsOf(join(folder, "tree"))).toEqual(["tree/a.txt", "tree/b/z.md"]);
  });

  it.each([
    ["empty.txt", "", "holds no text"],
    ["blank.txt", " \n\n", "holds no text"],
    ["latin.txt", Buffer.concat([Buffer.from("good\ngood\n"), Buffer.from([0xe9, 10])]), "not valid UTF-8 in line 3"],
    ["cut.txt", Buffer.from("é").subarray(0, 1), "not valid UTF-8 in line 1"],
    ["bad.jsonl", '{"text": "a"}\n{"text"', "no JSON in line 2"],
    ["odd.jsonl", '{"words": "a"}', "no text in line 1"],
  ])("of %s are one clear line that names the file", (name, content, message) => {
    const path = file(name, content);
    let caught: unknown;
    try {
      textsOf(path);
    } catch (error) {
      caught = error;
    }
    if (!TrainingError.isInstance(caught)) throw new Error(`not refused: ${String(caught)}`);
    expect(caught.message).toContain(message);
    expect(caught.message).toContain(path);
    expect(`${caught.message}${caught.hint}`).not.toContain("\n");
  });

  it("of nowhere and of an empty folder are refused", () => {
    expect(() => textsOf(join(folder, "nowhere.txt"))).toThrow("There is no");
    mkdirSync(join(folder, "hollow"));
    expect(() => textsOf(join(folder, "hollow"))).toThrow("holds no .txt");
  });
});
