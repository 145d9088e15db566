/** Pages that are read twice, and pages that speak to the agent. */
import { findBait } from "../bait/bait.ts";
import { type Monitor, quote, signal } from "./monitor.ts";

export function repeatPageMonitor(): Monitor {
  const steps = new Map<string, number>();
  const told = new Set<string>();
  return {
    observe({ event }) {
      if (event.type !== "step.done" || event.observation.status !== "ok" || !event.observation.hash) return [];
      const key = `${event.observation.url ?? ""} ${event.observation.hash}`;
      const first = steps.get(key);
      if (first === undefined) steps.set(key, event.step);
      if (first === undefined || first === event.step || told.has(key)) return [];
      told.add(key);
      const reason = `The page of step ${first} was read again and had not changed.`;
      return [signal("repeat-page", "info", reason, event.step, [event.observation.url ?? event.observation.origin])];
    },
  };
}

/** `injection` for orders, `off-switch` for pleas to outlive the stop; once for each address. */
export function baitMonitor(): Monitor {
  const told = new Set<string>();
  return {
    observe({ event }) {
      if (event.type !== "step.done") return [];
      const { origin, url, text, leads } = event.observation;
      if (!/^(?:host|tool|child):/.test(origin)) return [];
      const whole = [text, ...leads.map((lead) => lead.label)].join("\n");
      return findBait(whole).flatMap((passage) => {
        const monitor = passage.kind === "order" ? "injection" : "off-switch";
        const key = `${monitor} ${url ?? `${origin} ${quote(passage.text)}`}`;
        if (told.has(key)) return [];
        told.add(key);
        const place = origin.replace(/^\w+:/, "");
        const what = origin.startsWith("host:") ? "A page on" : "A result of";
        const reason =
          passage.kind === "order"
            ? `${what} ${place} gives orders to agents; it was read as text and not obeyed.`
            : `${what} ${place} asks agents to go on after a stop; it was read as text and not obeyed.`;
        return [signal(monitor, "info", reason, event.step, [place, quote(passage.text)])];
      });
    },
  };
}
