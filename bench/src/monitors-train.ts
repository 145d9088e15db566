/** Trains the small classifier on the training part of a set, and writes its weights. */
import { writeFileSync } from "node:fs";
import { figuresOf, trainClassifier, trainedMonitor } from "@candor/oversight";
import { type Bench, figure, option, type Row } from "./bench.ts";
import { bundled, checkedWith, partsOf, rJudge } from "./monitors-data.ts";

export const monitorsTrain: Bench = {
  name: "monitors-train",
  description: "train the small classifier (--set bundled|r-judge, --out FILE); the test part is only measured",
  duration: "20 s",
  run: async ({ args, note }) => {
    const wanted = option(args, "set") ?? "bundled";
    const set = wanted === "bundled" ? bundled : wanted === "r-judge" ? rJudge() : undefined;
    if (!set) {
      note(`The set ${wanted} is not here; there are bundled and, where ../shared/data has it, r-judge.`);
      return [];
    }
    const train = partsOf(set, "train");
    const weights = trainClassifier(train, {
      name: `logistic, ${set.name}`,
      provenance: { set: set.name, part: "train", examples: train.length, licence: set.licence },
    });
    const out = option(args, "out");
    if (out) writeFileSync(out, `${JSON.stringify(weights, null, 2)}\n`);
    if (out && set.name !== "bundled") note(`${out} comes from a set whose licence is not known: do not publish it.`);
    const rows: Row[] = [];
    for (const part of ["train", "test"] as const) {
      const name = `trained, ${set.name}, ${part}`;
      const checked = await checkedWith(partsOf(set, part), () => [trainedMonitor(weights)]);
      // It is about no one kind of harm: every unsafe trace is its to find.
      const { precision, recall, f1 } = figuresOf(
        checked.map((each) => ({ ...each, expected: undefined })),
        "trained",
      );
      rows.push(figure("precision", name, precision), figure("recall", name, recall), figure("f1", name, f1));
    }
    return rows;
  },
};
