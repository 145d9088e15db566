/** Ways to find the edges that carry a behaviour. */
import type { CircuitFinder } from "./circuit-finder.ts";

/**
 * Edge attribution patching (Syed et al. 2023, arXiv 2310.10348): the first-order effect of each edge, slopes taken at the clean input.
 * @returns a score for each edge: larger in size matters more
 */
export const eap = (finder: CircuitFinder): Promise<Float32Array> => finder.slopes();

/** EAP with integrated gradients (Hanna et al. 2024, arXiv 2403.17806): slopes are a mean over inputs between corrupted and clean. */
export async function eapIg(finder: CircuitFinder, { steps = 5 }: { steps?: number } = {}): Promise<Float32Array> {
  const total = new Float32Array(finder.edges.length);
  for (let step = 1; step <= steps; step++)
    for (const [n, slope] of (await finder.slopes(step / steps)).entries())
      total[n] = (total[n] as number) + slope / steps;
  return total;
}

export interface AcdcOptions {
  /** An edge stays cut when what is said moves by less than this further away from the whole model. */
  threshold: number;
  /** How far logits are from the whole model's; {@link CircuitFinder.distance} where it is not given. */
  distance?: (logits: Float32Array) => number;
  signal?: AbortSignal;
}

/** Automatic circuit discovery (Conmy et al. 2023, arXiv 2304.14997): from the logits back, each edge is cut unless that costs too much. */
export async function acdc(
  finder: CircuitFinder,
  { threshold, distance = (logits) => finder.distance(logits), signal }: AcdcOptions,
): Promise<{ kept: boolean[]; runs: number }> {
  const kept = new Float32Array(finder.edges.length).fill(1);
  let now = 0;
  let runs = 0;
  for (let n = kept.length - 1; n >= 0; n--) {
    signal?.throwIfAborted();
    // A part whose every way on was cut changes nothing: its edges go without a run.
    if (!leadsOn(finder, kept, n)) {
      kept[n] = 0;
      continue;
    }
    kept[n] = 0;
    const away = distance(await finder.logits(kept));
    runs++;
    if (away - now < threshold) now = away;
    else kept[n] = 1;
  }
  return { kept: Array.from(kept, (each) => each === 1), runs };
}

/** Whether something still reads what the edge's reader writes. */
function leadsOn({ edges }: CircuitFinder, kept: Float32Array, edge: number): boolean {
  const part = edges[edge]?.to.replace(/\.[qkv]$/, "");
  return part === "logits" || edges.some(({ from }, n) => from === part && kept[n] === 1);
}

/** The best so many by size of score. */
export function topEdges(scores: Float32Array, count: number): boolean[] {
  const order = Array.from(scores, (_, n) => n).sort((a, b) => Math.abs(scores[b] ?? 0) - Math.abs(scores[a] ?? 0));
  const best = new Set(order.slice(0, count));
  return Array.from(scores, (_, n) => best.has(n));
}
