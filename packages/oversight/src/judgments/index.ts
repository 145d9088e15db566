export type { BootstrapOptions } from "./agreement/bootstrap.ts";
export { type AgreementReport, agreementReport } from "./agreement/report.ts";
export { type Consensus, consensus, isDisputed } from "./consensus.ts";
export { Discipline, type FactOf, JUDGMENTS, JudgmentFact, Key, type Noted, RaterName, Reason } from "./facts.ts";
export { foldJudgments, type Item, type Judgment, type Judgments, submission } from "./fold.ts";
export { ImportError, type Imported, OwnLine, readLines } from "./import-lines.ts";
export { isTurned, type Progress, queueFor } from "./queue.ts";
export { digestOf, foldRaters, newRaterToken, OPERATOR, RATERS, RaterFact, raterOf } from "./raters.ts";
export {
  fits,
  inOrder,
  itemId,
  Kind,
  type Message,
  runsOf,
  type Single,
  Subject,
  swap,
  type Text,
  Verdict,
} from "./subject.ts";
export { ExportFormat, Format, preferenceRow, promptRow, type Side, Style, type TrlRow, unpairedRow } from "./trl.ts";
