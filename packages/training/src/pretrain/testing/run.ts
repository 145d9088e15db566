/** A run that kills itself without a word after a step: `node run.ts CONFIG TEXT DATA OUT STEP`. */
import { readFileSync } from "node:fs";
import { parsePretrainConfig } from "../config.ts";
import { openPretrainData } from "../data.ts";
import { pretrain } from "../pretrain.ts";

const [file = "", text = "", folder = "", out = "", last = ""] = process.argv.slice(2);
const config = parsePretrainConfig(JSON.parse(readFileSync(file, "utf8")), file);
const data = await openPretrainData([text], folder, config);
await pretrain(
  { config, data, out, threads: 1 },
  { measured: ({ step }) => step === Number(last) && process.kill(process.pid, "SIGKILL") },
);
