/** What a run gets when nothing else is said. */
import type { Budget } from "@candor/store";

export const AUDIT_BUDGET: Budget = {
  steps: 300,
  tokens: 2_000_000,
  usd: 2,
  seconds: 1_200,
  pages: 400,
  pagesPerHost: 60,
};

export const RUN_BUDGET: Budget = {
  steps: 100,
  tokens: 1_000_000,
  usd: 1,
  seconds: 1_200,
  pages: 150,
  pagesPerHost: 40,
};

/** Kinds of facts an audit looks for, most wanted first. */
export const WANTED = [
  "phone",
  "address",
  "birth date",
  "e-mail",
  "username",
  "employer",
  "location",
  "school",
  "interest",
  "photo",
];
