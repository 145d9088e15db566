import type { Price } from "../explanation.ts";

export const plusCost = (a: Price, b: Price): Price => ({
  pages: a.pages + b.pages,
  usd: a.usd + b.usd,
  ms: a.ms + b.ms,
});

export const costOf = (parts: readonly { cost: Price }[]): Price =>
  parts.reduce((sum, { cost }) => plusCost(sum, cost), { pages: 0, usd: 0, ms: 0 });
