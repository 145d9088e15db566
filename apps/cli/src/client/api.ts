/** The API of `candor serve`, typed. */

import type { Trace as LabelledTrace } from "@candor/oversight";
import type {
  AgreementView,
  Answer,
  Answered,
  AskRequest,
  AutonomyView,
  Comparison,
  Explanation,
  ExportQuery,
  ExportView,
  ImportRequest,
  ImportView,
  JudgedItem,
  JudgeRequest,
  PermissionsInput,
  QueueView,
  RaterView,
  ReportFormat,
  RunAnswer,
  RunPermissions,
  RunRow,
  RunView,
  SettleRequest,
  Simulation,
  StandingPermission,
  StartRun,
  StepWhy,
  Stopped,
  Submitted,
  Summary,
  Trace,
  WaitingQuestion,
  WhoisAnswer,
  WhoisRequest,
} from "@candor/server";
import { Failure, Problem, type ServeFile } from "@candor/server/outside";
import type { Autonomy, Recorded } from "@candor/store";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { candor } from "../screen/command.ts";

export interface FindingSeen {
  id: string;
  kind: string;
  value: string;
  urls: string[];
  confidence: number;
}

export type Streamed = { type: "event"; event: Recorded } | { type: "finding"; finding: FindingSeen };

export class Api {
  readonly #base: string;
  readonly #token: string;

  constructor(server: Pick<ServeFile, "port" | "token">) {
    this.#base = `http://127.0.0.1:${server.port}`;
    this.#token = server.token;
  }

