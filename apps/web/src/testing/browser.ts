/** The Chromium of this machine, as tests, benchmarks and pictures start it. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const CHROMIUM = process.env.CANDOR_CHROMIUM ?? "/usr/bin/chromium";

/** Why browser tests cannot run here; under CI they must. */
export const noBrowser: string | undefined =
  process.env.CI === "true" || existsSync(CHROMIUM) ? undefined : `no Chromium at ${CHROMIUM} (set CANDOR_CHROMIUM)`;

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
