/** What appeared, went away and stayed between two runs. */
import { z } from "zod";
import { hostOf } from "../extract/words.ts";
import { type Exposure, Finding } from "../findings/finding.ts";

const Brief = Finding.pick({ id: true, kind: true, value: true, severity: true }).extend({ urls: z.array(z.string()) });

export const Comparison = z.object({
  appeared: z.array(Brief),
  gone: z.array(Brief),
  stayed: z.array(Brief),
  /** Not seen this time, on pages that could not be read this time: they may still be there. */
  unconfirmed: z.array(Brief),
});
export type Comparison = z.infer<typeof Comparison>;

const brief = ({ id, kind, value, severity, evidence }: Finding): z.infer<typeof Brief> => ({
  id,
  kind,
  value,
  severity,
  urls: evidence.map(({ url }) => url),
});

export function compareRuns(
  before: Pick<Exposure, "findings">,
  after: Pick<Exposure, "findings" | "unread">,
): Comparison {
  const [was, is] = [new Set(before.findings.map(({ id }) => id)), new Set(after.findings.map(({ id }) => id))];
  const unread = new Set(after.unread.map(({ url }) => url));
  const down = new Set(after.unread.map(({ url }) => hostOf(url)));
  const missing = before.findings.filter(({ id }) => !is.has(id));
  const unsure = (finding: Finding): boolean =>
    finding.evidence.some(({ url }) => unread.has(url)) || finding.evidence.every(({ url }) => down.has(hostOf(url)));
  return {
    appeared: after.findings.filter(({ id }) => !was.has(id)).map(brief),
    gone: missing.filter((finding) => !unsure(finding)).map(brief),
    stayed: after.findings.filter(({ id }) => was.has(id)).map(brief),
    unconfirmed: missing.filter(unsure).map(brief),
  };
}
