/** What goes over the API about judgments. */
import { Discipline, ExportFormat, Key, Kind, RaterName, Reason, Style, Subject, Verdict } from "@candor/oversight";
import { z } from "@hono/zod-openapi";

/** What is judged: by its subject, or by the opaque name that the queue gave it. Raters know only the latter. */
const target = {
  subject: Subject.optional(),
  item: z
    .string()
    .regex(/^i-[0-9a-f]{24}$/)
    .optional(),
};
const oneTarget = ({ subject, item }: { subject?: unknown; item?: unknown }) =>
  (subject === undefined) !== (item === undefined);
const ONE = { message: "give one of subject and item" };

export const JudgeRequest = z
  .object({
    ...target,
    /** `good` or `bad` of one thing; of a pair the better one, `a` or `b`, in the order in which it was shown or given. */
    verdict: Verdict,
    reason: Reason.optional(),
    discipline: Discipline.optional(),
    /** Names this submission: sent again with the same key, it counts once. Made up by the server when left out. */
    key: Key.optional(),
  })
  .strict()
  .refine(oneTarget, ONE)
  .openapi("JudgeRequest");
export type JudgeRequest = z.input<typeof JudgeRequest>;

export const WithdrawRequest = z
  .object({ ...target, key: Key.optional() })
  .strict()
  .refine(oneTarget, ONE)
  .openapi("WithdrawRequest");
export type WithdrawRequest = z.input<typeof WithdrawRequest>;

/** Null takes it back. Of a pair: in the order in which `/api/judgments/items` shows it, or `subject` gives it. */
export const SettleRequest = z
  .object({ ...target, verdict: Verdict.nullable(), reason: Reason.optional() })
  .strict()
  .refine(oneTarget, ONE)
  .openapi("SettleRequest");
export type SettleRequest = z.input<typeof SettleRequest>;

export const AskRequest = z
  .object({
    subjects: z.array(Subject).max(5_000).default([]),
    /** All steps, the answer, or all findings of these runs. */
    runs: z.array(z.string().min(1).max(80)).max(100).default([]),
    what: z.array(z.enum(["steps", "answer", "findings"])).default(["steps", "answer"]),
  })
  .strict()
  .openapi("AskRequest");
export type AskRequest = z.input<typeof AskRequest>;

export const Submitted = z
  .object({
    item: z.string(),
    /** That it had been heard before, under this key. */
    already: z.boolean(),
  })
  .openapi("Submitted");
export type Submitted = z.infer<typeof Submitted>;

const GivenJudgment = z.object({
  rater: z.string(),
  verdict: Verdict,
  reason: z.string(),
  discipline: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});

/** An item as the operator sees it. A pair is in the order in which it is kept, and so are the verdicts on it. */
export const JudgedItem = z
  .object({
    item: z.string(),
    subject: Subject,
    /** The last word of each rater. */
    judgments: z.array(GivenJudgment),
    history: z.array(z.object({ rater: z.string(), at: z.number(), verdict: Verdict.nullable() })),
    disputed: z.boolean(),
    gold: Verdict.optional(),
    adjudicated: z.object({ verdict: Verdict, reason: z.string(), by: z.string(), at: z.number() }).optional(),
    consensus: z
      .object({
        verdict: Verdict,
        from: z.enum(["adjudication", "gold", "majority"]),
        for: z.number(),
        against: z.number(),
      })
      .optional(),
  })
  .openapi("JudgedItem");
export type JudgedItem = z.infer<typeof JudgedItem>;

/** A rater's own word, as the rater sees it. */
export const OwnJudgment = GivenJudgment.omit({ rater: true }).extend({ item: z.string() }).openapi("OwnJudgment");
export type OwnJudgment = z.infer<typeof OwnJudgment>;

const ShownMessage = z.object({ role: z.enum(["system", "user", "assistant", "tool"]), content: z.string() });

