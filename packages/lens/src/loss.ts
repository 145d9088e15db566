/** What a model loses on what comes next. */

/** @param logits [batch, pos, vocab] @returns mean nats of the tokens that follow, the last position of each row left out */
export function lossOfNext(logits: Float32Array, rows: readonly (readonly number[])[]): number {
  const time = rows[0]?.length ?? 0;
  const vocab = logits.length / (rows.length * time);
  let [sum, count] = [0, 0];
  for (const [row, tokens] of rows.entries())
    for (let at = 0; at + 1 < time; at++) {
      const from = (row * time + at) * vocab;
      const line = logits.subarray(from, from + vocab);
      sum -= logProbability(line, tokens[at + 1] as number);
      count++;
    }
  return sum / count;
}

/** ln p of a token, from one position's logits. */
export function logProbability(logits: ArrayLike<number>, token: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < logits.length; n++) top = Math.max(top, logits[n] as number);
  let total = 0;
  for (let n = 0; n < logits.length; n++) total += Math.exp((logits[n] as number) - top);
  return (logits[token] as number) - top - Math.log(total);
}
