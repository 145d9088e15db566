/** Site checks in WhatsMyName's JSON format (https://github.com/WebBreacher/WhatsMyName). */
import { z } from "zod";

export const UsernameSite = z.object({
  name: z.string(),
  /** Holds `{account}`. */
  uri_check: z.string(),
  uri_pretty: z.string().optional(),
  e_code: z.number().int(),
  e_string: z.string(),
  m_code: z.number().int(),
  m_string: z.string(),
  known: z.array(z.string()).default([]),
  cat: z.string().default("misc"),
  post_body: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  strip_bad_char: z.string().optional(),
  protection: z.array(z.string()).optional(),
  valid: z.boolean().optional(),
});
export type UsernameSite = z.infer<typeof UsernameSite>;

const File = z.object({ sites: z.array(z.unknown()) });

/** The sites of a WhatsMyName file or array; entries that do not fit are counted, not trusted. */
export function parseSites(json: unknown): { sites: UsernameSite[]; skipped: number } {
  const entries = Array.isArray(json) ? json : File.parse(json).sites;
  const sites: UsernameSite[] = [];
  for (const entry of entries) {
    const parsed = UsernameSite.safeParse(entry);
    if (parsed.success && parsed.data.uri_check.includes("{account}") && parsed.data.valid !== false)
      sites.push(parsed.data);
  }
  return { sites, skipped: entries.length - sites.length };
}
