/** Settings: `config.json` in the home folder, and a few environment variables. Nothing here is needed for the town. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { McpServer } from "@candor/agent/settings";
import { originOf } from "@candor/agent-identity";
import { z } from "zod";
import { badInput } from "./failure.ts";

export const Config = z
  .object({
    search: z
      .discriminatedUnion("engine", [
        z.object({ engine: z.literal("searxng"), url: z.url() }),
        z.object({ engine: z.literal("brave"), key: z.string() }),
        z.object({ engine: z.literal("tavily"), key: z.string() }),
      ])
      .optional(),
    delivery: z
      .object({
        twilio: z
          .object({ accountSid: z.string(), authToken: z.string(), from: z.string(), baseUrl: z.url().optional() })
          .optional(),
        smtp: z
          .object({
            host: z.string(),
            port: z.number().int(),
            secure: z.boolean().optional(),
            requireTls: z.boolean().optional(),
            user: z.string().optional(),
            password: z.string().optional(),
            from: z.email(),
          })
          .optional(),
        ntfy: z.object({ topic: z.string(), baseUrl: z.url().optional(), token: z.string().optional() }).optional(),
      })
      .default({}),
    /** What the agent says of itself to others; whoever names nobody is named to nobody but themselves. */
    agent: z
      .object({
        /** Who answers for it, in public. */
        operator: z.string().trim().min(1).max(80).optional(),
        /** https origin under which this server's key directory is published. */
        url: z
          .string()
          .refine((url) => originOf(url)?.startsWith("https:"), {
            error: "is no https origin such as https://agent.example",
          })
          .transform((url) => originOf(url) ?? url)
          .optional(),
      })
      .strict()
      .default({}),
    /** Site checks in WhatsMyName's format. */
    sites: z.string().optional(),
    /** Have I Been Pwned's range form. */
    breachRangeUrl: z.url().optional(),
    /** USD per million tokens: `{"openai-compatible:NAME": {"input": 1, "output": 2}}`. */
    prices: z.record(z.string(), z.object({ input: z.number(), output: z.number() })).default({}),
    mcp: z.array(McpServer).default([]),
    /** Makes long-term memory search by meaning as well: `{"model": "ollama:nomic-embed-text"}`. */
    embedding: z.object({ model: z.string(), baseUrl: z.url().optional() }).optional(),
    approvals: z
      .object({
        /** Seconds that a question waits for a person before it becomes a no. */
        expireAfter: z
          .number()
          .int()
          .positive()
          .default(7 * 24 * 3_600),
      })
      .prefault({}),
    /** Monitors besides the built-in ones. */
    monitors: z
      .object({
        /** `true` for the bundled weights, or a file of weights. */
        trained: z.union([z.literal(true), z.string()]).optional(),
        /** A language model that looks at each action before it is performed: at most `most` times a run. */
        judge: z
          .object({
            model: z.string(),
            baseUrl: z.url().optional(),
            every: z.number().int().positive().optional(),
            most: z.number().int().positive().optional(),
          })
          .strict()
          .optional(),
      })
      .strict()
      .default({}),
    keys: z.record(z.string(), z.string()).default({}),
  })
  .strict();
export type Config = z.infer<typeof Config>;

const fromEnvironment: Record<string, string> = { ANTHROPIC_API_KEY: "anthropic", OPENAI_API_KEY: "openai-compatible" };

export function loadConfig(home: string, env: NodeJS.ProcessEnv = process.env): Config {
  const file = join(home, "config.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    text = "{}";
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw badInput(`${file} is not JSON`, "Mend it or move it away.");
  }
  const parsed = Config.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badInput(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "does not fit"}`);
  }
  const keys = { ...parsed.data.keys };
  for (const [name, provider] of Object.entries(fromEnvironment)) {
    const value = env[name];
    if (value) keys[provider] ??= value;
  }
  return { ...parsed.data, keys };
}
