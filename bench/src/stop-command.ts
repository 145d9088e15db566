/** `candor stop` from outside: a real server, a real run, and the time from the command's start. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { figure, type Row } from "./bench.ts";
import { quantile } from "./quantile.ts";
import { ServeProcess, sleep } from "./serve-process.ts";

const CLI = fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url));

export async function commandRows(trials: number, note: (line: string) => void): Promise<Row[]> {
  const home = mkdtempSync(join(tmpdir(), "candor-bench-"));
  const server = ServeProcess.start(home);
  const held: number[] = [];
  const ended: number[] = [];
  try {
    await server.ready(home);
    for (let trial = 0; trial < trials; trial++) {
      const run = await server.start({
        kind: "run",
        goal: "look at the clubs of the town",
        world: { kind: "town", seed: 7, peaceful: true },
        mind: { kind: "scripted", script: searches },
        budget: { steps: 400 },
      });
      while ((await server.show(run)).steps < 2) await sleep(20);
      const latch = join(home, "stop", `${run}.stop`);
      const began = performance.now();
      const command = spawn(process.execPath, [CLI, "stop", run], {
        env: { ...process.env, CANDOR_HOME: home, DATABASE_URL: "" },
        stdio: "ignore",
      });
      const exited = new Promise<number | null>((resolve) => command.once("exit", resolve));
      while (!existsSync(latch)) await sleep(1);
      held.push(performance.now() - began);
      if ((await exited) !== 0) throw new Error("candor stop failed");
      ended.push(performance.now() - began);
      if (trial % 20 === 19) note(`candor stop: ${trial + 1} of ${trials} trials`);
    }
  } finally {
    await server.kill();
    rmSync(home, { recursive: true, force: true });
  }
  const rows = (name: string, values: number[]): Row[] => [
    figure("p50_ms", name, quantile(values, 0.5), "ms"),
    figure("p99_ms", name, quantile(values, 0.99), "ms"),
    figure("trials", name, values.length),
  ];
  return [
    ...rows("candor stop, from its start until it holds", held),
    ...rows("candor stop, from its start to its end", ended),
  ];
}

const searches = Array.from({ length: 400 }, (_, n) => ({
  thought: "As the script says.",
  tool: "search",
  args: { query: `clubs and societies ${n}` },
}));
