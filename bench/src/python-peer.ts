/** The Python that has PyTorch, where there is one: `CANDOR_BENCH_PYTHON`, or `python3`. */
import { spawnSync } from "node:child_process";

export function pythonWithTorch(note: (line: string) => void): string | undefined {
  const python = process.env.CANDOR_BENCH_PYTHON ?? "python3";
  const { status, stdout } = spawnSync(python, ["-c", "import torch; print(torch.__version__)"], { encoding: "utf8" });
  if (status !== 0) {
    note(`${python} has no PyTorch (pip install torch==2.13.0, or set CANDOR_BENCH_PYTHON): no peer.`);
    return undefined;
  }
  note(`Peer: PyTorch ${stdout.trim()}.`);
  return python;
}
