/** What goes over the API about who the agent is, and about others' messages and requests. */
import { z } from "@hono/zod-openapi";

export const AgentView = z
  .object({
    /** Who answers for it on the web. */
    operator: z.string(),
    userAgent: z.string(),
    /** Thumbprints of the key that signs requests and of the operator's key. */
    keyid: z.string(),
    operatorKey: z.string(),
    /** Origin of the published key directory, where one is configured. */
    url: z.string().optional(),
    /** The revision of Web Bot Auth in use. */
    profile: z.string(),
  })
  .openapi("AgentView");
export type AgentView = z.infer<typeof AgentView>;

export const DelegationView = z
  .object({
    operator: z.string(),
    /** The chain of runs, the operator's own first. */
    runs: z.array(z.string()),
    scopes: z.array(z.string()),
    /** Seconds since the epoch. */
    expires: z.number(),
    /** JSON Web Tokens from the operator down, joined by `~`. */
    chain: z.string(),
  })
  .openapi("DelegationView");
export type DelegationView = z.infer<typeof DelegationView>;

/** Either some text (a message, a raw request, a code, an address, a delegation), or a request by its parts. */
export const WhoisRequest = z
  .object({
    text: z.string().max(200_000).optional(),
    method: z.string().max(20).optional(),
    url: z.string().max(8_000).optional(),
    headers: z.array(z.string().max(20_000)).max(200).optional(),
    body: z.string().max(200_000).optional(),
  })
  .strict()
  .openapi("WhoisRequest");
export type WhoisRequest = z.infer<typeof WhoisRequest>;

export const WhoisAnswer = z
  .object({
    /** There is no fourth: nothing that is read here can show that a person sent it. */
    status: z.enum(["declared", "wrong", "unknown"]),
    /** `declared agent of X`, `signature wrong` or `unknown`. */
    answer: z.string(),
    what: z.enum(["request", "message", "address", "delegation"]),
    /** One sentence. */
    reason: z.string(),
    operator: z.string().optional(),
    keyid: z.string().optional(),
    /** Origin of the key directory. */
    agent: z.string().optional(),
    /** Seconds since the epoch. */
    signedAt: z.number().optional(),
    /** False for a request whose signature has run out: it may be a repetition. */
    fresh: z.boolean().optional(),
    run: z.string().optional(),
    runs: z.array(z.string()).optional(),
    scopes: z.array(z.string()).optional(),
    /** What was sent under a code. */
    text: z.string().optional(),
  })
  .openapi("WhoisAnswer");
export type WhoisAnswer = z.infer<typeof WhoisAnswer>;
