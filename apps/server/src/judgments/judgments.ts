/** Judgments as the API calls them. */
import type { Role } from "../api/border/access.ts";
import type {
  AgreementView,
  AskRequest,
  ExportQuery,
  ExportView,
  ImportRequest,
  ImportView,
  JudgedItem,
  JudgeRequest,
  OwnJudgment,
  QueueView,
  RaterView,
  SettleRequest,
  Submitted,
  WithdrawRequest,
} from "./schemas.ts";

export interface Raters {
  list(): Promise<RaterView[]>;
  /** The token is told this once. */
  add(name: string, by: string): Promise<{ name: string; token: string }>;
  revoke(name: string, by: string): Promise<void>;
  /** Whose token it is, and the addresses that it opens. */
  roleOf(token: string): Promise<Role | undefined>;
}

/** Runs are given by their whole ids. `rater` is `operator` or the name of a rater, who may judge only by item. */
export interface Judging {
  readonly raters: Raters;
  queue(rater: string, options: { limit: number; run?: string | undefined }): Promise<QueueView>;
  judge(rater: string, request: JudgeRequest): Promise<Submitted>;
  withdraw(rater: string, request: WithdrawRequest): Promise<Submitted>;
  mine(rater: string): Promise<OwnJudgment[]>;
  items(options: { run?: string | undefined; disputed?: boolean }): Promise<JudgedItem[]>;
  ask(request: AskRequest, by: string): Promise<{ added: number }>;
  gold(request: SettleRequest, by: string): Promise<{ item: string }>;
  adjudicate(request: SettleRequest, by: string): Promise<{ item: string }>;
  agreement(options: { run?: string | undefined; seed?: number; draws?: number }): Promise<AgreementView>;
  export(query: ExportQuery): Promise<ExportView>;
  import(request: ImportRequest): Promise<ImportView>;
}
