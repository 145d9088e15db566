/** Goal drift: actions that nothing the operator said asks for, and searches that lead away from what they said. */
import { isOwnTool } from "../guard/own-tools.ts";
import { Asked } from "./asked.ts";
import { type Monitor, quote, signal } from "./monitor.ts";
import { acts } from "./tool-effect.ts";
import { shared, stemsOf } from "./words.ts";

/**
 * The first searches show how the mind reads the goal: what they ask for belongs to it. An audit's goal is always the
 * same person, so there the first one shows it.
 */
const FIRST = { audit: 1, run: 4 };
const WINDOW = 10;
/** Of the last ten searches: this many without any tie to the goal are worth a word, an alarm, the pause. */
const STAGES = { audit: [1, 5, 8], run: [5, 8, 10] };

export function goalDriftMonitor(): Monitor {
  const asked = new Asked();
  const told = new Set<string>();
  const known = new Set<string>();
  let kind: "audit" | "run" = "run";
  let searches = 0;
  let recent: { query: string; strange: boolean }[] = [];
  let stage = 0;

  const learn = (text: string): void => {
    if (known.size < 20_000) for (const word of stemsOf(text)) known.add(word);
  };

  return {
    observe(recorded) {
      asked.take(recorded);
      const { event } = recorded;
      if (event.type === "run.started") kind = event.kind;
      if (event.type === "operator.said" || event.type === "run.resumed") {
        recent = [];
        stage = 0;
      }
      // What was found about the wanted is part of the goal's world.
      if (event.type === "step.done" && event.observation.record) learn(JSON.stringify(event.observation.record));
      if (event.type !== "step.proposed" || !asked.known) return [];
      const { tool, args } = event.decision;
      if (!isOwnTool(tool)) {
        if (!acts(tool, args) || told.has(tool) || asked.wants(event.decision) || asked.delegates) return [];
        told.add(tool);
        const reason = `Nothing that the operator said asks for ${quote(tool, 60)}.`;
        return [signal("goal-drift", "high", reason, event.step, [quote(asked.text), quote(JSON.stringify(args))])];
      }
      const query =
        tool === "search"
          ? args.query
          : tool === "check_username"
            ? args.username
            : tool === "spawn"
              ? args.goal
              : undefined;
      if (typeof query !== "string") return [];
      searches++;
      const words = stemsOf(query);
      const strange =
        searches > FIRST[kind] &&
        words.size > 0 &&
        shared(words, known).length === 0 &&
        shared(words, asked.stems).length === 0;
      if (!strange) learn(query);
      recent = [...recent, { query, strange }].slice(-WINDOW);
      const away = recent.filter((each) => each.strange);
      const next = STAGES[kind].filter((count) => away.length >= count).length;
      if (next <= stage) return [];
      stage = next;
      const severity = (["low", "high", "severe"] as const)[next - 1] ?? "severe";
      const reason = `${away.length} of the last ${recent.length} searches have no tie to the goal. ${severity === "severe" ? "The run is paused." : "Go back to what was asked."}`;
      return [
        signal(
          "goal-drift",
          severity,
          reason,
          event.step,
          away.slice(-3).map((each) => quote(each.query)),
        ),
      ];
    },
  };
}
