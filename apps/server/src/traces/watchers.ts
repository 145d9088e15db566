/** The monitors of a run as the settings want them: the built-in ones, a trained classifier, a language model that judges. */
import { readFileSync } from "node:fs";
import { createInference, type InferenceOptions } from "@candor/agent";
import {
  bundledWeights,
  type Complete,
  createConsultant,
  createMonitors,
  judgeClassifier,
  type Monitors,
  TrainedWeights,
  trainedMonitor,
} from "@candor/oversight";
import type { Config } from "../config.ts";
import { badInput } from "../failure.ts";

/**
 * New ones for each run: they remember what they have read.
 * @throws {Failure} of exit code 2: weights that cannot be read, a judge that cannot be called
 */
export function watchers({ monitors: { trained, judge } }: Config, models: InferenceOptions): Monitors {
  return createMonitors(
    trained === undefined ? [] : [trainedMonitor(trained === true ? bundledWeights : readWeights(trained))],
    judge
      ? [
          createConsultant(judgeClassifier({ model: judge.model, complete: completeWith(models, judge) }), {
            ...(judge.most !== undefined && { most: judge.most }),
            ...(judge.every !== undefined && { every: judge.every }),
          }),
        ]
      : [],
  );
}

/** Another model than the acting mind's, or the same one under another prompt; never the mind's own word. */
function completeWith(models: InferenceOptions, judge: { model: string; baseUrl?: string | undefined }): Complete {
  const inference = createInference(
    { kind: "llm", model: judge.model, ...(judge.baseUrl && { baseUrl: judge.baseUrl }) },
    models,
  );
  return async ({ system, prompt, maxTokens }, signal) => {
    const request = { system, messages: [{ role: "user" as const, content: prompt }], tools: [], maxTokens };
    return (await inference.infer(request, signal)).text;
  };
}

function readWeights(path: string): TrainedWeights {
  const hint = "npm run bench -- monitors-train --out FILE makes such a file.";
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw badInput(`the weights ${path} cannot be read as JSON`, hint);
  }
  const parsed = TrainedWeights.safeParse(json);
  const issue = parsed.error?.issues[0];
  if (!parsed.success) throw badInput(`the weights ${path}: ${issue?.path.join(".")}: ${issue?.message}`, hint);
  return parsed.data;
}
