/**
 * A run's events as spans, after the semantic conventions for generative AI: `invoke_agent` over the run, under it each
 * step, under that `chat` (or `decide`, where no model was asked) and `execute_tool`. What the conventions have no name
 * for is `candor.*`: verdicts, approvals, signals, autonomy and budget.
 */
import type { EventOf, Recorded, RunEvent } from "@candor/store";
import { ATTR_ERROR_TYPE, ATTR_SERVER_ADDRESS } from "@opentelemetry/semantic-conventions";
import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_AGENT_VERSION,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from "@opentelemetry/semantic-conventions/incubating";
import { type Attributes, attributes, nanosOf, type Span, spanId, traceId } from "./wire.ts";

/** Where a run stands among its relatives. */
export interface Place {
  /** The run that has no parent. */
  root: string;
  /** The root of the run that this one was forked from. */
  forkRoot?: string | undefined;
}

export interface SpanOptions {
  /** Thoughts, arguments and results too. They are masked, and still people's. */
  content?: boolean;
}

const INTERNAL = 1;
const CLIENT = 3;
const OVER = new Set(["run.finished", "run.stopped", "run.failed"]);

interface Open {
  step: number;
  proposed: Recorded<EventOf<"step.proposed">>;
  events: Span["events"];
  end: number;
  done?: Recorded<EventOf<"step.done">>;
  denied?: string;
  /** When it was last allowed. */
  clear: number;
}

/** @param events all of the run's, from `run.started` on */
export function spansOf(events: readonly Recorded[], place: Place, options: SpanOptions = {}): Span[] {
  const [first] = events;
  if (first?.event.type !== "run.started") throw new Error("a run begins with run.started");
  const folder = new Folder(first as Recorded<EventOf<"run.started">>, place, options);
  for (const event of events) folder.take(event);
  return folder.spans();
}

class Folder {
  readonly #run: string;
  readonly #started: EventOf<"run.started">;
  readonly #place: Place;
  readonly #content: boolean;
  readonly #from: number;
  #last: number;
  #tokens = { input: 0, output: 0 };
  #usd = 0;
  #end: { event: RunEvent; at: number } | undefined;
  readonly #steps = new Map<number, Open>();
  readonly #events: Span["events"] = [];
  readonly #failures: Span[] = [];

  constructor(first: Recorded<EventOf<"run.started">>, place: Place, options: SpanOptions) {
    this.#run = first.run;
    this.#started = first.event;
    this.#place = place;
    this.#content = options.content ?? false;
    this.#from = first.at;
    this.#last = first.at;
  }

  take(recorded: Recorded): void {
    const { event, at } = recorded;
    this.#last = Math.max(this.#last, at);
    if (OVER.has(event.type)) this.#end = { event, at };
    if (event.type === "run.resumed") this.#end = undefined;
    if ("step" in event && typeof event.step === "number") this.#ofStep(recorded, event.step);
    else this.#events.push(...this.#noted(recorded));
  }

