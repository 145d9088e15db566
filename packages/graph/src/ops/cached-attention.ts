/** Attention that reads keys and values of earlier positions from a cache, and puts the new ones there. */
import { GraphError } from "../errors.ts";
import { at, sameShape, show } from "../shape.ts";
import { Node, type Tensor } from "../tensor.ts";

export interface CachedAttentionInput {
  /** [batch, time, heads * headDim]. */
  q: Tensor;
  /** [batch, time, kvHeads * headDim] each. */
  k: Tensor;
  v: Tensor;
  /** [batch, kvHeads, capacity, headDim] each. */
  keys: Tensor;
  values: Tensor;
  /** Where the last of the new positions stands, int32 [batch]. */
  last: Tensor;
  /** One more than the largest of `last`, int32 []. */
  total: Tensor;
  /** Of scores; 1 / sqrt(headDim) where it is not given. */
  scale?: number;
}

/**
 * Each new position reads from itself and from all before it. ONNX Runtime takes several new positions after earlier ones
 * only for a batch of one.
 * @returns `mixed` [batch, time, heads * headDim], and the cache with what is new in it: in the same memory if a program
 * names it `inPlace`
 */
export function cachedAttention(given: CachedAttentionInput): { mixed: Tensor; keys: Tensor; values: Tensor } {
  const { q, k, v, keys, values, last, total } = given;
  const fail = (why: string): GraphError =>
    new GraphError(
      "cachedAttention",
      `q ${show(q.shape)}, k ${show(k.shape)}, v ${show(v.shape)}, cache ${show(keys.shape)}: ${why}`,
    );
  if (q.rank !== 3 || k.rank !== 3 || keys.rank !== 4) throw fail("q, k and v have three axes, the cache four");
  const [batch, kvHeads, , headDim] = keys.shape as [number, number, number, number];
  const time = at(q.shape, 1);
  const heads = at(q.shape, 2) / headDim;
  if (!sameShape(keys.shape, values.shape)) throw fail(`the values' cache is ${show(values.shape)}`);
  if (!sameShape(k.shape, [batch, time, kvHeads * headDim]) || !sameShape(v.shape, k.shape))
    throw fail("the new keys and values do not fit the cache");
  if (headDim % 8 !== 0) throw fail(`heads are ${headDim} wide, not a multiple of 8 (fill them up with zeros)`);
  if (at(q.shape, 0) !== batch || !Number.isInteger(heads / kvHeads)) throw fail("the queries do not fit the cache");
  if ([q, k, v, keys, values].some(({ dtype }) => dtype !== "float32")) throw fail("all are float32");
  if (last.dtype !== "int32" || total.dtype !== "int32" || !sameShape(last.shape, [batch]) || total.rank !== 0)
    throw fail(`last is int32 [${batch}] and total int32 [], not ${last} and ${total}`);
  const scale = given.scale ?? 1 / Math.sqrt(headDim);
  const [mixed, newKeys, newValues] = new Node(
    "cachedAttention",
    { heads, kvHeads, scale },
    [q, k, v, keys, values, last, total],
    [q, keys, values].map(({ shape, dtype }) => ({ shape, dtype })),
  ).outputs as [Tensor, Tensor, Tensor];
  return { mixed, keys: newKeys, values: newValues };
}
