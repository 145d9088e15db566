/** Runs in a worker: a PDF can be made to take for ever, and a thread can be ended. */
import { parentPort } from "node:worker_threads";
import { definePDFJSModule, getDocumentProxy, getResolvedPDFJS } from "unpdf";
import type { PdfAnswer, PdfQuestion } from "./pdf.ts";
import { type InkOperators, inklessIn } from "./pdf-ink.ts";
import { linesOf, type Piece } from "./pdf-lines.ts";

const MOST_PAGES = 60;
const LONGEST = 200_000;

async function readPages(bytes: Uint8Array): Promise<PdfAnswer> {
  const pdf = await getDocumentProxy(bytes, { disableFontFace: true, useSystemFonts: false, verbosity: 0 });
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const meta: Record<string, string> = {};
  for (const [key, value] of Object.entries(info)) {
    if (typeof value === "string" && value !== "" && !/^(?:PDFFormatVersion|Language|EncryptFilterName)$/.test(key)) {
      meta[key.toLowerCase()] = value.slice(0, 2_000);
    }
  }
  const answer: PdfAnswer = { meta, seen: [], unseen: [], links: [], pages: pdf.numPages };
  let length = 0;
  for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES) && length < LONGEST; number++) {
    const page = await pdf.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    const pieces = items.flatMap((item): Piece[] => {
      if (!("str" in item)) return [];
      const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform as number[];
      return [{ text: item.str, x, y, width: item.width, size: Math.max(Math.hypot(c, d), Math.hypot(a, b)) }];
    });
    const { fnArray, argsArray } = await page.getOperatorList();
    const isInkless = inklessIn(fnArray, argsArray, operators);
    const [ghosts, inked] = [[] as Piece[], [] as Piece[]];
    for (const piece of pieces) if (piece.text.trim() !== "") (isInkless(piece.text) ? ghosts : inked).push(piece);
    const { seen, unseen } = linesOf(inked, { width, height });
    unseen.push(...ghosts.map(({ text }) => text.trim()));
    answer.seen.push(...seen);
    answer.unseen.push(...unseen);
    length += seen.reduce((sum, line) => sum + line.length, 0);
    for (const note of (await page.getAnnotations()) as { url?: unknown }[]) {
      if (typeof note.url === "string" && answer.links.length < 500) answer.links.push(note.url);
    }
    page.cleanup();
  }
  await pdf.loadingTask.destroy();
  return answer;
}

await definePDFJSModule(() => import("unpdf/pdfjs"));
const { OPS } = await getResolvedPDFJS();
const operators: InkOperators = {
  save: OPS.save,
  restore: OPS.restore,
  setTextRenderingMode: OPS.setTextRenderingMode,
  showText: OPS.showText,
  pictures: new Set(Object.entries(OPS).flatMap(([name, number]) => (/^paint.*Image/.test(name) ? [number] : []))),
};
parentPort?.on("message", ({ id, bytes }: PdfQuestion) => {
  readPages(bytes).then(
    (answer) => parentPort?.postMessage({ id, answer }),
    () => parentPort?.postMessage({ id, answer: null }),
  );
});