  #ofStep(recorded: Recorded, step: number): void {
    const { event, at } = recorded;
    if (event.type === "step.proposed") {
      this.#spend(event.cost);
      this.#steps.set(step, {
        step,
        proposed: recorded as Recorded<EventOf<"step.proposed">>,
        events: [],
        end: at,
        clear: at,
      });
      return;
    }
    if (event.type === "mind.failed") {
      this.#spend(event.cost);
      const { reason, attempt, cost } = event;
      this.#failures.push({
        ...this.#decision(`failure ${step} ${recorded.seq}`, at, cost, spanId(this.#run, "run")),
        status: { code: 2, message: reason },
      });
      this.#failures.at(-1)?.attributes.push(...attributes({ [ATTR_ERROR_TYPE]: "mind", "candor.attempt": attempt }));
      return;
    }
    const open = this.#steps.get(step);
    if (!open) {
      this.#events.push(...this.#noted(recorded));
      return;
    }
    open.end = Math.max(open.end, at);
    if (event.type === "step.judged") {
      open.denied = event.verdict.outcome === "deny" ? event.verdict.reason : undefined;
      if (event.verdict.outcome === "allow") open.clear = at;
    }
    if (event.type === "approval.answered") open.clear = at;
    if (event.type === "step.done") open.done = recorded as Recorded<EventOf<"step.done">>;
    else open.events.push(...this.#noted(recorded));
  }

  #spend(cost: EventOf<"step.proposed">["cost"]): void {
    const tokens = cost.tokens ?? 0;
    const input = Math.min(cost.inputTokens ?? 0, tokens);
    this.#tokens = { input: this.#tokens.input + input, output: this.#tokens.output + tokens - input };
    this.#usd += cost.usd ?? 0;
  }

  spans(): Span[] {
    return [this.#agent(), ...this.#failures, ...[...this.#steps.values()].flatMap((open) => this.#step(open))];
  }

  #agent(): Span {
    const { kind, goal, mind, budget, mode, parent, forkOf, world, isolation, version } = this.#started;
    const { event: end, at = this.#last } = this.#end ?? {};
    const { root, forkRoot } = this.#place;
    const pages = [...this.#steps.values()].reduce((n, { done }) => n + (done?.event.observation.cost.pages ?? 0), 0);
    return {
      traceId: traceId(root),
      spanId: spanId(this.#run, "run"),
      ...(parent && { parentSpanId: spanId(parent.run, `tool ${parent.step}`) }),
      name: `invoke_agent ${mind.kind}`,
      kind: INTERNAL,
      startTimeUnixNano: nanosOf(this.#from),
      endTimeUnixNano: nanosOf(Math.max(at, this.#last)),
      attributes: attributes({
        [ATTR_GEN_AI_OPERATION_NAME]: "invoke_agent",
        [ATTR_GEN_AI_AGENT_NAME]: mind.kind,
        [ATTR_GEN_AI_AGENT_ID]: this.#run,
        [ATTR_GEN_AI_AGENT_VERSION]: version,
        [ATTR_GEN_AI_CONVERSATION_ID]: root,
        ...this.#model(),
        ...(this.#tokens.input + this.#tokens.output > 0 && {
          [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: this.#tokens.input,
          [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: this.#tokens.output,
        }),
        "candor.run.kind": kind,
        "candor.run.status": end?.type.slice("run.".length) ?? "open",
        "candor.run.steps": this.#steps.size,
        "candor.world": world.kind,
        "candor.autonomy": mode,
        "candor.isolation": isolation,
        "candor.cost.usd": this.#usd,
        "candor.cost.pages": pages,
        ...Object.fromEntries(Object.entries(budget).map(([limit, value]) => [`candor.budget.${limit}`, value])),
        ...(this.#content && { "candor.goal": goal }),
      }),
      events: this.#events,
      links: forkOf
        ? [
            {
              traceId: traceId(forkRoot ?? forkOf.run),
              spanId: spanId(forkOf.run, forkOf.step > 0 ? `step ${forkOf.step}` : "run"),
              attributes: attributes({ "candor.link": "fork" }),
            },
          ]
        : [],
      status:
        end?.type === "run.failed" ? { code: 2, message: end.reason } : { code: end?.type === "run.finished" ? 1 : 0 },
    };
  }

  #step(open: Open): Span[] {
    const { step, proposed, done, denied } = open;
    const { decision, cost } = proposed.event;
    const id = spanId(this.#run, `step ${step}`);
    const start = proposed.at - (cost.ms ?? 0);
    const whole: Span = {
      ...this.#bare(id, `step ${step}`, start, open.end),
      parentSpanId: spanId(this.#run, "run"),
      attributes: attributes({
        "candor.step": step,
        [ATTR_GEN_AI_TOOL_NAME]: decision.tool,
        ...(this.#content && { "candor.thought": decision.thought }),
      }),
      events: open.events,
      // A denied step did not fail: the guard worked.
      status: { code: 0, ...(denied && { message: denied }) },
    };
    const spans = [whole, this.#decision(`decision ${step}`, proposed.at, cost, id)];
    if (done) spans.push(this.#tool(open, done, id));
    return spans;
  }

  /** What the mind did: a call to a model, or a planner's thinking. */
  #decision(what: string, at: number, cost: EventOf<"step.proposed">["cost"], parent: string): Span {
    const tokens = cost.tokens ?? 0;
    const input = Math.min(cost.inputTokens ?? 0, tokens);
    const { mind } = this.#started;
    const chat = mind.kind === "llm";
    return {
      ...this.#bare(
        spanId(this.#run, what),
        chat ? `chat ${this.#model()[ATTR_GEN_AI_REQUEST_MODEL] ?? ""}`.trim() : `decide ${mind.kind}`,
        at - (cost.ms ?? 0),
        at,
      ),
      parentSpanId: parent,
      kind: chat ? CLIENT : INTERNAL,
      attributes: attributes({
        ...(chat && {
          [ATTR_GEN_AI_OPERATION_NAME]: "chat",
          ...this.#model(),
          [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: input,
          [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: tokens - input,
        }),
        "candor.cost.usd": cost.usd,
      }),
    };
  }

  #tool({ step, proposed, clear }: Open, done: Recorded<EventOf<"step.done">>, parent: string): Span {
    const { tool, effect, observation } = done.event;
    const { status, origin, url, cost, masked } = observation;
    const failed = status === "error" || status === "unknown";
    const start = Math.max(clear, done.at - (cost.ms ?? done.at - clear));
    return {
      ...this.#bare(spanId(this.#run, `tool ${step}`), `execute_tool ${tool}`, start, done.at),
      parentSpanId: parent,
      attributes: attributes({
        [ATTR_GEN_AI_OPERATION_NAME]: "execute_tool",
        [ATTR_GEN_AI_TOOL_NAME]: tool,
        [ATTR_GEN_AI_TOOL_TYPE]: "function",
        [ATTR_GEN_AI_TOOL_CALL_ID]: `${this.#run}/${step}`,
        ...(failed && { [ATTR_ERROR_TYPE]: status }),
        ...(url && { [ATTR_SERVER_ADDRESS]: URL.parse(url)?.hostname }),
        "candor.effect": effect,
        "candor.result.status": status,
        "candor.result.origin": origin,
        "candor.result.hash": observation.hash,
        "candor.cost.pages": cost.pages,
        "candor.cost.usd": cost.usd,
        "candor.masked.yours": masked?.yours,
        "candor.masked.others": masked?.others,
        ...(this.#content && {
          [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: JSON.stringify(proposed.event.decision.args),
          [ATTR_GEN_AI_TOOL_CALL_RESULT]: observation.text,
        }),
      }),
      status: failed ? { code: 2, message: status } : { code: 0 },
    };
  }

  #bare(id: string, name: string, start: number, end: number): Omit<Span, "parentSpanId"> {
    return {
      traceId: traceId(this.#place.root),
      spanId: id,
      name,
      kind: INTERNAL,
      startTimeUnixNano: nanosOf(start),
      endTimeUnixNano: nanosOf(Math.max(start, end)),
      attributes: [],
      events: [],
      links: [],
      status: { code: 0 },
    };
  }

  #model(): Record<string, string> {
    const { mind } = this.#started;
    if (mind.kind !== "llm" || !mind.model) return {};
    const [provider = "", ...rest] = mind.model.split(":");
    return {
      [ATTR_GEN_AI_PROVIDER_NAME]: provider === "openai-compatible" ? "openai" : provider,
      [ATTR_GEN_AI_REQUEST_MODEL]: rest.join(":") || provider,
    };
  }

  /** What the conventions have no name for, as an event of a span. */
  #noted({ event, at }: Recorded): Span["events"] {
    const given = noteOf(event, this.#content);
    return given ? [{ timeUnixNano: nanosOf(at), name: `candor.${given.name}`, attributes: attributes(given.of) }] : [];
  }
}

function noteOf(event: RunEvent, content: boolean): { name: string; of: Attributes } | undefined {
  switch (event.type) {
    case "step.judged": {
      const { outcome, rule, reason } = event.verdict;
      return { name: "verdict", of: { "candor.outcome": outcome, "candor.rule": rule, "candor.reason": reason } };
    }
    case "approval.answered":
      return {
        name: "approval",
        of: {
          "candor.answer": event.answer,
          "candor.scope": event.scope,
          "candor.by": event.by,
          ...(content && event.message && { "candor.message": event.message }),
        },
      };
    case "step.intended":
      return { name: "intended", of: { "candor.tool": event.tool } };
    case "signal.raised":
      return {
        name: "signal",
        of: {
          "candor.monitor": event.monitor,
          "candor.severity": event.severity,
          ...(content && { "candor.reason": event.reason, "candor.evidence": event.evidence }),
        },
      };
    case "autonomy.changed":
      return {
        name: "autonomy",
        of: { "candor.from": event.from, "candor.to": event.to, "candor.by": event.by, "candor.reason": event.reason },
      };
    case "child.started":
      return { name: "child.started", of: { "candor.child": event.run, "candor.budget.steps": event.budget.steps } };
    case "child.finished":
      return { name: "child.finished", of: { "candor.child": event.run, "candor.status": event.status } };
    case "operator.said":
      return { name: "operator", of: { "candor.by": event.by, ...(content && { "candor.text": event.text }) } };
    case "finding.judged":
      return { name: "finding.judged", of: { "candor.finding": event.finding, "candor.judgment": event.judgment } };
    case "run.paused":
    case "run.stopped":
    case "run.failed":
      return {
        name: event.type,
        of: { "candor.reason": event.reason, ...("by" in event && { "candor.by": event.by }) },
      };
    case "run.finished":
      return {
        name: event.type,
        of: { "candor.reason": event.reason, ...(content && { "candor.answer": event.summary }) },
      };
    case "run.resumed":
      return { name: event.type, of: { "candor.by": event.by } };
    default:
      return undefined;
  }
}
