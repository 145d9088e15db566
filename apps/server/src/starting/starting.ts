/** How runs begin: asked for, due by a schedule, or forked from another; and what is refused before there is one. */
import { createInference, forkRun, type MindPool } from "@candor/agent";
import { isOwnTool } from "@candor/oversight";
import type { EventOf, MindConfig, Store } from "@candor/store";
import type { Fork, StartRun } from "../api/schemas.ts";
import type { Approvals } from "../approvals/approvals.ts";
import { inferenceOptions } from "../assemble.ts";
import type { Autonomy } from "../autonomy/autonomy.ts";
import type { Config } from "../config.ts";
import { badInput, toFailure } from "../failure.ts";
import type { OffSwitch } from "../off-switch/off-switch.ts";
import { ownWords } from "../operator.ts";
import type { Runs } from "../runs.ts";
import type { SmallModels } from "../small-models.ts";
import type { Towns } from "../towns.ts";
import { VERSION } from "../version.ts";
import { firstEvent } from "./first-event.ts";
import { refuseMisuse } from "./refuse-misuse.ts";

export interface StartingOptions {
  home: string;
  config: Config;
  store: Store;
  minds: MindPool;
  smallModels: SmallModels;
  towns: Towns;
  runs: Runs;
  offSwitch: OffSwitch;
  approvals: Approvals;
  autonomy: Autonomy;
}

export class Starting {
  readonly #options: StartingOptions;

  constructor(options: StartingOptions) {
    this.#options = options;
  }

  async start(request: StartRun): Promise<{ run: string }> {
    const run = this.#options.store.runs.newRunId();
    await this.#begin(request, run);
    return { run };
  }

  /** A run that is due and cannot begin, since a proof has lapsed for one, is a failed run: nobody is there to be told. */
  async startDue(request: StartRun, run: string): Promise<void> {
    try {
      await this.#begin(request, run);
    } catch (error) {
      const { message, hint } = toFailure(error);
      const goal = `The ${request.kind} that repeats by itself`;
      await this.#options.store.log.append(run, 0, [
        firstEvent({ ...request, goal }, this.#options.minds.isolation),
        { type: "run.failed", reason: hint ? `${message} (${hint})` : message },
      ]);
    }
  }

  /** The first event of a run, after everything that would keep it from running at all. */
  async prepared(request: StartRun): Promise<EventOf<"run.started">> {
    const { home, minds, towns, offSwitch, approvals, autonomy } = this.#options;
    offSwitch.refuse();
    const first = firstEvent(request, minds.isolation);
    if (first.world.kind === "web") refuseMisuse(first.kind, first.goal, home);
    // A town that cannot be built is the asker's error, before there is a run.
    const masked = await ownWords(home, towns, first.world);
    const odd = first.tools?.find((tool) => !isOwnTool(tool) && !tool.startsWith("mcp_"));
    if (odd)
      throw badInput(
        `there is no tool ${odd}`,
        "Tools are search, open, remember, write_file and so on; those of MCP servers begin with mcp_.",
      );
    await this.#mustThink(first.mind, first.kind);
    return {
      ...first,
      goal: masked(first.goal),
      permissions: await approvals.standing.addTo(first.permissions),
      ...(request.mode === "earned" && { mode: await autonomy.earned(first.mind) }),
    };
  }

  async fork(run: string, { step, mind, budget, permissions }: Fork): Promise<{ run: string }> {
    const { home, store, minds, runs, offSwitch, approvals } = this.#options;
    offSwitch.refuse();
    const { started } = await runs.state(run);
    if (started.world.kind === "web") refuseMisuse(started.kind, started.goal, home);
    if (mind) await this.#mustThink(mind, started.kind);
    const fork = store.runs.newRunId();
    await forkRun(store.log, run, step, fork, {
      version: VERSION,
      isolation: minds.isolation,
      ...(mind && { mind }),
      ...(budget && { budget }),
      ...(permissions !== undefined && { permissions: await approvals.standing.addTo(permissions) }),
    });
    await store.engine.enqueue(fork);
    return { run: fork };
  }

  /** A model that cannot be called is the asker's error: unknown, without its key or its server's address, not in its folder. */
  async #mustThink(mind: MindConfig, kind: StartRun["kind"]): Promise<void> {
    if (mind.kind === "llm") createInference(mind, inferenceOptions(this.#options.config));
    if (mind.judgedBy !== undefined) await this.#options.smallModels.judge(mind.judgedBy);
    else if (mind.bestOf !== undefined)
      throw badInput(
        "nobody ranks several proposals",
        "Give --judged-by a folder that candor train mind --reward made.",
      );
    if (mind.kind !== "small") return;
    if (kind !== "audit") throw badInput("the small mind knows self-audits only", "Take --mind scout or llm.");
    await this.#options.smallModels.of(mind.model);
  }

  async #begin(request: StartRun, run: string): Promise<void> {
    const { store, offSwitch } = this.#options;
    const first = await this.prepared(request);
    await offSwitch.begin(run, () => store.log.append(run, 0, [first]));
    await store.engine.enqueue(run);
  }
}
