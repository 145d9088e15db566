/** Collects the nodes of an ONNX graph while a graph of ours is walked. */
import type { Data, DType } from "../dtype.ts";
import { dataOf } from "../dtype.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Attribute, ElementType, Initializer, OnnxNode } from "./proto.ts";

export interface NodeOptions {
  attributes?: Readonly<Record<string, Attribute>>;
  domain?: OnnxNode["domain"];
}

export class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Initializer[] = [];
  readonly #names = new Map<Tensor, string>();
  readonly #constants = new Map<string, string>();
  #count = 0;

  /** The name under which a tensor goes. */
  nameOf(tensor: Tensor): string {
    const known = this.#names.get(tensor);
    if (known) return known;
    const name = `${tensor.node.op}_${this.#count++}`;
    this.#names.set(tensor, name);
    return name;
  }

  isNamed(tensor: Tensor): boolean {
    return this.#names.has(tensor);
  }

  alias(tensor: Tensor, name: string): void {
    this.#names.set(tensor, name);
  }

  fresh(): string {
    return `v${this.#count++}`;
  }

  /** A node with one output. @returns the output's name */
  node(
    op: string,
    inputs: readonly string[],
    { attributes = {}, domain = "" }: NodeOptions = {},
    output = this.fresh(),
  ): string {
    this.nodes.push({ op, domain, inputs, outputs: [output], attributes });
    return output;
  }

  /** A node with several outputs; "" for those that nobody wants. */
  outputs(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    { attributes = {}, domain = "" }: NodeOptions = {},
  ): void {
    this.nodes.push({ op, domain, inputs, outputs, attributes });
  }

  ints(values: readonly number[], shape: Shape = [values.length]): string {
    return this.constant("int64", dataOf("int64", values), shape);
  }

  number(value: number, dtype: DType, shape: Shape = []): string {
    return this.constant(dtype, dataOf(dtype, [value]), shape);
  }

  constant(type: ElementType, data: Data | BigUint64Array, shape: Shape): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = bytes.length <= 64 ? `${type} ${shape} ${bytes}` : undefined;
    const known = key && this.#constants.get(key);
    if (known) return known;
    const name = `c${this.#count++}`;
    if (key) this.#constants.set(key, name);
    this.initializers.push({ name, type, shape, bytes });
    return name;
  }
}
