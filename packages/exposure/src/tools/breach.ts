/** Looks the operator's sealed e-mail addresses up in known breaches. Only the first 5 hex digits of a hash leave. */
import { breachRange, defineTool, type Fetcher, said, type Tool } from "@candor/agent";
import { z } from "zod";
import type { Vault } from "../vault/vault.ts";

export const breachTool = (vault: Vault, fetcher: Fetcher, rangeUrl: string): Tool =>
  defineTool({
    name: "breach_lookup",
    description: "Tells which of the operator's e-mail addresses stand in known breaches.",
    effect: "read",
    args: z.object({}),
    run: async (_, { signal }) => {
      const breaches = await vault.checkBreaches((prefix) => breachRange(prefix, rangeUrl, fetcher, signal));
      const lines = breaches.map(({ label, count }) => `[${label}: yours] was seen ${count} times in known breaches.`);
      return said(lines.join("\n") || "None of your addresses is in a known breach.", {
        origin: "tool:breach",
        record: { breaches },
      });
    },
  });
