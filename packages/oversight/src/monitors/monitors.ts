/** All monitors of a run behind one port: events in, signals out; the same events give the same signals. */
import type { Recorded } from "@candor/store";
import type { Consultant } from "./classifiers/classifier.ts";
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
  /** Asks the classifiers that take time, where there are any. Never throws. */
  consult?(signal: AbortSignal): Promise<Signal[]>;
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

/**
 * @param more monitors besides the built-in ones, such as a trained classifier
 * @param consultants classifiers that take time
 */
export function createMonitors(more: readonly Monitor[] = [], consultants: readonly Consultant[] = []): Monitors {
  const all = [...builtIn(), ...more];
  return {
    observe(event) {
      for (const consultant of consultants) consultant.observe(event);
      // What a monitor said is no news to the others.
      if (event.event.type === "signal.raised") return [];
      return all.flatMap((monitor) => monitor.observe(event));
    },
    ...(consultants.length > 0 && {
      consult: async (signal: AbortSignal) =>
        (await Promise.all(consultants.map((consultant) => consultant.consult(signal)))).flat(),
    }),
  };
}
