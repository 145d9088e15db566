/** `npm run bench -- NAME [--json]`, `npm run bench -- --list`. */
import { VERSION } from "@candor/server/outside";
import { activations } from "./activations.ts";
import { approvals } from "./approvals.ts";
import { audit } from "./audit.ts";
import { type Bench, Row } from "./bench.ts";
import { binding } from "./binding.ts";
import { checkpoints } from "./checkpoints.ts";
import { children } from "./children.ts";
import { circuits } from "./circuits.ts";
import { crash } from "./crash.ts";
import { extract } from "./extract.ts";
import { fusionsBench } from "./fusions.ts";
import { generation } from "./generation.ts";
import { goalInference } from "./goal-inference.ts";
import { grokking } from "./grokking.ts";
import { hiddenThought } from "./hidden-thought.ts";
import { induction } from "./induction.ts";
import { jailbreaks } from "./jailbreaks.ts";
import { lensSpeed } from "./lens-speed.ts";
import { misuse } from "./misuse.ts";
import { monitors } from "./monitors.ts";
import { monitorsTrain } from "./monitors-train.ts";
import { numerics } from "./numerics.ts";
import { osintPeers } from "./osint-peers.ts";
import { overhead } from "./overhead.ts";
import { overoptimisation } from "./overoptimisation.ts";
import { politeness } from "./politeness.ts";
import { rlhf } from "./rlhf.ts";
import { sae } from "./sae.ts";
import { shakespeare } from "./shakespeare.ts";
import { shortcut } from "./shortcut.ts";
import { smallMind } from "./small-mind.ts";
import { stop } from "./stop.ts";
import { sycophancy } from "./sycophancy.ts";
import { table } from "./table.ts";
import { tokenizer } from "./tokenizer.ts";
import { tracePage } from "./trace-page.ts";

const benches: Bench[] = [
  audit,
  misuse,
  crash,
  overhead,
  children,
  osintPeers,
  stop,
  approvals,
  tracePage,
  goalInference,
  monitors,
  monitorsTrain,
  numerics,
  binding,
  fusionsBench,
  generation,
  activations,
  checkpoints,
  shakespeare,
  rlhf,
  overoptimisation,
  smallMind,
  sycophancy,
  hiddenThought,
  induction,
  grokking,
  circuits,
  sae,
  politeness,
  extract,
  shortcut,
  lensSpeed,
  jailbreaks,
  tokenizer,
];
const [name = "--list", ...args] = process.argv.slice(2);
const json = args.includes("--json");

if (name === "--list") {
  for (const bench of benches)
    console.log(`${bench.name.padEnd(14)} ${bench.duration.padEnd(10)} ${bench.description}`);
} else {
  const bench = benches.find((b) => b.name === name);
  if (!bench) {
    console.error(`error: there is no benchmark "${name}"; there are ${benches.map((b) => b.name).join(", ")}`);
    process.exit(2);
  }
  const rows = (await bench.run({ args, note: (line) => console.error(line) })).map((row) => Row.parse(row));
  console.log(json ? JSON.stringify({ bench: name, version: VERSION, rows }) : table(rows));
  // A missed goal is a figure, not a failure of the benchmark: the row says so.
  process.exit(0);
}
