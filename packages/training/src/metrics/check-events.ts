/**
 * Has TensorBoard's own reader read what we write: `npm run check-events -w packages/training -- PYTHON`, where PYTHON has the
 * package `tensorboard`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventFile } from "./tensorboard.ts";

const READER = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
events.Reload()
print(json.dumps({tag: [[e.step, e.value, e.wall_time] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}))
`;

const folder = mkdtempSync(join(tmpdir(), "candor-events-"));
const wanted: Record<string, [number, number, number][]> = { loss: [], "rewards/chosen": [], lr: [] };
for (const part of [0, 1]) {
  const file = new EventFile(folder, 1_700_000_000 + part);
  for (let step = part * 50; step < part * 50 + 50; step++) {
    const time = 1_700_000_000.25 + step;
    const scalars = { loss: 4 / (step + 1), "rewards/chosen": step % 2 ? -step : 2 ** 40, lr: 1e-7 * step };
    file.append(step * 100_000_000, scalars, time);
    for (const [tag, value] of Object.entries(scalars))
      wanted[tag]?.push([step * 100_000_000, Math.fround(value), time]);
  }
  file.close();
}
const { stdout, stderr, status } = spawnSync(process.argv[2] ?? "python3", ["-c", READER, folder], {
  encoding: "utf8",
});
rmSync(folder, { recursive: true });
if (status !== 0) {
  console.error(stderr.trim().split("\n").at(-1));
  process.exit(1);
}
const same = (a: object) => JSON.stringify(Object.entries(a).sort());
const agrees = same(JSON.parse(stdout)) === same(wanted);
console.log(
  agrees ? "TensorBoard reads 300 scalars of 2 files as they were written" : `TensorBoard reads otherwise: ${stdout}`,
);
process.exit(agrees ? 0 : 1);
