export type { Comparison, Explanation } from "@candor/explain";
export type { Report } from "@candor/exposure";
export type { EventOf, Recorded, RunEvent } from "@candor/store";
export type { AgentView, DelegationView, WhoisAnswer, WhoisRequest } from "./agent-identity/schemas.ts";
export type { StopInForce, Stopped } from "./api/routes/stop.ts";
export type { Fork, RunRow, RunView } from "./api/schemas.ts";
export { StartRun } from "./api/schemas.ts";
export type {
  Answer,
  Answered,
  Question,
  RunAnswer,
  Scope,
  StandingPermission,
  WaitingQuestion,
} from "./approvals/schemas.ts";
export { inferenceOptions } from "./assemble.ts";
export type { AutonomyView, MindStanding } from "./autonomy/schemas.ts";
export { Config } from "./config.ts";
export type { Costs } from "./costs.ts";
export { createService, type RunningService, type ServiceOptions } from "./create-service.ts";
export type { StepWhy } from "./explain/why-schema.ts";
export { type FreshHome, inFreshHome, settled } from "./fresh-home.ts";
export type { Journey } from "./journey.ts";
export type {
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
  ShownItem,
  ShownSide,
  Submitted,
} from "./judgments/schemas.ts";
export { type LensModel, lensModels, noteModel } from "./lens/models.ts";
export type {
  LensCircuit,
  LensCut,
  LensEdit,
  LensFeatures,
  LensFinding,
  LensFindingAgain,
  LensLook,
  LensReading,
  LensView,
} from "./lens/schemas.ts";
export { textsOfFile } from "./lens/texts.ts";
export { createMe, type Me, type MeView } from "./me.ts";
export { OffSwitch } from "./off-switch/off-switch.ts";
export type { Trace } from "./otlp/wire.ts";
export type {
  Checked,
  PermissionsInput,
  Preset,
  RunPermissions,
  SimulatedStep,
  Simulation,
} from "./permissions/schemas.ts";
export { type PractisedTown, practise } from "./practise.ts";
export type { Remedied } from "./remedies.ts";
export { type Serving, serve } from "./serve.ts";
export type { ReportFormat, Service, Summary } from "./service.ts";
export { Supervisor } from "./supervisor.ts";
export { auditTowns, type Thought, type TownAudit } from "./town-audits.ts";
export { watchers } from "./traces/watchers.ts";
export {
  noteTraining,
  type TrainingRecord,
  type TrainingRun,
  type TrainingSample,
} from "./training/training-runs.ts";
