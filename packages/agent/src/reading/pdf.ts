/** PDF files: their lines, the text that nobody can see, their links and their metadata. Read in a worker thread. */
import { Worker } from "node:worker_threads";
import type { Document } from "../ports.ts";
import { type Content, LONGEST_TEXT, nothing } from "./content.ts";
import { pairsIn } from "./pairs.ts";
import { linksIn } from "./plain.ts";

export interface PdfQuestion {
  id: number;
  bytes: Uint8Array;
}

export interface PdfAnswer {
  meta: Record<string, string>;
  seen: string[];
  unseen: string[];
  links: string[];
  pages: number;
}

const LONGEST_MS = 15_000;

interface Asked {
  resolve(answer: PdfAnswer | null): void;
  timer: NodeJS.Timeout;
}

/** One worker serves the process. It is ended when a file takes too long, which ends what else it was asked. */
let worker: Worker | undefined;
const asked = new Map<number, Asked>();
let last = 0;

function workerThread(): Worker {
  if (worker) return worker;
  const made = new Worker(new URL("./pdf-thread.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 256 },
    stdout: true,
    stderr: true,
  });
  made.unref();
  made.on("message", ({ id, answer }: { id: number; answer: PdfAnswer | null }) => settle(id, answer));
  made.on("error", () => give(made));
  made.on("exit", () => give(made));
  worker = made;
  return made;
}

function settle(id: number, answer: PdfAnswer | null): void {
  const waiting = asked.get(id);
  asked.delete(id);
  clearTimeout(waiting?.timer);
  waiting?.resolve(answer);
  if (asked.size === 0) worker?.unref();
}

function give(up: Worker): void {
  if (worker !== up) return;
  worker = undefined;
  void up.terminate();
  for (const id of [...asked.keys()]) settle(id, null);
}

function ask(bytes: Uint8Array): Promise<PdfAnswer | null> {
  return new Promise((resolve) => {
    const thread = workerThread();
    const id = ++last;
    asked.set(id, { resolve, timer: setTimeout(() => give(thread), LONGEST_MS) });
    thread.ref();
    // A copy, since the thread takes it away.
    const copy = new Uint8Array(bytes);
    thread.postMessage({ id, bytes: copy } satisfies PdfQuestion, [copy.buffer]);
  });
}

export async function readPdf(bytes: Uint8Array, url: string): Promise<Content> {
  const answer = await ask(bytes);
  if (answer === null) return nothing();
  const { meta, seen } = answer;
  const text = seen.join("\n").slice(0, LONGEST_TEXT);
  const spoken = ["title", "author", "subject", "keywords"].flatMap((name) =>
    meta[name] ? [`${name}: ${meta[name]}`] : [],
  );
  const links = new Map<string, Document["links"][number]>();
  for (const href of answer.links)
    if (/^(?:https?|mailto|tel):/i.test(href)) links.set(href, { href, label: "", rel: "" });
  for (const link of linksIn(text, url)) if (!links.has(link.href)) links.set(link.href, link);
  return {
    ...nothing(),
    title: meta.title ?? seen[0]?.slice(0, 200) ?? "",
    text,
    hidden: [...answer.unseen, ...spoken].join("\n").slice(0, 30_000),
    links: [...links.values()],
    fields: seen.flatMap((line) => pairsIn(line)).slice(0, 1_500),
    meta,
  };
}
