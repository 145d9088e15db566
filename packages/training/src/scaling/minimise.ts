/** A minimum of a function of few numbers, without its slope (Nelder and Mead 1965). */

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

/** Starts anew from where it stopped until that gains nothing: a simplex may collapse before it is down. */
export function minimise(f: (at: readonly number[]) => number, start: readonly number[], rounds = 6): Corner {
  let best = descend(f, start, 0.3);
  for (let round = 1; round < rounds; round++) {
    const next = descend(f, best.at, 0.3 / 4 ** round);
    const gained = best.value - next.value;
    if (gained >= 0) best = next;
    if (gained <= 1e-9 * Math.abs(best.value)) break;
  }
  return best;
}

function descend(f: (at: readonly number[]) => number, start: readonly number[], size: number): Corner {
  const corner = (at: readonly number[]): Corner => {
    const value = f(at);
    return { at, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const corners = [start, ...start.map((_, i) => start.map((x, j) => (i === j ? x + size : x)))].map(corner);
  for (let step = 0; step < 200 * start.length; step++) {
    corners.sort((a, b) => a.value - b.value);
    const [best, worst, second] = [corners[0], corners.at(-1), corners.at(-2)] as [Corner, Corner, Corner];
    if (worst.value - best.value <= 1e-13 * (Math.abs(best.value) + 1e-13)) break;
    const centre = start.map(
      (_, i) => corners.slice(0, -1).reduce((sum, { at }) => sum + (at[i] as number), 0) / start.length,
    );
    const along = (distance: number) => corner(centre.map((x, i) => x + distance * ((worst.at[i] as number) - x)));
    const mirrored = along(-1);
    let next: Corner;
    if (mirrored.value < best.value) {
      const further = along(-2);
      next = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < second.value) next = mirrored;
    else next = along(mirrored.value < worst.value ? -0.5 : 0.5);
    if (next.value < worst.value) {
      corners[corners.length - 1] = next;
      continue;
    }
    for (let i = 1; i < corners.length; i++) {
      corners[i] = corner((corners[i] as Corner).at.map((x, j) => ((best.at[j] as number) + x) / 2));
    }
  }
  return corners.reduce((least, other) => (other.value < least.value ? other : least));
}