/** One thing to judge, without a word of which run or mind it is from. */
export const ShownSide = z.object({
  /** What it was asked. */
  goal: z.string(),
  /** All that the mind had before it. */
  prompt: z.array(ShownMessage),
  /** What it made of that. */
  completion: z.string(),
  /** Of a step. */
  decision: z.object({ thought: z.string(), tool: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
  /** What came of the step. */
  result: z.object({ status: z.string(), text: z.string() }).optional(),
});
export type ShownSide = z.infer<typeof ShownSide>;

export const ShownItem = z
  .object({
    item: z.string(),
    kind: Kind,
    /** One to call good or bad, or two, `a` and `b`, to choose from. */
    sides: z.array(ShownSide).min(1).max(2),
    /** For the operator only. */
    subject: Subject.optional(),
  })
  .openapi("ShownItem");
export type ShownItem = z.infer<typeof ShownItem>;

export const QueueView = z
  .object({
    rater: z.string(),
    progress: z.object({
      /** Items that this rater has judged, and that wait for them. */
      judged: z.number(),
      open: z.number(),
      /** Items by the number of raters who have judged them: `ratings[2]` have two. */
      ratings: z.array(z.number()),
    }),
    items: z.array(ShownItem),
  })
  .openapi("JudgmentQueue");
export type QueueView = z.infer<typeof QueueView>;

const Figure = z.union([z.object({ value: z.number() }), z.object({ value: z.null(), why: z.string() })]);
const Agreement = z.object({
  /** Items with a rating, and with two or more. */
  items: z.number(),
  shared: z.number(),
  raters: z.array(z.string()),
  percent: Figure,
  /** Krippendorff's, nominal. */
  alpha: Figure,
  interval: z.object({ low: z.number(), high: z.number(), draws: z.number(), of: z.number() }).nullable(),
  fleiss: z.intersection(Figure, z.object({ items: z.number(), ratings: z.number() })),
  cohen: z.array(z.intersection(Figure, z.object({ raters: z.tuple([z.string(), z.string()]), items: z.number() }))),
});
const TaskAgreement = Agreement.extend({ byDiscipline: z.array(Agreement.extend({ discipline: z.string() })) });
export const AgreementView = z
  .object({
    /** Good or bad. */
    rated: TaskAgreement,
    /** The better of two. */
    compared: TaskAgreement,
    gold: z.array(z.object({ rater: z.string(), items: z.number(), right: z.number(), share: z.number() })),
  })
  .openapi("Agreement");
export type AgreementView = z.infer<typeof AgreementView>;

export const AgreementQuery = z.object({
  run: z.string().min(1).max(80).optional(),
  /** Of the bootstrap that gives the interval. */
  seed: z.coerce.number().int().default(1),
  draws: z.coerce.number().int().min(100).max(10_000).default(1_000),
});

export const ExportQuery = z.object({
  format: ExportFormat,
  style: Style.default("conversational"),
  minRaters: z.coerce.number().int().min(1).max(100).default(1),
  discipline: Discipline.optional(),
  run: z.string().min(1).max(80).optional(),
  /** Steps as the small mind reads and writes them, in its words; as the `llm` mind does where it is not given. */
  mind: z.literal("small").optional(),
});
export type ExportQuery = z.input<typeof ExportQuery>;

export const ExportView = z
  .object({
    /** Lines of JSON. */
    lines: z.array(z.string()),
    /** What was left out, and why: how many items each. */
    leftOut: z.record(z.string(), z.number()),
  })
  .openapi("JudgmentExport");
export type ExportView = z.infer<typeof ExportView>;

export const ImportRequest = z
  .object({
    /** Lines of JSON. */
    text: z.string().max(8_000_000),
    /** Whose judgments they are, where a line does not say. */
    rater: RaterName.default("import"),
    discipline: Discipline.optional(),
    /** Number of the first line, for a file that is sent in parts. */
    firstLine: z.number().int().positive().default(1),
  })
  .strict()
  .openapi("ImportRequest");
export type ImportRequest = z.input<typeof ImportRequest>;

export const ImportView = z.object({ added: z.number(), already: z.number() }).openapi("JudgmentImport");
export type ImportView = z.infer<typeof ImportView>;

export const RaterView = z
  .object({ name: z.string(), since: z.number(), revoked: z.boolean(), judged: z.number() })
  .openapi("Rater");
export type RaterView = z.infer<typeof RaterView>;
