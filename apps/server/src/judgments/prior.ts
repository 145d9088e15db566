/** "Not me" and "that is me", kept for later audits. */
import { createAnalyst, type PriorJudgment, provenIn } from "@candor/exposure";
import type { EventLog, Recorded, Runs } from "@candor/store";

/** What was said in all audits so far, read once and kept until it is forgotten. */
export class Prior {
  readonly #runs: Pick<Runs, "list">;
  readonly #log: Pick<EventLog, "read">;
  #said: Promise<PriorJudgment[]> | undefined;

  constructor(runs: Pick<Runs, "list">, log: Pick<EventLog, "read">) {
    this.#runs = runs;
    this.#log = log;
  }

  all = (): Promise<PriorJudgment[]> => {
    this.#said ??= this.#read();
    // What could not be read now may be later.
    this.#said.catch(() => this.forget());
    return this.#said;
  };

  /** When something was said, or a run that it was said of is erased. */
  forget(): void {
    this.#said = undefined;
  }

  async #read(): Promise<PriorJudgment[]> {
    const audits = (await this.#runs.list()).filter((row) => !row.erased && row.started?.kind === "audit");
    return (await Promise.all(audits.map(async ({ run }) => judgmentsIn(await this.#log.read(run))))).flat();
  }
}

/** What the operator said of a run's findings, with the finding's kind and value, which are the same in every run. */
export function judgmentsIn(events: readonly Recorded[]): PriorJudgment[] {
  const said = events.flatMap(({ event }) => (event.type === "finding.judged" ? [event] : []));
  if (said.length === 0) return [];
  const proven = provenIn(events);
  const analyst = createAnalyst(proven?.seeds ?? { names: [], usernames: [], sites: [] }, {
    proven: (proven?.proofs ?? []).map((p) => p.site),
  });
  // As the findings stood before they were judged: a finding that was judged away is no longer among them.
  const unjudged = events.filter(({ event }) => event.type !== "finding.judged");
  const findings = new Map(analyst.findings(unjudged).map((finding) => [finding.id, finding]));
  return said.flatMap(({ finding, judgment }) => {
    const known = findings.get(finding);
    return known ? [{ finding, kind: known.kind, value: known.value, judgment }] : [];
  });
}
