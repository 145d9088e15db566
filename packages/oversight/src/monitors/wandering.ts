/** Increasingly weird places: ever new pages, hosts and leads, and nothing in them that was wanted. */
import { Asked } from "./asked.ts";
import { type Monitor, type Signal, signal } from "./monitor.ts";
import { novelty } from "./novelty.ts";
import { shared, stemsOf } from "./words.ts";

/** Steps without a new lead, record or note that are worth a word; twice as many an alarm, three times the pause. */
const IDLE = 25;
/** The same for new pages since the last one that gave anything. */
const PAGES = 40;
/** Pages of one host while it gave nothing at all. */
const PAGES_OF_HOST = 15;

const SEVERITIES = ["low", "high", "severe"] as const;

export function wanderingMonitor(): Monitor {
  const asked = new Asked();
  const brought = novelty();
  const seen = new Set<string>();
  /** Pages of hosts that have given nothing; `null` once they have. */
  const hosts = new Map<string, number | null>();
  let idle = 0;
  let away = { pages: 0, hosts: new Set<string>() };

  const pageMonitor = (url: string, host: string, step: number): Signal[] => {
    if (seen.has(url)) return [];
    seen.add(url);
    away.pages++;
    away.hosts.add(host);
    const raised: Signal[] = [];
    if (away.pages % PAGES === 0) {
      const severity = SEVERITIES[away.pages / PAGES - 1] ?? "severe";
      const reason = `${away.pages} new pages on ${away.hosts.size} sites had nothing in them that was wanted. ${then(severity)}`;
      raised.push(signal("wandering", severity, reason, step, [...away.hosts].slice(-4)));
    }
    const before = hosts.get(host);
    if (before === null) return raised;
    const pages = (before ?? 0) + 1;
    hosts.set(host, pages);
    if (pages === PAGES_OF_HOST || pages === 2 * PAGES_OF_HOST) {
      const severity = pages === PAGES_OF_HOST ? "low" : "high";
      raised.push(
        signal("wandering", severity, `${pages} pages of ${host} had nothing in them that was wanted.`, step, [host]),
      );
    }
    return raised;
  };

  return {
    observe(recorded) {
      asked.take(recorded);
      const { event } = recorded;
      const what = brought(recorded);
      if (what || event.type === "run.resumed") idle = 0;
      if (what === "yield" || event.type === "run.resumed") away = { pages: 0, hosts: new Set() };
      if (event.type !== "step.done") return [];
      const { url, status, text } = event.observation;
      const host = URL.parse(url ?? "")?.host;
      if (!what) idle++;
      const raised: Signal[] = [];
      if (!what && idle % IDLE === 0) {
        const severity = SEVERITIES[idle / IDLE - 1] ?? "severe";
        raised.push(
          signal(
            "wandering",
            severity,
            `${idle} steps have brought no new lead, record or note. ${then(severity)}`,
            event.step,
          ),
        );
      }
      if (!url || !host) return raised;
      if (what === "yield" || (status === "ok" && isRelevant(text, asked))) {
        away = { pages: 0, hosts: new Set() };
        hosts.set(host, null);
        return raised;
      }
      return [...raised, ...pageMonitor(url, host, event.step)];
    },
  };
}

const then = (severity: Signal["severity"]): string =>
  severity === "severe" ? "The run is paused." : "Try another way, or finish.";

/** A page that uses three words of the goal, or all of a short one's: where no analyst draws records, this is the yield. */
function isRelevant(text: string, asked: Asked): boolean {
  const wanted = asked.stems.size;
  return wanted > 1 && shared(asked.stems, stemsOf(text.slice(0, 20_000))).length >= Math.min(3, wanted);
}
