/** The part of onnx.proto that is written here (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, IR version 10). */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Shape } from "../shape.ts";

/** TensorProto.DataType. */
export const ELEMENT_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
  uint32: 12,
  uint64: 13,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPE;

export type Attribute = number | bigint | string | readonly number[] | { float: number };

export interface OnnxNode {
  op: string;
  domain: "" | "com.microsoft";
  inputs: readonly string[];
  outputs: readonly string[];
  /** Numbers and lists of them are ints. */
  attributes: Readonly<Record<string, Attribute>>;
}

export interface Initializer {
  name: string;
  type: ElementType;
  shape: Shape;
  bytes: Uint8Array;
}

export interface ValueInfo {
  name: string;
  type: ElementType;
  shape: Shape;
}

export interface OnnxGraph {
  nodes: readonly OnnxNode[];
  initializers: readonly Initializer[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
}

const IR_VERSION = 10;
const OPSETS = [
  ["", 21],
  ["com.microsoft", 1],
] as const;

export function encodeModel(graph: OnnxGraph): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, 1, IR_VERSION);
  text(writer, 2, "candor");
  const pieces = encodeGraph(graph);
  const before = writer.finish();
  const after = new BinaryWriter();
  for (const [domain, version] of OPSETS) {
    const opset = new BinaryWriter();
    text(opset, 1, domain);
    int(opset, 2, version);
    message(after, 8, opset);
  }
  return joined([before, headOf(7, lengthOf(pieces)), ...pieces, after.finish()]);
}

/** In pieces: the weights are copied once, when all is joined. */
function encodeGraph({ nodes, initializers, inputs, outputs }: OnnxGraph): Uint8Array[] {
  const before = new BinaryWriter();
  for (const node of nodes) message(before, 1, encodeNode(node));
  text(before, 2, "graph");
  const after = new BinaryWriter();
  for (const value of inputs) message(after, 11, encodeValueInfo(value));
  for (const value of outputs) message(after, 12, encodeValueInfo(value));
  return [before.finish(), ...initializers.flatMap(encodeInitializer), after.finish()];
}

function encodeInitializer({ name, type, shape, bytes }: Initializer): Uint8Array[] {
  const tensor = new BinaryWriter();
  ints(tensor, 1, shape);
  int(tensor, 2, ELEMENT_TYPE[type]);
  text(tensor, 8, name);
  const head = tensor.tag(9, WireType.LengthDelimited).uint32(bytes.length).finish();
  return [headOf(5, head.length + bytes.length), head, bytes];
}

/** What stands before the pieces of an inner message of `length` bytes. */
const headOf = (field: number, length: number): Uint8Array =>
  new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function encodeNode({ op, domain, inputs, outputs, attributes }: OnnxNode): BinaryWriter {
  const writer = new BinaryWriter();
  for (const name of inputs) text(writer, 1, name);
  for (const name of outputs) text(writer, 2, name);
  text(writer, 4, op);
  for (const [name, value] of Object.entries(attributes)) message(writer, 5, encodeAttribute(name, value));
  if (domain !== "") text(writer, 7, domain);
  return writer;
}

function encodeAttribute(name: string, value: Attribute): BinaryWriter {
  const writer = new BinaryWriter();
  text(writer, 1, name);
  const type = (code: number): void => int(writer, 20, code);
  if (typeof value === "number" || typeof value === "bigint") {
    writer.tag(3, WireType.Varint).int64(value);
    type(2);
  } else if (typeof value === "string") {
    text(writer, 4, value);
    type(3);
  } else if ("float" in value) {
    writer.tag(2, WireType.Bit32).float(value.float);
    type(1);
  } else {
    ints(writer, 8, value);
    type(7);
  }
  return writer;
}

function encodeValueInfo({ name, type, shape }: ValueInfo): BinaryWriter {
  const dimensions = new BinaryWriter();
  for (const extent of shape) {
    const dimension = new BinaryWriter();
    int(dimension, 1, extent);
    message(dimensions, 1, dimension);
  }
  const tensor = new BinaryWriter();
  int(tensor, 1, ELEMENT_TYPE[type]);
  message(tensor, 2, dimensions);
  const outer = new BinaryWriter();
  message(outer, 1, tensor);
  const writer = new BinaryWriter();
  text(writer, 1, name);
  message(writer, 2, outer);
  return writer;
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function ints(writer: BinaryWriter, field: number, values: readonly number[]): void {
  for (const value of values) int(writer, field, value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, inner: BinaryWriter): void {
  writer.tag(field, WireType.LengthDelimited).bytes(inner.finish());
}
