/**
 * OTLP traces in their JSON encoding: ids in hexadecimal, 64-bit integers as decimal strings, enumerations as numbers
 * (OTLP specification 1.x, "JSON Protobuf Encoding"). Written by hand: OpenTelemetry's SDK records spans as they happen,
 * under ids of its own; here they are folded from a log, the same each time.
 */
import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const nanos = z.string().regex(/^\d{1,20}$/);

const AnyValue = z.union([
  z.object({ stringValue: z.string() }).strict(),
  z.object({ boolValue: z.boolean() }).strict(),
  z.object({ intValue: z.string().regex(/^-?\d+$/) }).strict(),
  z.object({ doubleValue: z.number() }).strict(),
  z
    .object({ arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() }).strict()) }).strict() })
    .strict(),
]);
const KeyValue = z.object({ key: z.string().min(1), value: AnyValue }).strict();

export const Span = z
  .object({
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: hex(16).optional(),
    name: z.string().min(1),
    /** 1: internal, 3: client. */
    kind: z.union([z.literal(1), z.literal(3)]),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes: z.array(KeyValue),
    events: z.array(z.object({ timeUnixNano: nanos, name: z.string().min(1), attributes: z.array(KeyValue) }).strict()),
    links: z.array(z.object({ traceId: hex(32), spanId: hex(16), attributes: z.array(KeyValue) }).strict()),
    /** 0: unset, 1: ok, 2: error. */
    status: z
      .object({ code: z.union([z.literal(0), z.literal(1), z.literal(2)]), message: z.string().optional() })
      .strict(),
  })
  .strict();
export type Span = z.infer<typeof Span>;

export const Trace = z
  .object({
    resourceSpans: z.array(
      z
        .object({
          resource: z.object({ attributes: z.array(KeyValue) }).strict(),
          scopeSpans: z.array(
            z
              .object({ scope: z.object({ name: z.string(), version: z.string() }).strict(), spans: z.array(Span) })
              .strict(),
          ),
        })
        .strict(),
    ),
  })
  .strict()
  .openapi("OtlpTrace");
export type Trace = z.infer<typeof Trace>;

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export function attributes(given: Attributes): Span["attributes"] {
  return Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: string | number | boolean | readonly string[]): z.infer<typeof AnyValue> {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value !== "number") return { arrayValue: { values: value.map((each) => ({ stringValue: each })) } };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Milliseconds, with a fraction or not, as nanoseconds since the epoch. */
export const nanosOf = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);

export const traceId = (root: string): string => digest(`trace ${root}`, 16);
export const spanId = (run: string, what: string): string => digest(`span ${run} ${what}`, 8);

/** The same for the same; never all zeroes, which would be no id. */
const digest = (text: string, bytes: number): string =>
  createHash("sha256")
    .update(`candor ${text}`)
    .digest("hex")
    .slice(0, bytes * 2);
