/**
 * A RASP program as the weights of a transformer (Lindner et al. 2023, arXiv 2301.05062): each sequence has a part of the residual stream
 * of its own, categories as one number for each value, so that it is known which part writes what and who reads it. There are no norms,
 * and a first token sees to it that attention has somewhere to go where nothing is selected.
 */
import type { DecoderConfig } from "@candor/transformer";
import type { Edge } from "../circuits/edges.ts";
import { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { domainOf, meansOf, type Neuron, neuronsOf, type Space, steps, type Thought } from "./neurons.ts";
import { inputsOf, isNumeric, partsOf, type Selector, type Sequence, type Value } from "./program.ts";

export interface CompileOptions {
  vocabulary: readonly Value[];
  /** Of the inputs, without the first token. */
  longest: number;
  threads?: number;
}

export interface CompiledProgram extends AsyncDisposable {
  lens: Lens;
  /** With the first token. @throws {LensError} for what is not in the vocabulary, or too long */
  encode(input: readonly Value[]): number[];
  /** What the program says at each position of a row of logits, the first token's left out. */
  decode(logits: Float32Array, time: number): Value[];
  /** The edges that carry something to who reads it. */
  circuit: CarryingEdge[];
}

export interface CarryingEdge extends Edge {
  /** What it carries of the program, and what its reader makes of that. */
  carries: { sequence: Sequence; into: Sequence }[];
  /** It tells that the first token is there: always, where a width is counted; else only for where nothing is selected. */
  first?: "counted" | "fallback";
}

/** Attention to what is selected over attention to the rest, in nats: nothing is left of the rest. */
const SHARPNESS = 100;

interface HeadPlan {
  sequence: Sequence;
  selector: Selector;
  /** What is moved: a sequence's space, or how much attention the first token has. */
  moves: Space | "first token";
  to: { from: number; size: number };
}

export function compileProgram(program: Sequence, options: CompileOptions): CompiledProgram {
  const plan = new Plan(options);
  for (const sequence of partsOf(program)) plan.place(sequence);
  return plan.assemble(program);
}

class Plan {
  readonly #options: CompileOptions;
  readonly #spaces = new Map<Sequence, Space>();
  readonly #heads = new Map<number, HeadPlan[]>();
  readonly #neurons = new Map<number, { neurons: Neuron[]; reads: Reading[]; bars: boolean }>();
  readonly #inverses = new Map<Sequence, Inverse>();
  /** The dimension of the first token. */
  readonly #first: number;
  #width = 0;

  constructor(options: CompileOptions) {
    this.#options = options;
    this.#first = this.#take(1);
  }

  #take(size: number): number {
    const from = this.#width;
    this.#width += size;
    return from;
  }

  #space(sequence: Sequence, values: Value[], writer: string, ready: number): Space {
    const size = isNumeric(sequence) ? 1 : values.length;
    const space = { sequence, values, size, from: this.#take(size), writer, ready };
    this.#spaces.set(sequence, space);
    return space;
  }

  #of(sequence: Sequence): Space {
    const found = this.#spaces.get(sequence);
    if (!found) throw new RangeError("a part is placed before what is made of it");
    return found;
  }

  /** Parts of it have been placed. */
  place(sequence: Sequence): void {
    const { vocabulary, longest } = this.#options;
    switch (sequence.op) {
      case "tokens":
        this.#space(sequence, [...vocabulary], "tokens", 0);
        return;
      case "indices":
        this.#space(
          sequence,
          Array.from({ length: longest }, (_, n) => n),
          "positions",
          0,
        );
        return;
      case "aggregate":
        this.#attend(sequence);
        return;
      case "width":
        this.#count(sequence);
        return;
      default:
        this.#think(sequence);
    }
  }

  #attend(sequence: Extract<Sequence, { op: "aggregate" }>): void {
    const { over, of } = sequence;
    const source = this.#of(of);
    const layer = this.#attentionAfter([this.#of(over.keys), this.#of(over.queries), source]);
    const values = isNumeric(of) ? meansOf(source.values.map(Number), this.#options.longest) : source.values;
    const heads = this.#headsAt(layer);
    const space = this.#space(sequence, values, `a${layer}.${heads.length}`, 2 * layer + 1);
    heads.push({ sequence, selector: over, moves: source, to: space });
  }

  /** Attention that also sees the first token gives that 1 / (1 + width); the MLP of the layer reads the width off it. */
  #count(sequence: Extract<Sequence, { op: "width" }>): void {
    const { over } = sequence;
    const { longest } = this.#options;
    const layer = this.#attentionAfter([this.#of(over.keys), this.#of(over.queries)]);
    const heads = this.#headsAt(layer);
    const inverse: Inverse = { from: this.#take(1), writer: `a${layer}.${heads.length}`, sequence };
    this.#inverses.set(sequence, inverse);
    heads.push({ sequence, selector: over, moves: "first token", to: { from: inverse.from, size: 1 } });
    const values = Array.from({ length: longest + 1 }, (_, n) => n);
    const space = this.#space(sequence, values, `m${layer}`, 2 * layer + 2);
    const points = values.map((value, n) => ({ at: 1 / (1 + value), writes: space.from + n }));
    this.#mlp(layer, steps(inverse.from, points, this.#first), [{ source: inverse, into: sequence }], true);
  }

  #think(sequence: Thought): void {
    const sources = inputsOf(sequence).map((each) => this.#of(each));
    const layer = Math.max(0, ...sources.map(({ ready }) => Math.ceil((ready - 1) / 2)));
    const values = domainOf(sequence, sources);
    const space = this.#space(sequence, values, `m${layer}`, 2 * layer + 2);
    const neurons = neuronsOf(sequence, sources as [Space, ...Space[]], space, this.#first);
    const reads = sources.map((source) => ({ source, into: sequence }));
    this.#mlp(layer, neurons, reads, sequence.op === "round");
  }

  /** @param bars whether it says nothing at the first token because it reads that it is there */
  #mlp(layer: number, neurons: readonly Neuron[], reads: readonly Reading[], bars: boolean): void {
    const known = this.#neurons.get(layer) ?? { neurons: [], reads: [], bars: false };
    known.bars ||= bars;
    known.neurons.push(...neurons);
    known.reads.push(...reads);
    this.#neurons.set(layer, known);
  }

  #attentionAfter(sources: readonly Space[]): number {
    return Math.max(...sources.map(({ ready }) => Math.ceil(ready / 2)));
  }

  #headsAt(layer: number): HeadPlan[] {
    const heads = this.#heads.get(layer) ?? [];
    this.#heads.set(layer, heads);
    return heads;
  }

  assemble(program: Sequence): CompiledProgram {
    const { vocabulary, longest, threads } = this.#options;
    const said = this.#of(program);
    const layers = 1 + Math.max(0, ...this.#heads.keys(), ...this.#neurons.keys());
    const heads = Math.max(1, ...[...this.#heads.values()].map(({ length }) => length));
    const headDim = Math.max(
      1,
      ...[...this.#heads.values()]
        .flat()
        .map(({ selector, moves }) =>
          Math.max(this.#of(selector.queries).size + 1, moves === "first token" ? 1 : moves.size),
        ),
    );
    const mlpWidth = Math.max(1, ...[...this.#neurons.values()].map(({ neurons }) => neurons.length));
    const vocab = Math.max(vocabulary.length + 1, said.size);
    const config: DecoderConfig = {
      ...{ layers, heads, kvHeads: heads, headDim, width: this.#width, mlpWidth, vocab, context: longest + 1 },
      positions: { kind: "learned" },
      norm: { kind: "none", epsilon: 0, bias: false },
      ...{
        normPlacement: "pre",
        parallelResidual: false,
        activation: "relu",
        gated: false,
        qkNorm: false,
        tied: false,
      },
      biases: { qkv: true, o: false, mlp: true },
      bidirectional: true,
    };
    const weights = this.#weights(config, said);
    const lens = new Lens(config, weights, threads === undefined ? {} : { threads });
    const places = new Map(vocabulary.map((value, n) => [value, n + 1]));
    return {
      lens,
      circuit: this.#circuit(said, layers),
      encode: (input) => {
        if (input.length === 0 || input.length > longest)
          throw new LensError(`The program takes 1 to ${longest} tokens, not ${input.length}`);
        return [
          0,
          ...input.map((value) => {
            const id = places.get(value);
            if (id === undefined)
              throw new LensError(`The program does not know ${value}`, `It knows ${vocabulary.join(", ")}.`);
            return id;
          }),
        ];
      },
      decode: (logits, time) =>
        Array.from({ length: time - 1 }, (_, n) => {
          const line = logits.subarray((n + 1) * vocab, (n + 1) * vocab + said.size);
          if (isNumeric(program)) return line[0] as number;
          return said.values[line.indexOf(Math.max(...line))] as Value;
        }),
      [Symbol.asyncDispose]: () => lens[Symbol.asyncDispose](),
    };
  }

  #weights(config: DecoderConfig, said: Space): Map<string, Float32Array> {
    const { width, heads, headDim, mlpWidth, vocab, context, layers } = config;
    const weights = new Map<string, Float32Array>();
    const matrix = (name: string, rows: number, columns: number) => {
      const values = new Float32Array(rows * columns);
      weights.set(name, values);
      return (row: number, column: number, value: number): void => {
        values[row * columns + column] = (values[row * columns + column] as number) + value;
      };
    };
    const embed = matrix("embed.weight", vocab, width);
    embed(0, this.#first, 1);
    const positions = matrix("positions.weight", context, width);
    for (const { sequence, from, size } of this.#spaces.values())
      for (let n = 0; n < size; n++) {
        if (sequence.op === "tokens") embed(n + 1, from + n, 1);
        if (sequence.op === "indices") positions(n + 1, from + n, 1);
      }
    const unembed = matrix("unembed.weight", width, vocab);
    for (let n = 0; n < said.size; n++) unembed(said.from + n, n, 1);
    // Undoes what attention divides by.
    const scale = SHARPNESS * Math.sqrt(headDim);
    for (let layer = 0; layer < layers; layer++) {
      const block = `blocks.${layer}`;
      const [q, k, v] = (["q", "k", "v"] as const).map((part) => ({
        weight: matrix(`${block}.attn.${part}.weight`, width, heads * headDim),
        bias: matrix(`${block}.attn.${part}.bias`, 1, heads * headDim),
      })) as [Projection, Projection, Projection];
      const o = matrix(`${block}.attn.o.weight`, heads * headDim, width);
      for (const [head, { selector, moves, to }] of this.#headsAt(layer).entries()) {
        const at = head * headDim;
        const [queries, keys] = [this.#of(selector.queries), this.#of(selector.keys)];
        for (const [n, query] of queries.values.entries()) {
          q.weight(queries.from + n, at + n, scale);
          for (const [m, key] of keys.values.entries())
            if (selector.sees(key, query)) k.weight(keys.from + m, at + n, 1);
        }
        // Every position asks for the first token, too: half as loud as for what is selected, or as loud where it is counted.
        q.bias(0, at + queries.size, scale);
        k.weight(this.#first, at + queries.size, moves === "first token" ? 1 : 0.5);
        const source = moves === "first token" ? { from: this.#first, size: 1 } : moves;
        for (let n = 0; n < source.size; n++) {
          v.weight(source.from + n, at + n, 1);
          o(at + n, to.from + n, 1);
        }
      }
      const into = matrix(`${block}.mlp.in.weight`, width, mlpWidth);
      const bias = matrix(`${block}.mlp.in.bias`, 1, mlpWidth);
      const out = matrix(`${block}.mlp.out.weight`, mlpWidth, width);
      matrix(`${block}.mlp.out.bias`, 1, width);
      for (const [n, neuron] of (this.#neurons.get(layer)?.neurons ?? []).entries()) {
        bias(0, n, neuron.bias);
        for (const [dimension, weight] of neuron.reads) into(dimension, n, weight);
        for (const [dimension, weight] of neuron.writes) out(n, dimension, weight);
      }
    }
    return weights;
  }

  #circuit(said: Space, layers: number): CompiledProgram["circuit"] {
    const circuit: CarryingEdge[] = [];
    const edge = (from: string, to: string): CarryingEdge => {
      const found = circuit.find((each) => each.from === from && each.to === to);
      if (found) return found;
      const made: CarryingEdge = { from, to, carries: [] };
      circuit.push(made);
      return made;
    };
    const add = ({ writer, sequence }: Pick<Space, "writer" | "sequence">, to: string, into: Sequence): void => {
      edge(writer, to).carries.push({ sequence, into });
    };
    const tell = (to: string, first: "counted" | "fallback"): void => {
      const telling = edge("tokens", to);
      if (telling.first !== "counted") telling.first = first;
    };
    for (let layer = 0; layer < layers; layer++) {
      for (const [head, { sequence, selector, moves }] of this.#headsAt(layer).entries()) {
        const name = `a${layer}.${head}`;
        add(this.#of(selector.queries), `${name}.q`, sequence);
        add(this.#of(selector.keys), `${name}.k`, sequence);
        if (moves !== "first token") add(moves, `${name}.v`, sequence);
        else tell(`${name}.v`, "counted");
        tell(`${name}.k`, moves === "first token" ? "counted" : "fallback");
      }
      for (const { source, into } of this.#neurons.get(layer)?.reads ?? []) add(source, `m${layer}`, into);
      if (this.#neurons.get(layer)?.bars) tell(`m${layer}`, "fallback");
    }
    add(said, "logits", said.sequence);
    return circuit;
  }
}

interface Projection {
  weight(row: number, column: number, value: number): void;
  bias(row: number, column: number, value: number): void;
}

interface Reading {
  source: Space | Inverse;
  into: Sequence;
}

/** Where 1 / (1 + width) is, between attention and the MLP. */
interface Inverse {
  sequence: Sequence;
  from: number;
  writer: string;
}
