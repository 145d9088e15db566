/** The Python that has a peer, where there is one: `CANDOR_BENCH_PYTHON`, or `python3`. */
import { spawnSync } from "node:child_process";

/** @param pinned what pip is to install @returns undefined, after a note, where it is not installed */
export function pythonWith(module: string, pinned: string, note: (line: string) => void): string | undefined {
  const python = process.env.CANDOR_BENCH_PYTHON ?? "python3";
  const asked = `import ${module}, importlib.metadata as m; print(m.version("${pinned.split("==")[0]}"))`;
  const { status, stdout } = spawnSync(python, ["-c", asked], { encoding: "utf8" });
  if (status !== 0) {
    note(`${python} has no ${module} (pip install ${pinned}, or set CANDOR_BENCH_PYTHON): no peer.`);
    return undefined;
  }
  note(`Peer: ${module} ${stdout.trim().split("\n").at(-1)}.`);
  return python;
}

export const pythonWithTorch = (note: (line: string) => void): string | undefined =>
  pythonWith("torch", "torch==2.13.0", note);
