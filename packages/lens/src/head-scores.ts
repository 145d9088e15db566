/** What heads do on repeated tokens: attend to the token before, to the same token, or to what came after it (Olsson et al. 2022, arXiv 2209.11895). */
import type { Lens } from "./lens.ts";

export interface HeadScore {
  layer: number;
  head: number;
  /** Mean attention from a position to the one before it. */
  previousToken: number;
  /** Mean attention to earlier places of the same token, of positions that have any. */
  duplicateToken: number;
  /** Mean attention to the places after earlier ones of the same token (prefix matching), of positions that have any. */
  induction: number;
}

/** @param tokens rows of one length in which tokens come again, best {@link repeatedTokens} */
export async function headScores(lens: Lens, tokens: readonly (readonly number[])[]): Promise<HeadScore[]> {
  const cache = await lens.read(tokens, (name) => name.endsWith(".attn.hook_pattern"));
  const places = tokens.map(targetsIn);
  return Array.from(cache, ({ shape, values }, layer) => {
    const [batch = 0, heads = 0, time = 0] = shape;
    return Array.from({ length: heads }, (_, head): HeadScore => {
      const attention = (row: number, query: number, keys: readonly number[]): number => {
        const from = ((row * heads + head) * time + query) * time;
        return keys.reduce((sum, key) => sum + (values[from + key] as number), 0);
      };
      const mean = (of: (row: (typeof places)[number], query: number) => readonly number[]): number => {
        let [sum, count] = [0, 0];
        for (let row = 0; row < batch; row++)
          for (let query = 0; query < time; query++) {
            const keys = of(places[row] as (typeof places)[number], query);
            if (keys.length === 0) continue;
            sum += attention(row, query, keys);
            count++;
          }
        return count === 0 ? Number.NaN : sum / count;
      };
      return {
        ...{ layer, head },
        previousToken: mean((_row, query) => (query === 0 ? [] : [query - 1])),
        duplicateToken: mean((row, query) => row[query] ?? []),
        induction: mean((row, query) => (row[query] ?? []).map((key) => key + 1)),
      };
    });
  }).flat();
}

/** For each position the earlier ones with the same token. */
function targetsIn(tokens: readonly number[]): number[][] {
  const seen = new Map<number, number[]>();
  return tokens.map((token, position) => {
    const before = seen.get(token) ?? [];
    seen.set(token, [...before, position]);
    return before;
  });
}

/**
 * Rows of random tokens, each row its first half twice, `first` before both.
 * @param lot uniform in [0, 1)
 */
export function repeatedTokens(
  lot: () => number,
  { rows, length, vocab, first }: { rows: number; length: number; vocab: number; first?: number },
): number[][] {
  return Array.from({ length: rows }, () => {
    const half = Array.from({ length }, () => Math.floor(lot() * vocab));
    return [...(first === undefined ? [] : [first]), ...half, ...half];
  });
}
