/** A JSON schema as a grammar of the documents that satisfy it. */
import { z } from "zod";
import { TransformerError } from "../transformer-error.ts";
import { choice, type Expression, type Grammar, literal, optional, repeat, rule, sequence } from "./expression.ts";
import { anyNumber, LARGEST, wholeNumbers } from "./json-numbers.ts";
import { jsonString } from "./json-strings.ts";

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;
type TypeName = (typeof TYPES)[number];

/** Says nothing about which documents are valid. */
const annotation = z.unknown().optional();
const Schema = z.strictObject({
  $schema: annotation,
  $id: annotation,
  $comment: annotation,
  title: annotation,
  description: annotation,
  default: annotation,
  examples: annotation,
  deprecated: annotation,
  readOnly: annotation,
  writeOnly: annotation,
  format: annotation,
  $defs: z.record(z.string(), z.unknown()).optional(),
  definitions: z.record(z.string(), z.unknown()).optional(),
  $ref: z.string().optional(),
  anyOf: z.array(z.unknown()).min(1).optional(),
  oneOf: z.array(z.unknown()).min(1).optional(),
  allOf: z.array(z.unknown()).length(1, "allOf of more than one").optional(),
  type: z.union([z.enum(TYPES), z.array(z.enum(TYPES)).min(1)]).optional(),
  enum: z.array(z.json()).min(1).optional(),
  const: z.json().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  propertyNames: annotation,
  items: z.unknown().optional(),
  minItems: z.int().nonnegative().optional(),
  maxItems: z.int().nonnegative().optional(),
  minLength: z.int().nonnegative().optional(),
  maxLength: z.int().nonnegative().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
});
type Schema = z.infer<typeof Schema>;

/** Whitespace is of no use to a model, and without end where it may always come: one space after commas and colons. */
const comma = sequence(literal(","), optional(literal(" ")));
const colon = sequence(literal(":"), optional(literal(" ")));

/**
 * Documents are compact; an object has its properties in the schema's order and no others, a map (`additionalProperties` alone)
 * any. Of JSON Schema 2020-12 it takes what `Schema` above lists, bounds of `integer` alone, `oneOf` whose alternatives differ in
 * type or in a constant property, and local `$ref`s, recursive too; `format` is an annotation.
 * @throws {TransformerError} naming the place, for anything else: a keyword is never left out of account
 */
