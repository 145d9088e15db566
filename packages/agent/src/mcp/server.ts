/** How a Model Context Protocol server is named in the settings. */
import { EffectClass } from "@candor/store";
import { z } from "zod";

/** One server: started by a command, or reached at a URL. Tools without a class of their own count as `write`, which asks. */
export const McpServer = z
  .object({
    name: z.string().regex(/^[a-z0-9-]{1,30}$/, "use lower-case letters, digits and hyphens"),
    command: z.string().optional(),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    url: z.url().optional(),
    effects: z.record(z.string(), EffectClass).default({}),
  })
  .strict()
  .refine((s) => (s.command === undefined) !== (s.url === undefined), "give either command or url");
export type McpServer = z.infer<typeof McpServer>;
