/** The figures of the papers, from the papers' tables. */
import { expect, test } from "vitest";
import { krippendorffAlpha } from "./alpha.ts";
import type { Unit } from "./figure.ts";
import { cohenKappa, fleissKappa } from "./kappa.ts";

const _ = undefined;

/** Krippendorff 2011, section C: four observers, twelve units, gaps. Rows are observers. */
const OBSERVERS: (number | undefined)[][] = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
  [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
];
const UNITS: Unit<number>[] = Array.from({ length: 12 }, (__, unit) => OBSERVERS.map((row) => row[unit]));

test.each([
  ["nominal", 0.743],
  ["ordinal", 0.815],
  ["interval", 0.849],
] as const)("Krippendorff 2011: %s alpha is %d", (scale, value) => {
  expect(krippendorffAlpha(UNITS, scale).value).toBeCloseTo(value, 3);
});

test("Krippendorff 2011, section A: two observers, binary data, alpha is 0.095", () => {
  const meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
  const owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
  expect(krippendorffAlpha(meg.map((v, i) => [v, owen[i]])).value).toBeCloseTo(0.095, 3);
});

test("Krippendorff 2011, section B: two observers, five categories, alpha is 0.692", () => {
  const ben = [..."aabbdcccedda"];
  const gerry = [..."babbbccceddd"];
  expect(krippendorffAlpha(ben.map((v, i) => [v, gerry[i]])).value).toBeCloseTo(0.692, 3);
});

/** Fleiss 1971, table 1: thirty patients, six psychiatrists each; depression, personality disorder, schizophrenia, neurosis, other. */
const PSYCHIATRIC = `
  00060 03003 01401 00006 03030 20400 00402 20310 20040 00006
  10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
  00006 01050 02013 20040 10041 05010 40002 02040 10500 00006`
  .trim()
  .split(/\s+/)
  .map((row) => [...row].map(Number));

test("Fleiss 1971: thirty psychiatric patients, kappa is 0.430", () => {
  expect(PSYCHIATRIC).toHaveLength(30);
  expect(fleissKappa(PSYCHIATRIC).value).toBeCloseTo(0.43, 3);
});

/** Cohen 1960, table 2: two hundred patients and two judges; personality disorder, neurosis, psychosis. */
const DIAGNOSES = [
  [88, 14, 18],
  [10, 40, 10],
  [2, 6, 12],
];

test("Cohen 1960: two judges, 200 patients, kappa is 0.492", () => {
  const pairs = DIAGNOSES.flatMap((row, a) =>
    row.flatMap((n, b) => Array.from({ length: n }, (): [number, number] => [a, b])),
  );
  expect(pairs).toHaveLength(200);
  expect(cohenKappa(pairs).value).toBeCloseTo(0.492, 3);
});