export function jsonSchemaGrammar(document: unknown): Grammar {
  const rules = new Map<string, Expression>();
  const fail = (path: string, why: string): TransformerError =>
    new TransformerError(`The JSON schema cannot be used: ${path}: ${why}`);

  function parsed(given: unknown, path: string): Schema {
    if (given === true) return {};
    const result = Schema.safeParse(given);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw fail(path, issue ? `${issue.path.map(String).join(".")} ${issue.message}`.trim() : "it is no schema");
  }

  /** Each place of the schema is a rule, made once: so that it may refer to itself. */
  function at(path: string, given: unknown): Expression {
    if (!rules.has(path)) {
      rules.set(path, choice());
      rules.set(path, documents(parsed(given, path), path));
    }
    return rule(path);
  }

  function documents(schema: Schema, path: string): Expression {
    if (schema.const !== undefined || schema.enum) return constantsOf(schema, path);
    if (schema.$ref !== undefined) {
      alone(schema, ["$ref"], path);
      return at(schema.$ref, resolved(schema.$ref, path));
    }
    const { anyOf, oneOf, allOf } = schema;
    if (anyOf ?? oneOf ?? allOf) {
      alone(schema, ["anyOf", "oneOf", "allOf"].filter((name) => name in schema).slice(0, 1), path);
      const name = anyOf ? "anyOf" : oneOf ? "oneOf" : "allOf";
      const options = anyOf ?? oneOf ?? allOf ?? [];
      if (oneOf && !areApart(oneOf.map((option, n) => parsed(option, `${path}/oneOf/${n}`))))
        throw fail(path, "oneOf whose alternatives might both hold");
      return choice(...options.map((option, n) => at(`${path}/${name}/${n}`, option)));
    }
    const types = schema.type === undefined ? guessed(schema) : [schema.type].flat();
    for (const [name, of] of Object.entries(BELONGS))
      if (name in schema && !types.some((type) => of.includes(type)))
        throw fail(path, `${name} without the type ${of.join(" or ")}`);
    return choice(...types.map((type) => typed(type, schema, path)));
  }

  function typed(type: TypeName, schema: Schema, path: string): Expression {
    switch (type) {
      case "null":
        return literal("null");
      case "boolean":
        return choice(literal("true"), literal("false"));
      case "string": {
        const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
        if (pattern !== undefined && (minLength > 0 || maxLength !== Number.POSITIVE_INFINITY))
          throw fail(path, "pattern together with minLength or maxLength");
        return jsonString({ minLength, maxLength, pattern });
      }
      case "number":
        if (BOUNDS.some((bound) => schema[bound] !== undefined))
          throw fail(path, "bounds of a number that is no integer");
        return anyNumber;
      case "integer":
        return integerOf(schema, path);
      case "array":
        return arrayOf(schema, path);
      case "object":
        return objectOf(schema, path);
    }
  }

  function integerOf(schema: Schema, path: string): Expression {
    const { minimum = -LARGEST, maximum = LARGEST, exclusiveMinimum, exclusiveMaximum } = schema;
    const least = Math.max(Math.ceil(minimum), Math.floor(exclusiveMinimum ?? -LARGEST - 1) + 1, -LARGEST);
    const most = Math.min(Math.floor(maximum), Math.ceil(exclusiveMaximum ?? LARGEST + 1) - 1, LARGEST);
    const found = wholeNumbers(least, most);
    if (!found) throw fail(path, "no integer is within the bounds");
    return found;
  }

  function arrayOf({ items = true, minItems = 0, maxItems }: Schema, path: string): Expression {
    const most = maxItems ?? Number.POSITIVE_INFINITY;
    if (most < minItems) throw fail(path, "maxItems is below minItems");
    const item = most === 0 ? literal("") : at(items === true ? ANYTHING : `${path}/items`, items);
    const more = sequence(item, repeat(sequence(comma, item), Math.max(0, minItems - 1), most - 1));
    return sequence(literal("["), most === 0 ? literal("") : minItems === 0 ? optional(more) : more, literal("]"));
  }

  function objectOf(schema: Schema, path: string): Expression {
    const { properties = {}, required = [], additionalProperties } = schema;
    const names = Object.keys(properties);
    for (const name of required)
      if (!names.includes(name)) throw fail(path, `required names "${name}", which is not among the properties`);
    if (names.length === 0 && additionalProperties !== false && schema.properties === undefined)
      return mapOf(additionalProperties ?? true, path);
    if (typeof additionalProperties === "object") throw fail(path, "properties together with a schema for others");
    // From the last property back: what may follow, and whether a comma must come before it.
    let [after, afterSome]: [Expression, Expression] = [literal(""), literal("")];
    for (const [n, name] of [...names.entries()].reverse()) {
      const value = at(`${path}/properties/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, properties[name]);
      const member = sequence(literal(JSON.stringify(name)), colon, value);
      const taken = [sequence(member, afterSome), sequence(comma, member, afterSome)] as const;
      const rest: [Expression, Expression] = required.includes(name)
        ? [...taken]
        : [choice(taken[0], after), choice(taken[1], afterSome)];
      // As rules, or optional properties would double the grammar with each.
      for (const [place, expression] of rest.entries()) rules.set(`${path}/from/${n}/${place}`, expression);
      [after, afterSome] = [rule(`${path}/from/${n}/0`), rule(`${path}/from/${n}/1`)];
    }
    return sequence(literal("{"), after, literal("}"));
  }

  function mapOf(values: unknown, path: string): Expression {
    const value = at(values === true ? ANYTHING : `${path}/additionalProperties`, values);
    const member = sequence(jsonString({ minLength: 0, maxLength: Number.POSITIVE_INFINITY }), colon, value);
    return sequence(literal("{"), optional(sequence(member, repeat(sequence(comma, member)))), literal("}"));
  }

  function resolved(reference: string, path: string): unknown {
    if (reference !== "#" && !reference.startsWith("#/"))
      throw fail(path, `$ref ${reference} is not within the schema`);
    let found: unknown = document;
    for (const part of reference.split("/").slice(1)) {
      const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined;
    }
    if (found === undefined) throw fail(path, `$ref ${reference} leads nowhere`);
    return found;
  }

  function alone(schema: Schema, names: readonly string[], path: string): void {
    const other = Object.keys(schema).find(
      (name) => !names.includes(name) && !ANNOTATIONS.has(name) && schema[name as keyof Schema] !== undefined,
    );
    if (other !== undefined) throw fail(path, `${names[0]} together with ${other}`);
  }

  function constantsOf(schema: Schema, path: string): Expression {
    alone(schema, ["enum", "const", "type"], path);
    if (schema.enum && schema.const !== undefined) throw fail(path, "enum together with const");
    const types = schema.type === undefined ? TYPES : [schema.type].flat();
    const values = (schema.enum ?? [schema.const]).filter((value) => types.some((type) => isOfType(value, type)));
    if (values.length === 0) throw fail(path, "no constant is of the type");
    return choice(...values.map((value) => literal(JSON.stringify(value))));
  }

  const root = at("#", document);
  return { root, rules };
}

/** Any document. */
export const jsonGrammar = (): Grammar => jsonSchemaGrammar({});

const ANYTHING = "anything";
const BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;
const ANNOTATIONS: ReadonlySet<string> = new Set([
  ...[
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
  ],
  ...["format", "$defs", "definitions"],
]);

/** What a keyword speaks of: with another type it would say nothing, which is never what was meant. */
const BELONGS: Readonly<Record<string, readonly TypeName[]>> = {
  properties: ["object"],
  required: ["object"],
  additionalProperties: ["object"],
  items: ["array"],
  minItems: ["array"],
  maxItems: ["array"],
  minLength: ["string"],
  maxLength: ["string"],
  pattern: ["string"],
  ...Object.fromEntries(BOUNDS.map((bound) => [bound, ["integer", "number"] as const])),
};

/** A schema without a type is of the types that its keywords speak of; without any, of every type. */
function guessed(schema: Schema): readonly TypeName[] {
  const spoken = Object.entries(BELONGS).flatMap(([name, types]) => (name in schema ? types : []));
  return spoken.length > 0 ? [...new Set(spoken)] : TYPES.filter((type) => type !== "integer");
}

function isOfType(value: unknown, type: TypeName): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

/** Whether no document can satisfy two of them: they are of different types, or objects with different constants. */
function areApart(schemas: readonly Schema[]): boolean {
  const typesOf = ({ type, const: value, enum: values }: Schema): readonly string[] =>
    type !== undefined
      ? [type].flat().map((each) => (each === "integer" ? "number" : each))
      : (values ?? (value === undefined ? [] : [value])).map((each) => (each === null ? "null" : typeof each));
  const constantsIn = (schema: Schema): Map<string, string> =>
    new Map(
      Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
        const found = z.object({ const: z.json() }).safeParse(property);
        return found.success && schema.required?.includes(name)
          ? [[name, JSON.stringify(found.data.const)] as const]
          : [];
      }),
    );
  return schemas.every((one, n) =>
    schemas.slice(0, n).every((other) => {
      const [left, right] = [typesOf(one), typesOf(other)];
      if (left.length > 0 && right.length > 0 && !left.some((type) => right.includes(type))) return true;
      const constants = constantsIn(other);
      return [...constantsIn(one)].some(([name, value]) => constants.has(name) && constants.get(name) !== value);
    }),
  );
}