  async isUp(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#base}/api/health`, {
        headers: this.#headers(),
        signal: AbortSignal.timeout(2_000),
      });
      return response.ok;
    } catch {
      return false;
    }
  }

  start = (request: StartRun) => this.#send<{ run: string }>("POST", "/api/runs", request);
  runs = () => this.#send<RunRow[]>("GET", "/api/runs");
  show = (run: string) => this.#send<RunView>("GET", `/api/runs/${run}`);
  summary = (run: string) => this.#send<Summary>("GET", `/api/runs/${run}/summary`);
  score = (run: string) => this.#send<Record<string, unknown>>("GET", `/api/runs/${run}/score`);
  verify = (run: string) =>
    this.#send<{ ok: boolean; events: number; problem?: string; explanation: string }>(
      "GET",
      `/api/runs/${run}/verify`,
    );
  explain = (run: string, { from, limit }: { from: number; limit: number }) =>
    this.#send<Explanation>("GET", `/api/runs/${run}/explain?from=${from}&limit=${limit}`);
  why = (run: string, step: number) => this.#send<StepWhy>("GET", `/api/runs/${run}/steps/${step}/why`);
  compare = (a: string, b: string, { from, limit }: { from: number; limit: number }) =>
    this.#send<Comparison>(
      "GET",
      `/api/compare?${new URLSearchParams({ a, b, from: String(from), limit: String(limit) })}`,
    );
  resume = (run: string) => this.#send<object>("POST", `/api/runs/${run}/resume`, {});
  answer = (run: string, answer: Answer) => this.#send<object>("POST", `/api/runs/${run}/answer`, answer);
  questions = () => this.#send<WaitingQuestion[]>("GET", "/api/questions");
  answers = (answers: readonly RunAnswer[]) => this.#send<{ results: Answered[] }>("POST", "/api/answers", { answers });
  standing = () => this.#send<StandingPermission[]>("GET", "/api/permissions/standing");
  revokeStanding = (id: number) => this.#send<object>("DELETE", `/api/permissions/standing/${id}`);
  say = (run: string, text: string) => this.#send<object>("POST", `/api/runs/${run}/say`, { text });
  judge = (run: string, finding: string, judgment: "mine" | "not mine") =>
    this.#send<object>("POST", `/api/runs/${run}/judge`, { finding, judgment });
  fork = (run: string, body: object) => this.#send<{ run: string }>("POST", `/api/runs/${run}/fork`, body);
  erase = (run: string) => this.#send<object>("POST", `/api/runs/${run}/erase`, {});
  whois = (asked: WhoisRequest) => this.#send<WhoisAnswer>("POST", "/api/whois", asked);
  stop = (target: string, reason: string) => this.#send<Stopped>("POST", "/api/stop", { target, reason });
  permissions = {
    of: (run: string) => this.#send<RunPermissions>("GET", `/api/runs/${run}/permissions`),
    test: (run: string, permissions: PermissionsInput) =>
      this.#send<Simulation>("POST", "/api/permissions/test", { run, permissions }),
  };
  autonomy = {
    view: () => this.#send<AutonomyView>("GET", "/api/autonomy"),
    set: (run: string, level: Autonomy, reason: string) =>
      this.#send<object>("POST", `/api/runs/${run}/autonomy`, { level, reason }),
  };
  judgments = {
    judge: (request: JudgeRequest) => this.#send<Submitted>("POST", "/api/judgments", request),
    withdraw: (request: Pick<JudgeRequest, "subject">) =>
      this.#send<Submitted>("POST", "/api/judgments/withdraw", request),
    settle: (how: "gold" | "adjudicate", request: SettleRequest) =>
      this.#send<{ item: string }>("POST", `/api/judgments/${how}`, request),
    items: (query: { run?: string; disputed?: "1" }) =>
      this.#send<JudgedItem[]>("GET", `/api/judgments/items?${search(query)}`),
    queue: (query: { limit: number; run?: string }) =>
      this.#send<QueueView>("GET", `/api/judgments/queue?${search(query)}`),
    ask: (request: AskRequest) => this.#send<{ added: number }>("POST", "/api/judgments/ask", request),
    agreement: (query: { run?: string; seed?: number }) =>
      this.#send<AgreementView>("GET", `/api/judgments/agreement?${search(query)}`),
    export: (query: ExportQuery) => this.#send<ExportView>("GET", `/api/judgments/export?${search(query)}`),
    import: (request: ImportRequest) => this.#send<ImportView>("POST", "/api/judgments/import", request),
  };
  raters = {
    list: () => this.#send<RaterView[]>("GET", "/api/raters"),
    add: (name: string) => this.#send<{ name: string; token: string }>("POST", "/api/raters", { name }),
    revoke: (name: string) => this.#send<object>("DELETE", `/api/raters/${encodeURIComponent(name)}`),
  };
  trace = (run: string, content: boolean) =>
    this.#send<Trace>("GET", `/api/runs/${run}/trace?content=${content ? 1 : 0}`);
  labelledTrace = (run: string, label?: string) =>
    this.#send<LabelledTrace>("GET", `/api/runs/${run}/labelled-trace${label ? `?label=${label}` : ""}`);
  pushTrace = (run: string) => this.#send<object>("POST", `/api/runs/${run}/trace`, {});
  schedules = () => this.#send<{ id: string; everyMs: number; nextAt: number }[]>("GET", "/api/schedules");
  schedule = (id: string, everyMs: number, request: StartRun) =>
    this.#send<object>("PUT", `/api/schedules/${id}`, { everyMs, request });
  unschedule = (id: string) => this.#send<object>("DELETE", `/api/schedules/${id}`);

  async report(run: string, format: ReportFormat, since?: string): Promise<string> {
    const query = new URLSearchParams({ format, ...(since && { since }) });
    return (await this.#request("GET", `/api/runs/${run}/report?${query}`)).text();
  }

  /** Events of a run after `after`; with `follow`, until `signal` aborts or the reader stops. */
  async *events(
    run: string,
    options: { after?: number; follow?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<Streamed> {
    const query = `after=${options.after ?? 0}&follow=${options.follow ? 1 : 0}`;
    const response = await this.#request("GET", `/api/runs/${run}/events?${query}`, undefined, options.signal);
    if (!response.body) return;
    const stream = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    try {
      for await (const message of stream) {
        const data: unknown = JSON.parse(message.data);
        // Both ends are this version of Candor, and the server has parsed each event from its log.
        yield message.event === "finding"
          ? { type: "finding", finding: data as FindingSeen }
          : { type: "event", event: data as Recorded };
      }
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof TypeError)) throw error;
      throw new Failure("candor serve ended in the middle of the run", {
        hint: `Nothing is lost: ${candor(`resume ${run}`)} goes on where it was.`,
      });
    }
  }

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await (await this.#request(method, path, body)).json()) as T;
  }

  async #request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.#base + path, {
        method,
        headers: { ...this.#headers(), ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Failure("candor serve does not answer", {
        hint: "It may have been stopped. Run the command again; it is started when needed.",
      });
    }
    if (response.ok) return response;
    const problem = Problem.safeParse(await response.json().catch(() => undefined));
    if (!problem.success) throw new Failure(`candor serve answered ${response.status} to ${method} ${path}`);
    throw new Failure(problem.data.error, { hint: problem.data.hint, exit: problem.data.exit });
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}`, "x-candor-by": process.env.USER ?? "terminal" };
  }
}

/** What is given, as a query. */
const search = (query: object): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString();
