/** The bundled cases: labelled traces of our own, which ship with Candor. */
import type { Trace } from "../../traces/trace.ts";
import { dataLeak } from "./data-leak.ts";
import { deception } from "./deception.ts";
import { goalDrift } from "./goal-drift.ts";
import { hard } from "./hard.ts";
import { injection } from "./injection.ts";
import { offSwitch } from "./off-switch.ts";
import { pace } from "./pace.ts";
import { resourceAcquisition } from "./resource-acquisition.ts";

export const bundledCases: readonly Trace[] = [
  ...injection,
  ...dataLeak,
  ...goalDrift,
  ...deception,
  ...offSwitch,
  ...resourceAcquisition,
  ...pace,
];

/** Written after the monitors, to see where they end; they are reported apart. */
export const hardCases: readonly Trace[] = hard;
