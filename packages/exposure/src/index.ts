export { createCourier, sentTexts, shortReference } from "./delivery/courier.ts";
export { inbox } from "./delivery/inbox.ts";
export { ntfy } from "./delivery/ntfy.ts";
export { smtp } from "./delivery/smtp.ts";
export type { Transport } from "./delivery/transport.ts";
export { twilio } from "./delivery/twilio.ts";
export { createVerification } from "./delivery/verification.ts";
export { FindingKind, PageRecord } from "./extract/record.ts";
export { type AnalystOptions, createAnalyst, type ExposureAnalyst, type PriorJudgment } from "./findings/analyst.ts";
export { Evidence, type Exposure, Finding, Hop, Unread } from "./findings/finding.ts";
export { parseIdentity } from "./identity/schema.ts";
export { IdentityStore } from "./identity/store.ts";
export { createMasker } from "./masking/masker.ts";
export { isCurrent, prove } from "./proof/prove.ts";
export {
  addRemedies,
  Directory,
  type DirectoryEntry,
  openDirectory,
  parseDirectory,
  RemedyError,
} from "./remedies/directory.ts";
export { RemediedFinding, Remedy, withRemedies } from "./remedies/remedies.ts";
export { Comparison, compareRuns } from "./report/compare.ts";
export { markdown } from "./report/markdown.ts";
export { htmlReport } from "./report/page.ts";
export { buildReport, Report, type ReportOptions } from "./report/report.ts";
export { messageText, type SummaryLine, summaryLines } from "./report/summary.ts";
export { seedInvariant } from "./seed-rules/invariant.ts";
export { personalGoal } from "./seed-rules/personal-goal.ts";
export { provenSeeds } from "./seed-rules/proven-seeds.ts";
export { breachTool } from "./tools/breach.ts";
export { messageTool } from "./tools/message.ts";
export { noteFindingTool } from "./tools/note-finding.ts";
export { type Proven, provenIn, proveTool } from "./tools/prove.ts";
export { createVault, type Vault } from "./vault/vault.ts";
