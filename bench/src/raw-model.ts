/** The raw model of the small internet that studies begin with: trained here, or kept from another time. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  DEMO_MEGABYTES,
  demoConfig,
  type OpenModel,
  openModel,
  openPretrainData,
  pretrain,
  writeCorpus,
} from "@candor/training";
import { option } from "./bench.ts";

/** `--raw DIR`: of `candor train pretrain --demo`; made there where it is not yet. */
export async function rawModel(args: readonly string[], note: (line: string) => void): Promise<OpenModel> {
  const out = option(args, "raw") ?? "raw-demo";
  if (!existsSync(join(out, "last"))) {
    note(`learning the small internet into ${out} (some minutes; --raw names another folder) ...`);
    mkdirSync(out, { recursive: true });
    const file = join(out, "internet.jsonl");
    if (!existsSync(file)) writeCorpus(file, { megabytes: DEMO_MEGABYTES, format: "jsonl" });
    const config = demoConfig();
    await pretrain({ config, data: await openPretrainData([file], out, config), out });
  }
  return openModel(out);
}
