/** The page of a run of 10,000 steps, in headless Chromium on a real server: first paint, smoothness, and what is sent. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readServeFile } from "@candor/server/outside";
import { openStore } from "@candor/store";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../apps/web/src/testing/browser.ts";
import { buildPages } from "../../apps/web/src/testing/build.ts";
import { type Bench, figure, goal, option, type Row } from "./bench.ts";
import { writeLongRun } from "./long-run.ts";
import { ServeProcess, sleep } from "./serve-process.ts";

const LOADS = 7;
/** Of each way to scroll. */
const SCROLL_MS = 8_000;

export const tracePage: Bench = {
  name: "trace-page",
  description: "the page of a 10,000-step run: first paint, longest frame while scrolling, size (--steps N)",
  duration: "2 min",
  run: async ({ args, note }) => {
    const steps = Number(option(args, "steps") ?? 10_000);
    const home = mkdtempSync(join(tmpdir(), "candor-bench-"));
    let server: ServeProcess | undefined;
    let browser: Browser | undefined;
    try {
      buildPages();
      note(`writing a run of ${steps} steps`);
      const store = await openStore({ home });
      const run = await writeLongRun(store, steps);
      await store.close();
      server = ServeProcess.start(home);
      await server.ready(home);
      browser = await openBrowser();
      const { port, token } = readServeFile(home) ?? { port: 0, token: "" };
      const address = (path: string) => `http://127.0.0.1:${port}/${path}#token=${token}`;
      return [
        ...(await paints(browser, address(`runs/${run}`), note)),
        ...(await scrolls(browser, address(`runs/${run}`), steps, note)),
        ...(await sizes(browser, address)),
      ];
    } finally {
      await browser?.close();
      await server?.kill();
      rmSync(home, { recursive: true, force: true });
    }
  },
};

async function open(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.addInitScript(watch);
  await page.goto(address);
  return page;
}

interface Watched {
  painted: number;
  longest: number;
  frames: number;
}

declare global {
  interface Window {
    watched: Watched;
  }
}

/** In the page: when the first step was painted, and the longest time between two frames since it was last set to 0. */
function watch(): void {
  const watched: Watched = { painted: 0, longest: 0, frames: 0 };
  window.watched = watched;
  let before = performance.now();
  const frame = (now: number) => {
    watched.longest = Math.max(watched.longest, now - before);
    watched.frames++;
    before = now;
    // What was there when this frame began is on the screen when the next one does.
    if (watched.painted === 0 && document.querySelector("article")) {
      watched.painted = -1;
      requestAnimationFrame(() => {
        watched.painted = performance.now();
      });
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** From the beginning of the navigation to the first step on the screen, with an empty cache each time. */
async function paints(browser: Browser, address: string, note: (line: string) => void): Promise<Row[]> {
  const times: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    const page = await open(browser, address);
    await page.waitForFunction(() => window.watched.painted > 0);
    times.push(await page.evaluate(() => window.watched.painted));
    await page.context().close();
  }
  times.sort((a, b) => a - b);
  note(`first paints: ${times.map((time) => Math.round(time)).join(", ")} ms`);
  return [
    goal("first_paint_ms", `median of ${LOADS}`, times[Math.floor(LOADS / 2)] ?? null, "< 1000", "ms"),
    goal("first_paint_ms", `worst of ${LOADS}`, times.at(-1) ?? null, "< 1000", "ms"),
  ];
}

async function scrolls(browser: Browser, address: string, steps: number, note: (line: string) => void): Promise<Row[]> {
  const page = await open(browser, address);
  await page.waitForFunction(() => window.watched.painted > 0);
  const began = performance.now();
  const loading = await longestFrame(page, 1_500, () => wheel(page, 1_500, 240));
  const all = steps.toLocaleString("en");
  await page.waitForFunction((all) => document.querySelector("main dl")?.textContent?.includes(all), all);
  const loaded = performance.now() - began;
  await sleep(1_000);
  const still = await longestFrame(page, 2_000, () => sleep(2_000));
  const slow = await longestFrame(page, SCROLL_MS, () => wheel(page, SCROLL_MS, 120));
  const fast = await longestFrame(page, SCROLL_MS, () => wheel(page, SCROLL_MS, 3_000));
  const jumps = await longestFrame(page, SCROLL_MS, () => jump(page));
  const cpu = await longestTaskCpu(page, () => wheel(page, SCROLL_MS, 3_000));
  note(
    `all ${steps} steps in the page after ${Math.round(loaded)} ms; frames without scrolling: ${still.toFixed(1)} ms at longest`,
  );
  await page.context().close();
  return [
    goal("longest_frame_ms", "wheel, a row at a time", slow, "< 50", "ms"),
    goal("longest_frame_ms", "wheel, 20 rows at a time", fast, "< 50", "ms"),
    goal("longest_frame_ms", "thrown to any place", jumps, "< 50", "ms"),
    goal("longest_frame_ms", "wheel while it loads", loading, "< 50", "ms"),
    // What else the machine does changes the frames, but not this.
    figure("longest_task_cpu_ms", "wheel, 20 rows at a time", cpu, "ms"),
    figure("loaded_ms", `${steps} steps`, loaded, "ms"),
  ];
}

/** The longest time between two frames while `act` goes on. */
async function longestFrame(page: Page, ms: number, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => Object.assign(window.watched, { longest: 0, frames: 0 }));
  await act();
  const { longest, frames } = await page.evaluate(() => window.watched);
  if (frames < ms / 100) throw new Error(`only ${frames} frames were drawn in ${ms} ms: nothing was measured`);
  return longest;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds of processor time. */
  tdur?: number;
}

/** Processor time of the longest task of the page's main thread while `act` goes on, in milliseconds. */
async function longestTaskCpu(page: Page, act: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "devtools.timeline"] },
  });
  await act();
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  const laysOut = ({ name }: TraceEvent) => name === "UpdateLayoutTree";
  const main = mostFrequent(events.filter(laysOut).map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = events.filter(({ name, pid, tid }) => /RunTask$/.test(name) && `${pid} ${tid}` === main);
  if (tasks.length === 0) throw new Error("the trace has no task of the page's main thread");
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000;
}

const mostFrequent = (names: readonly string[]): string | undefined =>
  [...Map.groupBy(names, (name) => name)].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];

async function wheel(page: Page, ms: number, pixels: number): Promise<void> {
  await page.mouse.move(300, 500);
  for (const end = performance.now() + ms; performance.now() < end; await sleep(30)) await page.mouse.wheel(0, pixels);
}

async function jump(page: Page): Promise<void> {
  for (let n = 0; n < 40; n++) {
    await page.evaluate(
      (part) => {
        const feed = document.querySelector("[role=feed]");
        if (feed) feed.scrollTop = feed.scrollHeight * part;
      },
      ((n * 37) % 41) / 41,
    );
    await sleep(SCROLL_MS / 40);
  }
}

/** What the first load of a page sends, as it goes over the wire (gzip), without the events of the run. */
async function sizes(browser: Browser, address: (path: string) => string): Promise<Row[]> {
  const page = await open(browser, address(""));
  await page.getByRole("button", { name: "Start an audit" }).waitFor();
  await page.waitForLoadState("networkidle").catch(() => {});
  const bytes = await page.evaluate(() =>
    performance
      .getEntries()
      .filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming)
      .filter(({ name }) => !new URL(name).pathname.startsWith("/api"))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  await page.context().close();
  return [goal("bundle_kb", "first load of the home page, gzip", bytes / 1024, "< 300", "kB")];
}
