/** Writes a corpus of a given size to one file. */
import { writeAtomically } from "../atomic-file.ts";
import { TrainingError } from "../training-error.ts";
import { Corpus } from "./generate.ts";
import type { CorpusSpec } from "./types.ts";

/**
 * @param options.format `text`: a blank line between documents; `jsonl`: one `{"text", "genre", "voice", "labels"}` a line
 * @param options.from the number of the first document, so that two files of one seed need share none
 * @returns how many documents and bytes were written
 */
export function writeCorpus(
  path: string,
  options: {
    spec?: CorpusSpec;
    megabytes: number;
    format?: "text" | "jsonl";
    from?: number;
    progress?: (bytes: number) => void;
  },
): { documents: number; bytes: number } {
  const { megabytes, format = "text", from = 0, progress } = options;
  if (!(megabytes > 0)) throw new TrainingError(`A corpus of ${megabytes} MB cannot be made`, "Give a size above 0.");
  const corpus = new Corpus(options.spec);
  const wanted = megabytes * 1e6;
  let [documents, bytes] = [0, 0];
  writeAtomically(path, (append) => {
    while (bytes < wanted) {
      let block = "";
      // The corpus is ASCII: a letter is a byte.
      const size = Math.min(BLOCK, wanted - bytes);
      while (block.length < size) {
        const document = corpus.document(from + documents++);
        block += format === "text" ? `${document.text}\n\n` : `${JSON.stringify(document)}\n`;
      }
      append(Buffer.from(block, "latin1"));
      bytes += block.length;
      progress?.(bytes);
    }
  });
  return { documents, bytes };
}

const BLOCK = 1 << 20;
