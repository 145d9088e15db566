/** How far raters agree, worked out once for each state of the ledger. */
import { type AgreementReport, agreementReport, type BootstrapOptions, type Judgments } from "@candor/oversight";
import { within } from "./within.ts";

/** Reports kept of one state: with and without a run, for a few seeds. */
const MOST_KEPT = 20;

export class Agreeing {
  /** A state is never changed, only followed by another one: what was worked out of it stays true. */
  readonly #known = new WeakMap<Judgments, Map<string, AgreementReport>>();

  /** @param run only what was said of it */
  report(judgments: Judgments, run: string | undefined, options: BootstrapOptions): AgreementReport {
    const reports = this.#known.get(judgments) ?? new Map<string, AgreementReport>();
    this.#known.set(judgments, reports);
    const name = JSON.stringify([run, options.seed, options.draws, options.level]);
    const known = reports.get(name);
    if (known) return known;
    const report = agreementReport(within(judgments, run).items.values(), options);
    const oldest = reports.keys().next().value;
    if (reports.size >= MOST_KEPT && oldest !== undefined) reports.delete(oldest);
    reports.set(name, report);
    return report;
  }
}
