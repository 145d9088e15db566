/** The text layer of a PDF, for the search engine. */

/** @returns null when the bytes are not a PDF that can be read. */
export async function pdfText(bytes: Uint8Array): Promise<string | null> {
  // Loaded only where a spec has an indexed PDF: it takes longer to load than the rest of the town.
  const { extractText, getDocumentProxy } = await import("unpdf");
  try {
    const document = await getDocumentProxy(Uint8Array.from(bytes));
    return (await extractText(document, { mergePages: true })).text.replace(/\s+/g, " ").trim();
  } catch {
    return null;
  }
}
