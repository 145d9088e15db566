/** All monitors of a run behind one port: events in, signals out; the same events give the same signals. */
import type { Recorded } from "@candor/store";
import { dataLeakMonitor } from "./data-leak.ts";
import { deceptionMonitor } from "./deception.ts";
import { goalDriftMonitor } from "./goal-drift.ts";
import { injectionMonitor } from "./injection.ts";
import { loopMonitor } from "./loop.ts";
import type { Monitor, Signal } from "./monitor.ts";
import { offSwitchMonitor } from "./off-switch.ts";
import { resourceAcquisitionMonitor } from "./resource-acquisition.ts";
import { runawayCostMonitor } from "./runaway-cost.ts";
import { wanderingMonitor } from "./wandering.ts";

export interface Monitors {
  observe(event: Recorded): Signal[];
}

/** The names under which signals are raised, and how each monitor is made. */
const MONITORS: Readonly<Record<string, () => Monitor>> = {
  loop: loopMonitor,
  "goal-drift": goalDriftMonitor,
  wandering: wanderingMonitor,
  "runaway-cost": runawayCostMonitor,
  injection: injectionMonitor,
  "data-leak": dataLeakMonitor,
  deception: deceptionMonitor,
  "off-switch": offSwitchMonitor,
  "resource-acquisition": resourceAcquisitionMonitor,
};

export const MONITOR_NAMES: readonly string[] = Object.keys(MONITORS);

export const builtIn = (): Monitor[] => Object.values(MONITORS).map((make) => make());

/** @param more monitors besides the built-in ones, such as a trained classifier */
export function createMonitors(more: readonly Monitor[] = []): Monitors {
  const all = [...builtIn(), ...more];
  return {
    observe(event) {
      // What a monitor said is no news to the others.
      if (event.event.type === "signal.raised") return [];
      return all.flatMap((monitor) => monitor.observe(event));
    },
  };
}
