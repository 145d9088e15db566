/**
 * A tree of runs that lives through a random history: work cut off at any append, taken up again, by two workers at once, and
 * people who answer in any order, from what they saw long ago, with the wrong hash, twice, too late. Whoever plays it keeps
 * its own books of what was shown and what was answered, and holds what happened against them; the fold is not asked.
 */
import type { Verdict } from "@candor/store";
import type { GuardRequest } from "../../ports.ts";
import { ancestorsOf } from "../ancestors.ts";
import { AnswerError, answerQuestion, expireQuestion } from "../answer.ts";
import { questionHash } from "../approval.ts";
import { createWorld, type Deed, decide, started, type World } from "../fixture.ts";
import { fold, isOver, openChildren, openQuestion, type RunState } from "../state.ts";
import { Books, type Shown } from "./books.ts";

/** A number from 0 to `below` - 1. All of a history follows from these. */
export type Lots = (below: number) => number;

/** What stands for oversight. A tool call says in `what` which verdict it wants: `3 ask`. */
export interface Oversight {
  permissions: unknown;
  judge(request: GuardRequest): Verdict;
  effective(permissions: unknown, grants: readonly unknown[]): Promise<unknown>;
  /** The rule that "for this run" gives, or undefined where there is none. */
  grant(state: RunState): unknown;
}

export interface Account {
  /** Effects of a step that a person declined, that expired, or that nobody ever allowed. */
  declinedExecuted: Deed[];
  /** Effects that cannot be taken back and happened twice on one yes. */
  approvedTwice: Deed[];
  /** Effects let through by an answer to another run, another step, or other arguments. */
  misattributed: Deed[];
  /** Steps that were allowed, in runs that came to their end, and never happened. */
  lost: Shown[];
  /** Chains of askers that were wrong. */
  wrongChains: Shown[];
  /** Runs with a limit above their parent's, with other permissions, or that spent more steps than they had. */
  beyondParent: string[];
  answers: number;
  effects: number;
  cuts: number;
  runs: number;
}

type Plan = ({ tool: "send" | "look"; verdict: Verdict["outcome"] } | { tool: "spawn"; plan: Plan })[];

const EXPIRE_AFTER_S = 100;
const MOST_MOVES = 60;

export async function playHistory(lots: Lots, oversight: Oversight): Promise<Account> {
  const history = new History(lots, oversight);
  await history.play();
  return history.account();
}

class History {
  readonly #lots: Lots;
  readonly #plans: Plan[] = [];
  readonly #books = new Books();
  readonly #oversight: Oversight;
  readonly #world: World;
  #now = 1_000_000;
  #cuts = 0;

