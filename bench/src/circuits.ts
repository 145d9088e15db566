/** Circuits found again: programs compiled to transformers, whose true edges the compiler knows, and methods that look for them. */
import {
  acdc,
  CircuitFinder,
  type CompiledProgram,
  compileProgram,
  eap,
  eapIg,
  edgeAuc,
  edgePruning,
  type Lens,
  runProgram,
  type Sequence,
  type Value,
} from "@candor/lens";
import { Random } from "@candor/training";
import { type Bench, figure, goal, option, type Row } from "./bench.ts";
import { COMPILED, LONGEST } from "./compiled-programs.ts";

/** Inputs of a task, each with another as its corrupted one. */
const ROWS = 48;

type Method = (finder: CircuitFinder, lens: Lens) => Promise<ArrayLike<number>>;

/** How far an edge got before it was cut: as the published curves have it, over thresholds. */
const THRESHOLDS = [1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

const METHODS: Record<string, Method> = {
  eap,
  "eap-ig": (finder) => eapIg(finder, { steps: 5 }),
  acdc: async (finder) => {
    const survived = new Float32Array(finder.edges.length);
    for (const threshold of THRESHOLDS)
      for (const [n, is] of (await acdc(finder, { threshold })).kept.entries())
        survived[n] = (survived[n] as number) + Number(is);
    return survived;
  },
  "edge pruning": (finder, lens) => edgePruning(lens, finder),
};
const ABLATIONS = ["zero", "mean", "resample"] as const;

export const circuits: Bench = {
  name: "circuits",
  description: "edges of compiled programs found by ACDC, EAP and EAP-IG (--seed N)",
  duration: "3 min",
  run: async ({ args, note }) => {
    const seed = Number(option(args, "seed") ?? 1);
    const rows: Row[] = [];
    const all = new Map<string, number[]>();
    for (const [name, { program, vocabulary, examples }] of Object.entries(COMPILED)) {
      await using compiled = compileProgram(program, { vocabulary, longest: LONGEST, threads: 1 });
      const random = new Random(seed, name.length);
      const draw = (): Value[] =>
        Array.from({ length: LONGEST }, () => vocabulary[random.below(vocabulary.length)] as Value);
      const inputs = Array.from({ length: ROWS }, (_, n) => examples?.[n] ?? draw());
      const others = Array.from({ length: ROWS }, draw);
      const [clean, corrupted] = [inputs, others].map((some) => some.map((input) => compiled.encode(input))) as [
        number[][],
        number[][],
      ];
      for (const ablation of ABLATIONS) {
        await using finder = await CircuitFinder.open(compiled.lens, {
          clean,
          corrupted,
          ablation,
          from: 1,
          threads: 1,
        });
        const { truth, counted } = truthOf(finder, compiled, [...inputs, ...others], ablation);
        const told: string[] = [];
        for (const [method, scores] of Object.entries(METHODS)) {
          const found = await scores(finder, compiled.lens);
          const auc = edgeAuc(
            Float32Array.from(found).filter((_, n) => counted[n]),
            truth.filter((_, n) => counted[n]),
          );
          rows.push(figure("edge_auc", `${name}, ${ablation}, ${method}`, auc));
          const key = `${ablation}, ${method}`;
          all.set(key, [...(all.get(key) ?? []), auc]);
          told.push(`${method} ${auc.toFixed(3)}`);
        }
        const edges = counted.filter(Boolean).length;
        note(
          `${name}, ${ablation}: ${told.join(", ")} (${truth.filter((is, n) => is && counted[n]).length} of ${edges} edges)`,
        );
      }
    }
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    for (const [key, values] of all) rows.push(figure("edge_auc", `mean over programs, ${key}`, mean(values)));
    for (const ablation of ABLATIONS) {
      const best = Math.max(...Object.keys(METHODS).map((method) => mean(all.get(`${ablation}, ${method}`) ?? [])));
      rows.push(goal("best_edge_auc", ablation, best, ">= 0.95"));
    }
    return rows;
  },
};

/**
 * Which edges are true is the compiler's word. Under mean and resample ablation only edges count that carry something else on other inputs
 * of the task, of which its reader makes something else; edges that only say where to look when nothing is selected never count.
 */
function truthOf(
  finder: CircuitFinder,
  { circuit }: CompiledProgram,
  inputs: readonly (readonly Value[])[],
  ablation: (typeof ABLATIONS)[number],
): { truth: boolean[]; counted: boolean[] } {
  const edgeOf = new Map(circuit.map((edge) => [`${edge.from} ${edge.to}`, edge]));
  const varies = new Map<Sequence, boolean>();
  const isVarying = (sequence: Sequence): boolean => {
    const known =
      varies.get(sequence) ?? new Set(inputs.map((input) => JSON.stringify(runProgram(sequence, input)))).size > 1;
    varies.set(sequence, known);
    return known;
  };
  const found = finder.edges.map(({ from, to }) => edgeOf.get(`${from} ${to}`));
  return {
    truth: found.map((edge) => edge !== undefined),
    counted: finder.edges.map(({ from }, n) => {
      const edge = found[n];
      if (edge && edge.carries.length === 0 && edge.first === "fallback") return false;
      if (ablation === "zero") return true;
      return edge
        ? edge.carries.some(({ sequence, into }) => isVarying(sequence) && isVarying(into))
        : from !== "positions";
    }),
  };
}
