/** From raw text to a raw model: what pretraining needs beside the tensor engine. */
export type {
  Asked,
  CorpusDocument,
  CorpusSpec,
  Domain,
  Genre,
  Labels,
  Manner,
  Prompt,
  Voice,
} from "./corpus/types.ts";
export { hash32, Random } from "./random.ts";
export { checkSchedule, learningRate, type Schedule, ScheduleError } from "./schedule/schedule.ts";
