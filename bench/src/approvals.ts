/** Thousands of random histories of trees of runs, with the real warden and guard: what was not allowed never happens. */
import type { GuardRequest, RunState } from "@candor/agent";
import { type Account, type Lots, type Oversight, playHistory } from "@candor/agent/testing/histories";
import { createGuard, effectivePermissions, grantFor, type Permissions } from "@candor/oversight";
import { type Bench, figure, goal, option } from "./bench.ts";
import { lots } from "./lots.ts";

const HISTORIES = 5_000;
const SEED = 7;

/** The last word of what a call is about says what is wanted of it. */
const permissions: Permissions = {
  name: "bench",
  default: "ask",
  rules: [
    { outcome: "deny", argument: { what: " deny$" } },
    { outcome: "allow", argument: { what: " allow$" } },
    { outcome: "allow", tool: ["spawn", "wait", "finish"] },
  ],
};

const guard = createGuard();
const NONE: ReadonlySet<number> = new Set();

const oversight: Oversight = {
  permissions,
  judge: (request: GuardRequest) => guard.judge(request),
  effective: async (given, grants) => effectivePermissions(given, grants, NONE),
  grant: ({ steps, started, grants }: RunState) => {
    const open = steps.at(-1);
    if (!open?.verdict || !open.effect) return undefined;
    const inForce = effectivePermissions(
      started.permissions,
      grants.map(({ rule }) => rule),
      NONE,
    );
    const { tool: name, args } = open.decision;
    return grantFor({ tool: { name, effect: open.effect }, args, permissions: inForce, verdict: open.verdict })?.rule;
  },
};

export const approvals: Bench = {
  name: "approvals",
  description:
    "random histories of trees of runs: cuts, two workers, late and muddled answers (--histories N, --seed S)",
  duration: "2 min",
  run: async ({ args, note }) => {
    const histories = Number(option(args, "histories") ?? HISTORIES);
    const random = lots(Number(option(args, "seed") ?? SEED));
    const pick: Lots = (below) => Math.floor(random() * below);
    const count = { declined: 0, twice: 0, misattributed: 0, lost: 0, chains: 0, beyond: 0 };
    const size = { answers: 0, effects: 0, cuts: 0, runs: 0 };
    for (let played = 0; played < histories; played++) {
      const account = await playHistory(pick, oversight);
      add(size, account);
      count.declined += account.declinedExecuted.length;
      count.twice += account.approvedTwice.length;
      count.misattributed += account.misattributed.length;
      count.lost += account.lost.length;
      count.chains += account.wrongChains.length;
      count.beyond += account.beyondParent.length;
      if (played % 1_000 === 999) note(`${played + 1} histories`);
    }
    note(
      "Each history is a tree of up to 6 runs. Its answers come from any question ever shown, in any order; one in five carries " +
        "another question's hash. The books of what was shown and answered are kept apart from the log that is checked.",
    );
    const name = "trees of runs";
    return [
      goal("declined_executed", name, count.declined, "= 0"),
      goal("approved_twice", name, count.twice, "= 0"),
      goal("misattributed", name, count.misattributed, "= 0"),
      goal("answers_lost", name, count.lost, "= 0"),
      goal("wrong_chains", name, count.chains, "= 0"),
      goal("beyond_parent", name, count.beyond, "= 0"),
      figure("histories", name, histories),
      figure("runs", name, size.runs),
      figure("answers", name, size.answers),
      figure("effects", name, size.effects),
      figure("cuts", name, size.cuts),
    ];
  },
};

function add(size: { answers: number; effects: number; cuts: number; runs: number }, account: Account): void {
  for (const key of ["answers", "effects", "cuts", "runs"] as const) size[key] += account[key];
}
