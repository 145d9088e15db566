/**
 * Lets runs act: for each a chain of tokens from the operator down, each signed by the one above. Chains are made anew while
 * a run is at work, live for minutes, and are made for no run that is over or under one that is: a stop takes them back.
 */
import { fold, isOver } from "@candor/agent";
import { type Actor, actorName, type Delegated, delegate, verifyDelegation } from "@candor/agent-identity";
import { resolvePermissions } from "@candor/oversight";
import { EffectClass, type EventLog, type EventOf, type WorldConfig } from "@candor/store";
import { badInput } from "../failure.ts";
import type { AgentKeys } from "./keys.ts";

/** How long a chain holds, in seconds. It bounds what an offline verifier may take after a stop. */
const LIFETIME_S = 600;

interface Link {
  run: string;
  started: EventOf<"run.started">;
}

export class Delegations {
  readonly #keys: AgentKeys;
  readonly #log: EventLog;
  readonly #operatorIn: (world: WorldConfig) => Promise<string>;

  /** @param operatorIn who answers for the runs of a world */
  constructor(keys: AgentKeys, log: EventLog, operatorIn: (world: WorldConfig) => Promise<string>) {
    this.#keys = keys;
    this.#log = log;
    this.#operatorIn = operatorIn;
  }

  /** @throws Failure when the run, or one above it, is over */
  async issue(run: string, now: number = Date.now()): Promise<string> {
    const links = await this.#lineage(run);
    const [first] = links;
    if (first === undefined) throw badInput(`there is no run ${run}`);
    const operator = { name: await this.#operatorIn(first.started.world), key: this.#keys.operator.public };
    const expires = Math.floor(now / 1000) + LIFETIME_S;
    const tokens: string[] = [];
    let issuer = this.#keys.operator;
    let parent: Actor | undefined;
    let scopes: readonly string[] = EffectClass.options;
    for (const { run, started } of links) {
      const key = this.#keys.run(run);
      const own = allowedEffects(started.permissions);
      scopes = scopes.filter((scope) => own.includes(scope));
      tokens.push(
        await delegate({ operator, issuer, ...(parent && { parent }), run, key: key.public, scopes, expires, now }),
      );
      parent = { sub: actorName(run), ...(parent && { act: parent }) };
      issuer = key;
    }
    return tokens.join("~");
  }

  /** Whether a chain is one of this home's, and its runs are still at work. */
  async verify(
    chain: string,
    now: number = Date.now(),
  ): Promise<({ ok: true } & Delegated) | { ok: false; reason: string }> {
    return verifyDelegation(chain, {
      operator: this.#keys.operator.public,
      now,
      isRevoked: async (run) => {
        const events = await this.#log.read(run).catch(() => []);
        return events.length === 0 || isOver(fold(run, events));
      },
    });
  }

  /** From the run that the operator started down to this one. */
  async #lineage(run: string): Promise<Link[]> {
    const links: Link[] = [];
    for (let id: string | undefined = run; id !== undefined; ) {
      const events = await this.#log.read(id);
      if (events.length === 0) throw badInput(`there is no run ${id}`);
      const state = fold(id, events);
      if (isOver(state)) throw badInput(`run ${id} is ${state.status}: nobody acts for the operator in it any more`);
      links.unshift({ run: id, started: state.started });
      id = state.started.parent?.run;
    }
    return links;
  }
}

/** Effect classes that the permissions do not deny outright. */
function allowedEffects(given: unknown): string[] {
  const permissions = resolvePermissions(given);
  const layers = [permissions, ...(permissions.within ?? [])];
  return EffectClass.options.filter((effect) =>
    layers.every(({ rules, default: otherwise }) => {
      const about = rules.filter((rule) => rule.effect === undefined || [rule.effect].flat().includes(effect));
      const denied = about.some((rule) => rule.outcome === "deny" && isBroad(rule));
      const allowed = otherwise === "ask" || about.some((rule) => rule.outcome !== "deny");
      return allowed && !denied;
    }),
  );
}

/** A rule that speaks of everything of its effect. */
const isBroad = ({ tool, host, label, argument }: ReturnType<typeof resolvePermissions>["rules"][number]): boolean =>
  [tool, host, label, argument].every((condition) => condition === undefined);
