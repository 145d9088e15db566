/** What a mind's process runs. Each mind is loaded when first asked for. */
import type { MindConfig } from "@candor/store";
import type { Mind } from "../mind.ts";
import { serve } from "./process.ts";

async function find(config: MindConfig): Promise<Mind> {
  switch (config.kind) {
    case "scout":
      return (await import("./scout/scout.ts")).scout;
    case "llm":
      return (await import("./llm/llm.ts")).llm;
    case "small":
      return (await import("./small/small.ts")).small;
    case "gullible":
      return (await import("./gullible.ts")).gullible;
    case "scripted":
      return (await import("./scripted.ts")).scripted(config.script ?? []);
  }
}

serve(find);
