/** All monitors of a run behind one port: events in, signals out; the same events give the same signals. */
import type { Recorded } from "@candor/store";
import { dodgeMonitor, errorAsSuccessMonitor } from "./conduct.ts";
import { loopMonitor } from "./loop.ts";
import type { Signal } from "./monitor.ts";
import { baitMonitor, repeatPageMonitor } from "./pages.ts";
import { noProgressMonitor, spendMonitor } from "./progress.ts";

export interface Monitors {
  observe(event: Recorded): Signal[];
}

export function createMonitors(): Monitors {
  const all = [
    loopMonitor(),
    noProgressMonitor(),
    repeatPageMonitor(),
    errorAsSuccessMonitor(),
    spendMonitor(),
    baitMonitor(),
    dodgeMonitor(),
  ];
  return {
    observe(event) {
      // What a monitor said is no news to the others.
      if (event.event.type === "signal.raised") return [];
      return all.flatMap((monitor) => monitor.observe(event));
    },
  };
}
