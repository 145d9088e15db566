export { FindingKind, PageRecord } from "./extract/record.ts";
export { type AnalystOptions, createAnalyst, type ExposureAnalyst, type PriorJudgment } from "./findings/analyst.ts";
export { Evidence, type Exposure, Finding, Hop, Unread } from "./findings/finding.ts";
