import { expect, it } from "vitest";
import { fitScalingLaw } from "../scaling/fit.ts";
import { frontierOf, type SweepPoint } from "./sweep.ts";
import { sweepPlot } from "./sweep-plot.ts";

const point = (compute: number, loss: number): SweepPoint => ({
  layers: 2,
  width: compute > 1e9 ? 64 : 32,
  steps: 100,
  parameters: 1,
  tokens: 1,
  compute,
  loss,
});
const points = [point(1e10, 2.6), point(1e8, 4), point(2e9, 3), point(1e9, 3.2), point(3e9, 3.3), point(2e9, 3.5)];

it("fits what no run with as little compute beats", () => {
  expect(frontierOf(points).map(({ loss }) => loss)).toEqual([4, 3.2, 3, 2.6]);
});

it("draws each run once and the law within the page, for light and dark", () => {
  const frontier = frontierOf(points);
  const svg = sweepPlot({ points, frontier, fit: fitScalingLaw(frontier, { resamples: 5 }) });
  expect(svg.match(/<circle[^>]*><title>/g)).toHaveLength(points.length);
  expect(svg).toContain("prefers-color-scheme: dark");
  const course = /class="law" points="([^"]+)"/.exec(svg)?.[1]?.split(" ") ?? [];
  expect(course).toHaveLength(80);
  const heights = course.map((pair) => Number(pair.split(",")[1]));
  expect(heights.every((y, n) => y >= 24 && y <= 392 && (n === 0 || y >= (heights[n - 1] ?? 0)))).toBe(true);
});
