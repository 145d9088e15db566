/** What each fusion is worth: one operation of the runtime beside the operations that it stands for, in turns, in a narrow model's shapes. */
import {
  add,
  compile,
  div,
  erf,
  exp,
  gelu,
  input,
  layerNorm,
  matmul,
  mean,
  mul,
  Runner,
  rmsNorm,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tap,
  transpose,
} from "@candor/graph";
import { type Bench, option, type Row } from "./bench.ts";
import { quantile } from "./quantile.ts";
import { uniformFrom } from "./uniform.ts";

interface Fusion {
  name: string;
  fused: Tensor;
  /** Values under taps are written out, so that nothing is fused across them. */
  apart: Tensor;
  taps?: readonly string[];
}

const [ROWS, WIDTH, WIDE] = [768, 128, 512];
const EPSILON = 1e-5;

function fusions(): Fusion[] {
  const x = input("x", [ROWS, WIDTH]);
  const wide = input("wide", [ROWS, WIDE]);
  const weight = input("weight", [WIDTH, WIDE]);
  const scale = input("scale", [WIDTH]);
  const bias = input("bias", [WIDTH]);
  const scores = input("scores", [48, 64, 64]);
  const centred = sub(x, mean(x, -1, { keep: true }));
  const spread = (of: Tensor): Tensor => sqrt(add(mean(square(of), -1, { keep: true }), EPSILON));
  const raised = exp(scores);
  return [
    {
      name: "transposed right factor in the product",
      fused: matmul(wide, weight, { transposeB: true }),
      apart: matmul(wide, tap("turned", transpose(weight, [1, 0]))),
      taps: ["turned"],
    },
    {
      name: "transposed left factor in the product",
      fused: matmul(x, wide, { transposeA: true }),
      apart: matmul(tap("turned", transpose(x, [1, 0])), wide),
      taps: ["turned"],
    },
    {
      name: "factor in the product",
      fused: matmul(x, weight, { alpha: 0.5 }),
      apart: mul(tap("product", matmul(x, weight)), 0.5),
      taps: ["product"],
    },
    { name: "GELU", fused: gelu(wide), apart: mul(mul(wide, add(erf(mul(wide, Math.SQRT1_2)), 1)), 0.5) },
    {
      name: "layer norm",
      fused: layerNorm(x, scale, bias, EPSILON),
      apart: add(mul(div(centred, spread(centred)), scale), bias),
    },
    { name: "RMS norm", fused: rmsNorm(x, scale, EPSILON), apart: mul(div(x, spread(x)), scale) },
    { name: "softmax", fused: softmax(scores), apart: div(raised, sum(raised, -1, { keep: true })) },
  ];
}

export const fusionsBench: Bench = {
  name: "fusions",
  description: "operations that ONNX Runtime does at once beside the ones they stand for (--rounds N)",
  duration: "1 min",
  run: async ({ args }) => {
    const rounds = Number(option(args, "rounds") ?? 400);
    const rows: Row[] = [];
    for (const fusion of fusions()) rows.push(await measured(fusion, rounds));
    return rows;
  },
};

async function measured({ name, fused, apart, taps = [] }: Fusion, rounds: number): Promise<Row> {
  const programs = [compile({ outputs: { y: fused } }), compile({ outputs: { y: apart } }, { read: taps })];
  const uniform = uniformFrom(1);
  const feeds = Object.fromEntries(
    Object.entries(programs[0]?.inputs ?? {}).map(([input, { shape }]) => [
      input,
      Float32Array.from({ length: shape.reduce((size, extent) => size * extent, 1) }, () => uniform() - 0.5),
    ]),
  );
  const runners = await Promise.all(programs.map((program) => Runner.load(program, { threads: 2 })));
  const times: number[][] = runners.map(() => []);
  const results: Float32Array[] = [];
  for (let round = 0; round < rounds; round++)
    for (const [n, runner] of runners.entries()) {
      const began = performance.now();
      const { y } = await runner.run(feeds);
      times[n]?.push(performance.now() - began);
      results[n] = y as Float32Array;
    }
  const [one, other] = results as [Float32Array, Float32Array];
  const far = one.findIndex((value, n) => Math.abs(value - (other[n] ?? Number.NaN)) > 1e-3);
  if (far >= 0) throw new Error(`${name}: ${one[far]} and ${other[far]} at ${far}`);
  for (const runner of runners) await runner.release();
  const [value = null, peer_value = null] = times.map((each) => quantile(each, 0.5));
  const ratio = value !== null && peer_value !== null ? peer_value / value : null;
  return { metric: "time", case: name, value, unit: "ms", peer: "apart", peer_value, ratio };
}
