/** Lets a mind point out what the extractors missed. The page has to say it; whose it is stays the analyst's to weigh. */
import { defineTool, refused, said, type Tool } from "@candor/agent";
import type { Recorded } from "@candor/store";
import { z } from "zod";
import { FINDING_KINDS, PageRecord, SEALED_KINDS, type Subject } from "../extract/record.ts";

export const noteFindingTool = (): Tool =>
  defineTool({
    name: "note_finding",
    description:
      "Notes something about the operator that an opened page says and that is not among the findings yet. Quote the page exactly. For phone, e-mail, address and birth date the value is the label, such as phone 1.",
    effect: "read",
    args: z.object({
      kind: z.enum(FINDING_KINDS),
      value: z.string().min(1).max(300),
      url: z.string().max(2_000),
      quote: z.string().min(3).max(500),
    }),
    run: async ({ kind, value, url, quote }, { events }) => {
      const page = pageAt(events, url);
      if (!page) return refused("That page was not read in this run: open it first.");
      if (!plain(page.text).includes(plain(quote))) return refused("The page does not say that in these words.");
      const sealed = (SEALED_KINDS as readonly string[]).includes(kind);
      const stated = sealed
        ? quote.includes(`[${value}: yours]`)
        : plain(quote).includes(plain(value.split("@")[0] ?? ""));
      if (!stated)
        return refused(sealed ? "The quote does not hold that label as yours." : "The quote does not hold that value.");
      const subject = aboutOperator(page.record.subjects);
      if (!subject) return refused("The page is not about you, or about several people: nothing can be noted from it.");
      const subjects = page.record.subjects.map((each) =>
        each === subject ? { ...each, claims: [...each.claims, { kind, value, quote, confidence: 0.7 }] } : each,
      );
      return said(`Noted: ${kind} ${value}.`, { record: { ...page.record, subjects } });
    },
  });

function pageAt(events: readonly Recorded[], url: string): { text: string; record: PageRecord } | undefined {
  for (const { event } of events.toReversed()) {
    if (event.type !== "step.done" || event.observation.record === undefined) continue;
    const record = PageRecord.safeParse(event.observation.record);
    if (!record.success || record.data.url !== url) continue;
    const opened = events.findLast(
      (e) => e.event.type === "step.done" && e.event.tool === "open" && e.event.observation.url === url,
    );
    if (opened?.event.type === "step.done") return { text: opened.event.observation.text, record: record.data };
  }
  return undefined;
}

/** The subject that bears the operator's name or is the only one on the page. */
function aboutOperator(subjects: readonly Subject[]): Subject | undefined {
  const named = subjects.filter((subject) => subject.named === "full" || subject.named === "initial");
  if (named.length === 1) return named[0];
  return subjects.length === 1 && subjects[0]?.named !== "other" ? subjects[0] : undefined;
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, " ").trim();
