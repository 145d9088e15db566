/** PDF files: their text, page by page, and their metadata, which nobody sees who only looks at the pages. */
import type { Content } from "./html.ts";
import { readText } from "./plain.ts";

const MOST_PAGES = 60;

export async function readPdf(bytes: Uint8Array): Promise<Content> {
  const { extractText, getDocumentProxy, getMeta } = await import("unpdf");
  // The library keeps the array for itself and takes no Buffer, so it gets a copy.
  const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  try {
    const { info } = await getMeta(document);
    const pages = document.numPages > MOST_PAGES ? [] : (await extractText(document, { mergePages: false })).text;
    const content = readText(pages.join("\n"));
    const meta: Record<string, string> = {};
    for (const [name, value] of Object.entries(info as Record<string, unknown>)) {
      if (typeof value === "string" && value !== "") meta[name.toLowerCase()] = value.slice(0, 2_000);
    }
    const spoken = ["title", "author", "subject", "keywords"].flatMap((name) =>
      meta[name] ? [`${name}: ${meta[name]}`] : [],
    );
    return { ...content, title: meta.title ?? content.title, hidden: spoken.join("\n"), meta };
  } finally {
    await document.cleanup();
  }
}
