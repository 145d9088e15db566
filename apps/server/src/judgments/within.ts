import { type Judgments, runsOf } from "@candor/oversight";

/** What was said of one run, or everything. */
export const within = (judgments: Judgments, run: string | undefined): Judgments =>
  run === undefined
    ? judgments
    : {
        ...judgments,
        items: new Map([...judgments.items].filter(([, { subject }]) => runsOf(subject).includes(run))),
        prompts: [],
      };
