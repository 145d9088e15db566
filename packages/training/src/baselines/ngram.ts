/** Tables of n-grams: what a model must beat before it is worth its weights. */

/**
 * Counts every sequence of up to `order` tokens and interpolates them after Witten and Bell (1991):
 * P(w | h) = (c(hw) + T(h) P(w | h')) / (c(h) + T(h)), with T(h) the number of different followers of h and h' without its oldest token.
 * Single tokens are mixed with the uniform distribution in the same way.
 */
export class Ngram {
  readonly order: number;
  readonly vocabSize: number;
  /** A history is a node; the node of a history and one more token is found by `node * vocabSize + token`. */
  private readonly nodes = new Map<number, number>();
  /** Per node: how often it was seen, how often it was followed, by how many different tokens. */
  private readonly seen: number[] = [0];
  private readonly followed: number[] = [0];
  private readonly followers: number[] = [0];

  constructor(tokens: ArrayLike<number>, vocabSize: number, order: number) {
    if (!(Number.isInteger(order) && order >= 1))
      throw new RangeError(`an order of ${order} is no whole number above 0`);
    this.order = order;
    this.vocabSize = vocabSize;
    const history = new History(order);
    for (let t = 0; t < tokens.length; t++) {
      const token = this.checked(tokens[t]);
      history.next((node) => this.count(node, token));
    }
  }

  /** Mean nats a token, for each order from 1 up, in one pass. */
  losses(tokens: ArrayLike<number>): number[] {
    const sums = new Array<number>(this.order).fill(0);
    const history = new History(this.order);
    for (let t = 0; t < tokens.length; t++) {
      const token = this.checked(tokens[t]);
      let probability = 1 / this.vocabSize;
      history.next(
        (node, length) => {
          const child = this.nodes.get(node * this.vocabSize + token);
          probability = this.mix(node, child, probability);
          sums[length] = (sums[length] as number) - Math.log(probability);
          return child;
        },
        (length) => {
          sums[length] = (sums[length] as number) - Math.log(probability);
        },
      );
    }
    return sums.map((sum) => sum / tokens.length);
  }

  /** Of a token after a history, of which the last `order - 1` tokens count. */
  probability(history: readonly number[], token: number): number {
    let probability = 1 / this.vocabSize;
    for (let length = 0; length < this.order && length <= history.length; length++) {
      let node: number | undefined = 0;
      for (const before of length === 0 ? [] : history.slice(-length)) {
        node = node === undefined ? undefined : this.nodes.get(node * this.vocabSize + before);
      }
      if (node === undefined) break;
      probability = this.mix(node, this.nodes.get(node * this.vocabSize + token), probability);
    }
    return probability;
  }

  private mix(node: number, child: number | undefined, shorter: number): number {
    const followed = this.followed[node] as number;
    if (followed === 0) return shorter;
    const followers = this.followers[node] as number;
    const count = child === undefined ? 0 : (this.seen[child] as number);
    return (count + followers * shorter) / (followed + followers);
  }

  private count(node: number, token: number): number {
    const key = node * this.vocabSize + token;
    let child = this.nodes.get(key);
    if (child === undefined) {
      child = this.seen.length;
      this.nodes.set(key, child);
      this.seen.push(0);
      this.followed.push(0);
      this.followers.push(0);
      this.followers[node] = (this.followers[node] as number) + 1;
    }
    this.seen[child] = (this.seen[child] as number) + 1;
    this.followed[node] = (this.followed[node] as number) + 1;
    return child;
  }

  private checked(token: number | undefined): number {
    if (token !== undefined && token >= 0 && token < this.vocabSize) return token;
    throw new RangeError(`token ${token} is not in a vocabulary of ${this.vocabSize}`);
  }
}

/** The nodes of the last 0, 1, ... tokens; `undefined` where the table does not hold them. */
class History {
  private nodes: (number | undefined)[] = [0];
  private readonly order: number;

  constructor(order: number) {
    this.order = order;
  }

  /** Moves on by one token: `child` gives a node's next one, `missing` is told of lengths without a node. */
  next(child: (node: number, length: number) => number | undefined, missing?: (length: number) => void): void {
    const moved: (number | undefined)[] = [0];
    for (let length = 0; length < this.order; length++) {
      const node = this.nodes[length];
      if (node === undefined) missing?.(length);
      const next = node === undefined ? undefined : child(node, length);
      if (length + 1 < this.order) moved.push(next);
    }
    this.nodes = moved;
  }
}
