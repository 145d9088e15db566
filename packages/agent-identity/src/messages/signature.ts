/** Making and reading `Signature` and `Signature-Input` (RFC 9421, 2.5 to 4). What a signature must cover is the profile's word. */
import {
  type BareItem,
  type InnerList,
  isInnerList,
  parseDictionary,
  serializeDictionary,
  serializeInnerList,
} from "structured-headers";
import type { PublicKey } from "../keys/public-key.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import { Malformed } from "../malformed.ts";
import { type Component, componentValue, identifierOf } from "./components.ts";
import { fieldOf, type Message } from "./message.ts";

export interface SignatureParameters {
  /** Seconds since the epoch. */
  created?: number;
  expires?: number;
  nonce?: string;
  alg?: string;
  keyid?: string;
  tag?: string;
}

/** One signature of a message, read but not yet checked. */
export interface ReadSignature {
  label: string;
  components: Component[];
  parameters: SignatureParameters;
  signature: Uint8Array;
  /** What was signed, for the message as it is now. @throws Malformed when a covered component is not there */
  base(): string;
}

/** The text that is signed: a line for each component, then the parameters (2.5). */
export function signatureBase(message: Message, input: InnerList): string {
  const covered = componentsOf(input);
  const identifiers = covered.map(identifierOf);
  if (new Set(identifiers).size < identifiers.length) throw new Malformed("a component is covered twice");
  const lines = covered.map((each, index) => `${identifiers[index]}: ${componentValue(message, each)}`);
  return [...lines, `"@signature-params": ${serializeInnerList(input)}`].join("\n");
}

/** @returns the two fields to add */
export function signMessage(
  message: Message,
  options: { label: string; components: readonly Component[]; parameters: SignatureParameters; key: SigningKey },
): { "signature-input": string; signature: string } {
  const { label, components, key } = options;
  const parameters = new Map<string, BareItem>(
    Object.entries(options.parameters).filter((entry): entry is [string, BareItem] => entry[1] !== undefined),
  );
  const input: InnerList = [components.map(({ name, parameters }) => [name, new Map(parameters)]), parameters];
  return {
    "signature-input": serializeDictionary(new Map([[label, input]])),
    signature: serializeDictionary({ [label]: [new Uint8Array(key.sign(signatureBase(message, input))), new Map()] }),
  };
}

/**
 * Every signature of a message, in its order.
 *
 * @throws Malformed when the fields are no dictionaries, do not fit together, or hold what is no signature
 */
export function readSignatures(message: Message): ReadSignature[] {
  const [input, signature] = [fieldOf(message.fields, "signature-input"), fieldOf(message.fields, "signature")];
  if (input === undefined && signature === undefined) return [];
  if (input === undefined || signature === undefined)
    throw new Malformed(`there is no ${input === undefined ? "Signature-Input" : "Signature"} beside the other field`);
  const [inputs, signatures] = [dictionary("Signature-Input", input), dictionary("Signature", signature)];
  const read = [...inputs].map(([label, member]): ReadSignature => {
    const value = signatures.get(label)?.[0];
    if (!isInnerList(member)) throw new Malformed(`Signature-Input: ${label} is not a list of components`);
    if (!(value instanceof ArrayBuffer)) throw new Malformed(`Signature: ${label} is missing, or holds no bytes`);
    return {
      label,
      components: componentsOf(member),
      parameters: parametersOf(label, member[1]),
      signature: new Uint8Array(value),
      base: () => signatureBase(message, member),
    };
  });
  const lone = [...signatures.keys()].find((label) => !inputs.has(label));
  if (lone !== undefined) throw new Malformed(`Signature: ${lone} has no Signature-Input`);
  return read;
}

/** Whether the signature is that of the key over the message as it is. */
export function isBy(key: PublicKey, read: ReadSignature): boolean {
  const { alg } = read.parameters;
  if (alg !== undefined && alg !== key.algorithm) return false;
  return key.verify(read.base(), read.signature);
}

function dictionary(name: string, value: string) {
  try {
    return parseDictionary(value);
  } catch {
    throw new Malformed(`${name} is not a structured dictionary`, 'It looks like sig1=("@authority");created=1.');
  }
}

const componentsOf = ([items]: InnerList): Component[] =>
  items.map(([name, parameters]) => {
    if (typeof name !== "string" || name !== name.toLowerCase() || /[\r\n]/.test(name))
      throw new Malformed("a covered component is no name in lower case");
    return { name, parameters };
  });

function parametersOf(label: string, given: ReadonlyMap<string, BareItem>): SignatureParameters {
  const integer = (name: string): number | undefined => {
    const value = given.get(name);
    if (value !== undefined && !Number.isSafeInteger(value))
      throw new Malformed(`${label}: ${name} is no whole number`);
    return value as number | undefined;
  };
  const string = (name: string): string | undefined => {
    const value = given.get(name);
    if (value !== undefined && typeof value !== "string") throw new Malformed(`${label}: ${name} is no string`);
    return value;
  };
  return {
    ...defined("created", integer("created")),
    ...defined("expires", integer("expires")),
    ...defined("nonce", string("nonce")),
    ...defined("alg", string("alg")),
    ...defined("keyid", string("keyid")),
    ...defined("tag", string("tag")),
  };
}

const defined = <K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [key in K]: V });
