/** What a run may spend, what it has spent, and what is left when its children's shares are set aside. */
import type { Budget, Cost } from "@candor/store";

export interface Spent {
  steps: number;
  tokens: number;
  usd: number;
  /** Milliseconds of mind and tool time. */
  ms: number;
  pages: number;
}

export const nothing: Spent = { steps: 0, tokens: 0, usd: 0, ms: 0, pages: 0 };

export function plus(spent: Spent, cost: Partial<Cost>, steps = 0): Spent {
  return {
    steps: spent.steps + steps,
    tokens: spent.tokens + (cost.tokens ?? 0),
    usd: spent.usd + (cost.usd ?? 0),
    ms: spent.ms + (cost.ms ?? 0),
    pages: spent.pages + (cost.pages ?? 0),
  };
}

/** `budget` less what was spent and less what is set aside for children still at work; never below zero. */
export function left(budget: Budget, spent: Spent, reserved: readonly Budget[]): Budget {
  const rest = (limit: number, used: number, part: (b: Budget) => number) =>
    Math.max(
      0,
      reserved.reduce((n, b) => n - part(b), limit - used),
    );
  return {
    steps: rest(budget.steps, spent.steps, (b) => b.steps),
    tokens: rest(budget.tokens, spent.tokens, (b) => b.tokens),
    usd: rest(budget.usd, spent.usd, (b) => b.usd),
    seconds: rest(budget.seconds, spent.ms / 1000, (b) => b.seconds),
    pages: rest(budget.pages, spent.pages, (b) => b.pages),
    pagesPerHost: budget.pagesPerHost,
  };
}

/** The first limit that is used up, or undefined. Tokens and money count only for runs that may spend them. */
export function exhausted(budget: Budget, rest: Budget): "steps" | "tokens" | "usd" | "seconds" | undefined {
  if (rest.steps < 1) return "steps";
  if (rest.seconds <= 0) return "seconds";
  if (budget.tokens > 0 && rest.tokens <= 0) return "tokens";
  if (budget.usd > 0 && rest.usd <= 0) return "usd";
  return undefined;
}

/**
 * A child's share: what it asks for, but never more than the parent has left. What it does not ask for comes in
 * proportion to its steps, so that many small children do not starve one another.
 */
export function share(rest: Budget, asked: Partial<Budget>): Budget {
  const most = Math.max(0, rest.steps - 1);
  const steps = Math.floor(Math.max(0, Math.min(asked.steps ?? most / 2, most)));
  const portion = rest.steps > 0 ? steps / rest.steps : 0;
  const part = (key: "tokens" | "usd" | "seconds" | "pages") =>
    Math.max(0, Math.min(asked[key] ?? rest[key] * portion, rest[key]));
  return {
    steps,
    tokens: Math.floor(part("tokens")),
    usd: part("usd"),
    seconds: part("seconds"),
    pages: Math.floor(part("pages")),
    pagesPerHost: Math.floor(Math.min(asked.pagesPerHost ?? rest.pagesPerHost, rest.pagesPerHost)),
  };
}
