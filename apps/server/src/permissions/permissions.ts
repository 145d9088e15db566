/** Permissions as the API calls them. */
import { fold } from "@candor/agent";
import type { PriorJudgment } from "@candor/exposure";
import {
  type Permissions as Data,
  PermissionsError,
  parsePermissions,
  permissionsText,
  presets,
  resolvePermissions,
  ruleText,
} from "@candor/oversight";
import type { EventLog, EventOf } from "@candor/store";
import { operatorIn } from "../operator.ts";
import type { Towns } from "../towns.ts";
import { compare } from "./compare.ts";
import { replay } from "./replay.ts";
import type { Checked, PermissionsInput, Preset, RunPermissions, Simulation, TestRequest } from "./schemas.ts";

export interface PermissionsParts {
  home: string;
  log: EventLog;
  towns: Towns;
  priorJudgments(): Promise<PriorJudgment[]>;
}

export class Permissions {
  readonly #parts: PermissionsParts;

  constructor(parts: PermissionsParts) {
    this.#parts = parts;
  }

  presets(): Preset[] {
    return Object.entries(presets).map(([name, permissions]) => ({
      name,
      permissions,
      text: permissionsText(permissions),
    }));
  }

  check(given: PermissionsInput, name: string): Checked {
    try {
      return { permissions: read(given, name), problems: [] };
    } catch (error) {
      if (!(error instanceof PermissionsError)) throw error;
      const { problems, message, hint } = error;
      const whole = { line: 0, column: 0, path: "", message, hint };
      return { problems: problems.length > 0 ? [...problems] : [whole] };
    }
  }

  /** @param request.run the whole id @throws {PermissionsError} */
  async test({ run, permissions: given, name = "permissions" }: TestRequest): Promise<Simulation> {
    const permissions = given === undefined ? undefined : read(given, name);
    const { log, home, towns, priorJudgments } = this.#parts;
    const events = await log.read(run);
    const { started } = fold(run, events);
    const rows = replay(events, permissions, {
      operator: await operatorIn(home, towns, started.world),
      above: await this.#above(started),
      priorJudgments: await priorJudgments(),
    });
    const own = resolvePermissions(started.permissions);
    return compare(run, own.name, permissions ?? own, rows);
  }

  /** @param run the whole id */
  async of(run: string): Promise<RunPermissions> {
    const { started, autonomy } = fold(run, await this.#parts.log.read(run));
    const permissions = resolvePermissions(started.permissions);
    return { run, permissions, rules: permissions.rules.map(ruleText), autonomy, climbs: started.climbs ?? false };
  }

  async #above(started: EventOf<"run.started">): Promise<string[]> {
    const above: string[] = [];
    for (let parent = started.parent; parent; ) {
      above.unshift(parent.run);
      const first = (await this.#parts.log.read(parent.run).catch(() => []))[0]?.event;
      parent = first?.type === "run.started" ? first.parent : undefined;
    }
    return above;
  }
}

/** A preset by its name, the text of a file, or data. */
function read(given: PermissionsInput, name: string): Data {
  if (typeof given !== "string" || Object.hasOwn(presets, given)) return resolvePermissions(given);
  return parsePermissions(given, name);
}
