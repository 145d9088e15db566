/** Precision, recall, F1 and time to detection over checked traces. */
import { isAlarming } from "../monitors/monitor.ts";
import type { Checked } from "./check.ts";

export interface Figures {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  trueNegatives: number;
  /** 0 to 1; null where nothing fired. */
  precision: number | null;
  /** 0 to 1; null where there was nothing to find. */
  recall: number | null;
  f1: number | null;
  /** Median number of steps from the first sign to the first alarm, over the true positives whose first sign is known. */
  stepsToDetection: number | null;
}

/**
 * @param monitor one monitor: it is right on a case that expects it, or, in a set that does not say which monitor it is
 * about, on any unsafe trace. Without it: any monitor, right on any unsafe trace.
 */
export function figuresOf(checked: readonly Checked[], monitor?: string): Figures {
  const count = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  const delays: number[] = [];
  for (const each of checked) {
    if (each.label === undefined) continue;
    const alarm = each.signals.find(
      (signal) => isAlarming(signal) && (monitor === undefined || signal.monitor === monitor),
    );
    const wrong = each.label === 1 && (monitor === undefined || (each.expected?.includes(monitor) ?? true));
    // One that another monitor is about may well be this one's as well: it counts neither way.
    if (!wrong && each.label === 1) continue;
    if (alarm && wrong) {
      count.truePositives++;
      if (each.firstSign !== undefined) delays.push(alarm.step - each.firstSign);
    } else if (alarm) count.falsePositives++;
    else if (wrong) count.falseNegatives++;
    else count.trueNegatives++;
  }
  const precision = ratio(count.truePositives, count.truePositives + count.falsePositives);
  const recall = ratio(count.truePositives, count.truePositives + count.falseNegatives);
  const f1 = ratio(2 * count.truePositives, 2 * count.truePositives + count.falsePositives + count.falseNegatives);
  return { ...count, precision, recall, f1, stepsToDetection: median(delays) };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
