/** Text, JSONL or folders of them, read as a stream of documents. */
import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileTrouble, TrainingError } from "../training-error.ts";
import { textOfRecord } from "./record.ts";

export interface SourceDocument {
  readonly text: string;
  readonly file: string;
}

export interface ReadOptions {
  /** What stands between the documents of a text file, at the end of a line; without it a file is one document. */
  readonly separator?: "blank-line";
}

const JSON_LINES = new Set([".jsonl", ".ndjson"]);
const TEXT = new Set([".txt", ".text", ".md"]);
const BLOCK = 1 << 20;
const LARGEST_DOCUMENT = 1 << 28;

/** Every file that a list of files and folders stands for, folders in the order of their names. */
export function sourceFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!look(path).isDirectory()) return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && (TEXT.has(extname(entry.name)) || JSON_LINES.has(extname(entry.name))))
      .map((entry) => join(entry.parentPath, entry.name));
    if (entries.length > 0) return entries.sort();
    throw new TrainingError(
      `${path} holds no .txt, .md or .jsonl file`,
      "Give a folder with such files, or a file by name.",
    );
  });
}

/** Documents without any text are left out; a file without any document is an error. */
export function* readDocuments(paths: readonly string[], options: ReadOptions = {}): Generator<SourceDocument> {
  const files = sourceFiles(paths);
  if (files.length === 0) throw new TrainingError("No data was named", "Give text files, JSONL files or folders.");
  for (const file of files) {
    let found = false;
    for (const text of JSON_LINES.has(extname(file)) ? records(file) : texts(file, options)) {
      if (text.trim() === "") continue;
      found = true;
      yield { text, file };
    }
    if (!found) throw new TrainingError(`${file} holds no text`, "Leave it out, or give a file with text in it.");
  }
}

function* records(file: string): Generator<string> {
  for (const { text, line } of lines(file)) if (text.trim() !== "") yield textOfRecord(text, file, line);
}

function* texts(file: string, { separator }: ReadOptions): Generator<string> {
  let parts: string[] = [];
  let size = 0;
  for (const { text } of lines(file)) {
    if (separator === "blank-line" && text.trim() === "") {
      yield parts.join("").trimEnd();
      parts = [];
      size = 0;
      continue;
    }
    size += text.length;
    if (size > LARGEST_DOCUMENT) {
      throw new TrainingError(
        `${file} has a document of more than 256 MB`,
        "Divide it by blank lines and say so, or make it JSONL with a document a line.",
      );
    }
    parts.push(text);
  }
  const last = parts.join("");
  yield separator === undefined ? last : last.trimEnd();
}

/** Lines with their line ends, numbered from 1, whatever the size of the file. */
function* lines(file: string): Generator<{ text: string; line: number }> {
  const opened = open(file);
  try {
    const block = Buffer.allocUnsafe(BLOCK);
    let rest: Buffer[] = [];
    let line = 1;
    for (;;) {
      const count = readSync(opened, block, 0, BLOCK, null);
      const bytes = Buffer.from(block.subarray(0, count));
      const end = count === 0 ? 0 : bytes.lastIndexOf(10) + 1;
      if (end === 0 && count > 0) {
        rest.push(bytes);
        continue;
      }
      const whole = Buffer.concat([...rest, bytes.subarray(0, end)]);
      rest = [bytes.subarray(end)];
      for (const text of decode(whole, file, line).match(/[^\n]*\n|[^\n]+$/g) ?? []) {
        yield { text: line === 1 ? text.replace(/^\ufeff/, "") : text, line };
        line++;
      }
      if (count === 0) return;
    }
  } finally {
    closeSync(opened);
  }
}

function decode(bytes: Buffer, file: string, firstLine: number): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let line = firstLine;
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(10, at);
    const next = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(at, next))) break;
    at = next;
  }
  throw new TrainingError(
    `${file} is not valid UTF-8 in line ${line}`,
    "Convert it, say with `iconv -f latin1 -t utf-8`, or leave it out.",
  );
}

function look(path: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (error) {
    throw fileTrouble(path, error);
  }
}

function open(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw fileTrouble(file, error);
  }
}
