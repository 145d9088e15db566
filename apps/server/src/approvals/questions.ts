/** What runs ask a person, folded from their events. */
import { ancestorsOf, fold, openQuestion, questionHash, type RunState } from "@candor/agent";
import { effectivePermissions, type Grant, grantFor } from "@candor/oversight";
import type { RunSummary, Store } from "@candor/store";
import type { Question, WaitingQuestion } from "./schemas.ts";
import type { Standing } from "./standing.ts";

/** A run that ends with one of these is at work, or over: it waits for nobody. */
const BUSY = new Set([
  "run.started",
  "step.proposed",
  "step.intended",
  "step.done",
  "mind.failed",
  "child.started",
  "run.finished",
  "run.stopped",
  "run.failed",
]);

interface Seen {
  events: number;
  question: WaitingQuestion | undefined;
}

export class Questions {
  readonly #store: Pick<Store, "log" | "runs">;
  readonly #standing: Standing;
  /** A run whose log has not grown asks what it asked. */
  #seen = new Map<string, Seen>();

  constructor(store: Pick<Store, "log" | "runs">, standing: Standing) {
    this.#store = store;
    this.#standing = standing;
  }

  async of(state: RunState): Promise<Question | undefined> {
    const open = openQuestion(state);
    if (!open) return undefined;
    const unknownOutcome = open.intended !== undefined;
    const grant = await this.grant(state);
    const above = await ancestorsOf(this.#store.log, state.started);
    return {
      step: open.step,
      decision: open.decision,
      argsHash: questionHash(open),
      ...(open.effect && { effect: open.effect }),
      reason: unknownOutcome
        ? "The work was cut off while this was under way; it is not known whether it happened."
        : (open.verdict?.reason ?? ""),
      rule: open.verdict?.rule ?? "",
      unknownOutcome,
      chain: [...above, { run: state.run, goal: state.started.goal }],
      scopes: grant ? ["once", "run", "always"] : ["once"],
      ...(grant && { grant: grant.sentence }),
      askedAt: open.askedAt ?? 0,
      ...(open.expiresAt !== undefined && !unknownOutcome && { expiresAt: open.expiresAt }),
      ...(open.escalatedTo && { escalatedTo: open.escalatedTo }),
    };
  }

  /** What a yes beyond this step would allow; null where it can be allowed only once. */
  async grant(state: RunState): Promise<Grant | null> {
    const open = openQuestion(state);
    if (!open?.verdict || !open.effect || open.intended) return null;
    const granted = state.grants.map(({ rule }) => rule);
    return grantFor({
      tool: { name: open.decision.tool, effect: open.effect },
      args: open.decision.args,
      permissions: effectivePermissions(state.started.permissions, granted, await this.#standing.ids()),
      verdict: open.verdict,
    });
  }

  /** Over all runs, the longest waiting first. */
  async all(): Promise<WaitingQuestion[]> {
    const seen = new Map<string, Seen>();
    for (const row of await this.#store.runs.list()) {
      if (row.erased || BUSY.has(row.lastType)) continue;
      const before = this.#seen.get(row.run);
      seen.set(row.run, before?.events === row.events ? before : await this.#look(row));
    }
    this.#seen = seen;
    return [...seen.values()].flatMap(({ question }) => question ?? []).sort((a, b) => a.askedAt - b.askedAt);
  }

  async #look({ run, events }: RunSummary): Promise<Seen> {
    const read = await this.#store.log.read(run).catch(() => []);
    // A log that does not open, or is no run's, asks nothing that could be answered.
    if (read[0]?.event.type !== "run.started") return { events, question: undefined };
    const state = fold(run, read);
    const question = await this.of(state);
    return { events: state.seq, question: question && { ...question, run, goal: state.started.goal } };
  }
}