  constructor(lots: Lots, oversight: Oversight) {
    this.#lots = lots;
    this.#oversight = oversight;
    this.#plan(0);
    this.#world = createWorld({
      script: (run, step) => this.#next(run, step),
      parts: { guard: { judge: (request) => oversight.judge(request) } },
      warden: {
        now: () => this.#now,
        expireAfter: EXPIRE_AFTER_S,
        effective: (permissions, grants) => oversight.effective(permissions, grants),
      },
    });
    this.#world.log.clock = () => this.#now;
  }

  /** Actions of one run; those of its children are plans of their own. */
  #plan(depth: number): Plan {
    const plan: Plan = [];
    this.#plans.push(plan);
    for (let left = 1 + this.#lots(4); left > 0; left--) {
      const kind = this.#lots(depth < 2 && this.#plans.length < 6 ? 8 : 6);
      if (kind >= 6) plan.push({ tool: "spawn", plan: this.#plan(depth + 1) });
      else {
        const verdict = (["ask", "ask", "ask", "allow", "deny"] as const)[this.#lots(5)] ?? "ask";
        plan.push({ tool: kind === 0 ? "look" : "send", verdict });
      }
    }
    return plan;
  }

  #next(run: string, step: number) {
    const events = this.#world.log.runs.get(run) ?? [];
    const state = fold(run, events);
    const plan = this.#plans[Number(/\d+$/.exec(state.started.goal)?.[0] ?? 0)] ?? [];
    const action = plan[step - 1];
    if (!action)
      return openChildren(state).length > 0 && step < 30 ? decide("wait") : decide("finish", { summary: "done" });
    if (action.tool === "spawn") return decide("spawn", { goal: `plan ${this.#plans.indexOf(action.plan)}` });
    return decide(action.tool, { what: `${run}.${step} ${action.verdict}` });
  }

  async play(): Promise<void> {
    const { log, queue } = this.#world;
    const { permissions } = this.#oversight;
    const budget = { ...started().budget, steps: 200, seconds: 1_000_000 };
    await log.append("r1", 0, [started({ goal: "plan 0", permissions, budget })]);
    queue.push("r1");
    for (let move = 0; move < MOST_MOVES && !this.#allOver(); move++) {
      const kind = this.#lots(10);
      if (kind < 4) await this.#work();
      else if (kind < 8) await this.#answer();
      else if (kind === 8) await this.#restart();
      else await this.#passTime();
      await this.#look();
    }
    await this.#toTheEnd();
  }

  /** Works on a run that was asked for; now and then on two servers, now and then cut off before or after an append. */
  async #work(): Promise<void> {
    const { queue, log } = this.#world;
    const run = queue.splice(this.#lots(Math.max(1, queue.length)), 1)[0];
    if (run === undefined) return;
    log.cut = this.#lots(3) === 0 ? { at: log.appends + 1 + this.#lots(6), written: this.#lots(2) === 0 } : undefined;
    const workers = this.#lots(6) === 0 ? [run, run] : [run];
    const ended = await Promise.allSettled(workers.map((each) => this.#world.work(each)));
    log.cut = undefined;
    if (ended.some(({ status }) => status === "rejected")) {
      this.#cuts++;
      queue.push(run);
    }
  }

  /** Whatever was under way is gone; every run that is open is looked at again, in any order. */
  async #restart(): Promise<void> {
    const { queue } = this.#world;
    queue.length = 0;
    for (const { run } of this.#states().filter((state) => !isOver(state)))
      queue.splice(this.#lots(queue.length + 1), 0, run);
  }

  async #passTime(): Promise<void> {
    this.#now += this.#lots(2) === 0 ? 1_000 : EXPIRE_AFTER_S * 1_000;
    for (const { run } of this.#states()) {
      const asks = this.#openQuestion(run);
      if (asks && (await expireQuestion(this.#world.log, run, () => this.#now))) {
        this.#books.expired(asks);
        this.#world.queue.push(run);
      }
    }
  }

  /** Writes down what is being asked, as a page would show it. */
  async #look(): Promise<void> {
    for (const state of this.#states()) {
      const asks = this.#openQuestion(state.run);
      if (!asks || this.#books.find(asks)) continue;
      const chain = (await ancestorsOf(this.#world.log, state.started)).map(({ run }) => run);
      this.#books.show(asks, chain.join() === this.#lineOf(state.run).join());
    }
  }

  /** The line above a run, told by what each parent said when it began a child. */
  #lineOf(run: string): string[] {
    const parent = this.#states().find((state) => state.children.has(run));
    return parent ? [...this.#lineOf(parent.run), parent.run] : [];
  }

  #openQuestion(run: string): Shown | undefined {
    const state = fold(run, this.#world.log.runs.get(run) ?? []);
    const open = openQuestion(state);
    if (!open) return undefined;
    const what = String(open.decision.args.what);
    return { run, step: open.step, argsHash: questionHash(open), what, unknown: open.intended !== undefined };
  }

  /** Any question that was ever shown, answered in any way, sometimes with what belongs to another. */
  async #answer(): Promise<void> {
    const shown = this.#books.shown;
    const asks = shown[this.#lots(Math.max(1, shown.length))];
    if (!asks) return;
    const other = shown[this.#lots(shown.length)] ?? asks;
    const muddled = this.#lots(5) === 0;
    const answered = muddled ? { ...asks, argsHash: other.argsHash } : asks;
    // By chance that may be another question about the same step.
    await this.#give(this.#books.find(answered) ?? answered, this.#lots(8));
  }

  async #give(asks: Shown, kind: number): Promise<void> {
    const { log, queue, deeds } = this.#world;
    const base = { step: asks.step, argsHash: asks.argsHash, message: "", by: "somebody" };
    const state = fold(asks.run, log.runs.get(asks.run) ?? []);
    const happened = deeds.some(({ run, step, tool }) => run === asks.run && step === asks.step && tool === "send");
    // About what may have happened they tell the truth.
    const answer = asks.unknown
      ? ({ ...base, answer: happened ? "reject" : "approve" } as const)
      : kind === 0
        ? ({ ...base, answer: "reject" } as const)
        : kind === 1
          ? ({ ...base, answer: "escalate", to: "somebody else" } as const)
          : kind === 2
            ? ({ ...base, answer: "modify", args: { what: this.#otherWords(asks) } } as const)
            : kind === 3
              ? ({ ...base, answer: "approve", scope: "run", grant: this.#oversight.grant(state) } as const)
              : kind === 4 && this.#lots(4) === 0
                ? ({ ...base, answer: "terminate" } as const)
                : ({ ...base, answer: "approve" } as const);
    try {
      await answerQuestion(log, asks.run, answer, () => this.#now);
    } catch (error) {
      if (error instanceof AnswerError) return;
      throw error;
    }
    this.#books.answered(asks, answer);
    if (answer.answer !== "escalate" && this.#lots(4) > 0) queue.push(asks.run);
  }

  #otherWords({ what }: Shown): string {
    const verdict = ["ask", "allow", "deny"][this.#lots(3)] ?? "ask";
    return `${what.split(" ")[0]}' ${verdict}`;
  }

  /** Everybody is patient again: what is left is worked on and answered until all is over. */
  async #toTheEnd(): Promise<void> {
    for (let round = 0; round < 200 && !this.#allOver(); round++) {
      await this.#restart();
      await this.#world.drain();
      await this.#look();
      for (const { run } of this.#states()) {
        const asks = this.#openQuestion(run);
        if (asks) await this.#give(asks, this.#lots(2) === 0 ? 0 : 7);
      }
    }
    const open = this.#states().filter((state) => !isOver(state));
    const [first] = open;
    if (first)
      throw new Error(
        `run ${first.run} is ${first.status} for ever after ${JSON.stringify(first.events.slice(-4).map(({ event }) => event))}`,
      );
  }

  #states(): RunState[] {
    return [...this.#world.log.runs].map(([run, events]) => fold(run, events));
  }

  #allOver(): boolean {
    return this.#states().every(isOver);
  }

  account(): Account {
    const sends = this.#world.deeds;
    const ended = new Set(
      this.#states()
        .filter(({ status, reason }) => status === "finished" && reason === "the mind is done")
        .map(({ run }) => run),
    );
    return {
      ...this.#books.judge(sends, ended),
      beyondParent: this.#states()
        .filter((state) => this.#isBeyondParent(state))
        .map(({ run }) => run),
      answers: this.#books.accepted,
      effects: sends.length,
      cuts: this.#cuts,
      runs: this.#world.log.runs.size,
    };
  }

  #isBeyondParent({ started: own, spent }: RunState): boolean {
    const above = this.#states().find(({ run }) => run === own.parent?.run)?.started;
    if (spent.steps > own.budget.steps) return true;
    if (!above) return false;
    const limits = ["steps", "tokens", "usd", "seconds", "pages", "pagesPerHost"] as const;
    return (
      limits.some((limit) => own.budget[limit] > above.budget[limit]) ||
      JSON.stringify(own.permissions) !== JSON.stringify(above.permissions)
    );
  }
}
