/** What the pages of the lens ask and are told. */
import { z } from "@hono/zod-openapi";

const Token = z.object({ token: z.int(), text: z.string() });
const Likely = Token.extend({ probability: z.number() });
const Text = z.string().min(1).max(20_000);

export const LensView = z
  .object({
    hash: z.string(),
    parameters: z.int(),
    embedding: z.int(),
    positions: z.int(),
    unembedding: z.int(),
    layers: z.array(z.object({ layer: z.int(), attention: z.int(), mlp: z.int(), norms: z.int() })),
    shape: z.object({
      ...{ width: z.int(), heads: z.int(), kvHeads: z.int(), headDim: z.int(), mlpWidth: z.int(), vocab: z.int() },
      ...{ context: z.int(), positions: z.string(), norm: z.string(), activation: z.string() },
    }),
    /** Places of dictionaries, in the order of their numbers. */
    dictionaries: z.array(z.object({ reads: z.string(), writes: z.string(), features: z.int() })),
    /** A text to begin with. */
    example: z.string(),
  })
  .openapi("LensView");
export type LensView = z.infer<typeof LensView>;

export const ReadRequest = z
  .object({ text: Text, layer: z.int().min(0).default(0), head: z.int().min(0).default(0) })
  .strict();
export const LensReading = z
  .object({
    tokens: z.array(Token),
    next: z.array(Likely),
    /** [layer][position], likeliest first. */
    layers: z.array(z.array(z.array(Likely))),
    /** Of each head, mean attention of the prompt's positions: to the one before, to the first, to themselves, to the same token earlier. */
    heads: z.array(
      z.object({
        layer: z.int(),
        head: z.int(),
        previous: z.number(),
        first: z.number(),
        own: z.number(),
        same: z.number(),
        attribution: z.number(),
      }),
    ),
    /** Of the head that was asked for: rows look at columns, a byte each, base64. */
    pattern: z.string(),
    attribution: z.array(z.number()),
    mlps: z.array(z.number()),
    milliseconds: z.number(),
  })
  .openapi("LensReading");
export type LensReading = z.infer<typeof LensReading>;

export const PairRequest = z
  .object({ clean: Text, corrupted: Text, right: z.string().max(200), wrong: z.string().max(200) })
  .strict();
export type PairRequest = z.infer<typeof PairRequest>;
const Edge = z.object({ from: z.string(), to: z.string(), effect: z.number() });
export const LensCircuit = z
  .object({
    edges: z.array(Edge),
    /** All there are; the largest are told. */
    count: z.int(),
    whole: z.number(),
    none: z.number(),
    curve: z.array(z.object({ share: z.number(), edges: z.int(), faithfulness: z.number() })),
    cpr: z.number(),
    cmd: z.number(),
  })
  .openapi("LensCircuit");
export type LensCircuit = z.infer<typeof LensCircuit>;

export const CutRequest = PairRequest.extend({
  threshold: z.number().min(0),
  without: z.array(z.string().max(20)).max(200).default([]),
}).strict();
export const LensCut = z.object({ kept: z.array(Edge), faithfulness: z.number() }).openapi("LensCut");
export type LensCut = z.infer<typeof LensCut>;

export const FeaturesRequest = z
  .object({
    /** Neurons of a layer, or features of a dictionary. */
    of: z.union([z.object({ layer: z.int().min(0) }).strict(), z.object({ dictionary: z.int().min(0) }).strict()]),
    /** One that is looked for; the loudest where it is not given. */
    feature: z.int().min(0).optional(),
  })
  .strict();
export const LensFeatures = z
  .object({
    features: z.array(
      z.object({
        ...{ feature: z.int(), density: z.number(), most: z.number(), histogram: z.array(z.number()) },
        examples: z.array(
          z.object({ value: z.number(), tokens: z.array(z.object({ text: z.string(), value: z.number() })) }),
        ),
        ...{ raises: z.array(z.string()), lowers: z.array(z.string()) },
      }),
    ),
    positions: z.int(),
  })
  .openapi("LensFeatures");
export type LensFeatures = z.infer<typeof LensFeatures>;

export const EditRequest = z
  .object({
    edit: z.discriminatedUnion("kind", [
      z
        .object({
          kind: z.literal("heads"),
          heads: z
            .array(z.tuple([z.int(), z.int()]))
            .min(1)
            .max(64),
          scale: z.number().min(-10).max(10),
        })
        .strict(),
      z
        .object({
          kind: z.literal("neurons"),
          layer: z.int().min(0),
          neurons: z.array(z.int()).min(1).max(4096),
          scale: z.number().min(-10).max(10),
        })
        .strict(),
      z.object({ kind: z.literal("rank-one"), layer: z.int().min(0), subject: z.string().max(500) }).strict(),
      z
        .object({
          kind: z.literal("direction"),
          layer: z.int().min(0),
          from: z.array(Text).min(1).max(32),
          to: z.array(Text).min(1).max(32),
        })
        .strict(),
    ]),
    prompt: Text,
    /** What is to come next, or not to. */
    target: z.string().min(1).max(200),
  })
  .strict();
export type EditRequest = z.infer<typeof EditRequest>;
const Side = z.object({ probability: z.number(), first: z.number() });
export const LensEdit = z
  .object({
    title: z.string(),
    target: z.object({ before: Side, after: Side }),
    next: z.object({ before: z.array(Likely), after: z.array(Likely) }),
    neighbourhood: z.object({ same: z.number(), divergence: z.number() }),
    heldOut: z.object({ before: z.number(), after: z.number() }),
    texts: z.int(),
  })
  .openapi("LensEdit");
export type LensEdit = z.infer<typeof LensEdit>;

/** One way to look, with all that it was asked. */
export const LensLook = z.discriminatedUnion("tab", [
  ReadRequest.extend({ tab: z.literal("prompt") }).strict(),
  CutRequest.extend({ tab: z.literal("circuit") }).strict(),
  FeaturesRequest.extend({ tab: z.literal("features") }).strict(),
  EditRequest.extend({ tab: z.literal("edit") }).strict(),
]);
export type LensLook = z.infer<typeof LensLook>;
export const FindingId = z.string().regex(/^f[0-9a-f]{11}$/);
export const FindingRequest = z.object({ name: z.string().trim().min(1).max(120), look: LensLook }).strict();
export const LensFinding = z
  .object({
    ...{ id: FindingId, name: z.string(), at: z.string(), model: z.string() },
    look: LensLook,
    /** What there was to see. */
    seen: z.string(),
    modelHash: z.string(),
    /** Of the file of texts that the model is looked at with; null where it wrote them itself. */
    dataHash: z.string().nullable(),
    version: z.string(),
  })
  .openapi("LensFinding");
export type LensFinding = z.infer<typeof LensFinding>;
export const LensFindingAgain = z
  .object({
    finding: LensFinding,
    /** What there is to see now. */
    seen: z.string(),
    /** What is another one than it was. */
    changed: z.object({ model: z.boolean(), data: z.boolean(), version: z.boolean() }),
  })
  .openapi("LensFindingAgain");
export type LensFindingAgain = z.infer<typeof LensFindingAgain>;
