/** A request as the first event of its run. */
import { resolvePermissions } from "@candor/oversight";
import { Budget, type EventOf } from "@candor/store";
import { StartRun } from "../api/schemas.ts";
import { AUDIT_BUDGET, RUN_BUDGET, WANTED } from "../defaults.ts";
import { badInput } from "../failure.ts";
import { VERSION } from "../version.ts";

/** @param isolation of the mind processes that will decide in it */
export function firstEvent(given: StartRun, isolation: string): EventOf<"run.started"> {
  const request = StartRun.parse(given);
  const { kind, world, mind, mode, climbs, tools, seed, since, expireAfter } = request;
  const goal =
    request.goal ??
    (kind === "audit"
      ? "Find out what the web shows about me, text it to me, and tell me how to remove it."
      : undefined);
  if (!goal) throw badInput("a run needs a goal");
  return {
    type: "run.started",
    kind,
    goal,
    wanted: kind === "audit" ? WANTED : [],
    seed,
    world,
    mind,
    budget: Budget.parse({ ...(kind === "audit" ? AUDIT_BUDGET : RUN_BUDGET), ...request.budget }),
    permissions: resolvePermissions(request.permissions),
    // What is earned is looked up when the run begins.
    mode: mode === "earned" ? "propose" : mode,
    ...(climbs && { climbs }),
    ...(tools && { tools }),
    isolation,
    ...(since && { since }),
    ...(expireAfter && { expireAfter }),
    version: VERSION,
  };
}
