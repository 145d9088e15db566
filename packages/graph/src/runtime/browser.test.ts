/** The same programs in a real Chromium and in Node. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, type Program } from "../compile.ts";
import { type Data, numbersOf } from "../dtype.ts";
import { gradients } from "../gradients/gradients.ts";
import * as ops from "../ops/index.ts";
import { adamW } from "../optimisers/adamw.ts";
import { evaluate } from "../reference/evaluate.ts";
import { constant, input, type Tensor } from "../tensor.ts";
import { draw, samples, uniforms } from "../testing/samples.ts";
import { Runner } from "./runner.ts";

const CHROMIUM = process.env.CANDOR_CHROMIUM ?? "/usr/bin/chromium";
const skipped = process.env.CI !== "true" && !existsSync(CHROMIUM);
if (skipped) console.warn(`skipped: sessions in a browser, no Chromium at ${CHROMIUM} (set CANDOR_CHROMIUM)`);

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

type Numbers = Record<string, number[]>;
type Step = Readonly<Record<string, ArrayLike<number> | Data>>;

/** Outputs of each step, and what is kept in the end. */
interface Ran {
  outputs: Numbers[];
  state: Numbers;
  ended: string;
}

const plain = (values: Readonly<Record<string, Data>>): Numbers =>
  Object.fromEntries(Object.entries(values).map(([name, data]) => [name, [...numbersOf(data)]]));

async function inNode(program: Program, start: Step, steps: readonly Step[]): Promise<Ran> {
  const runner = await Runner.load(program, { threads: 1 });
  for (const [name, values] of Object.entries(start)) runner.setState(name, values);
  const outputs: Numbers[] = [];
  for (const feeds of steps) outputs.push(plain(await runner.run(feeds)));
  const state = plain(Object.fromEntries(Object.keys(program.state).map((name) => [name, runner.state(name)])));
  await runner.release();
  return { outputs, state, ended: "the session was cancelled" };
}

function inPage(page: Page, program: Program, start: Step, steps: readonly Step[], threads = 1): Promise<Ran> {
  const lists = (step: Step): Numbers =>
    Object.fromEntries(
      Object.entries(step).map(([name, values]) => [name, Array.from(values as ArrayLike<number>, Number)]),
    );
  return page.evaluate(
    async ({ program, model, start, steps, threads }) => {
      const { Session } = (globalThis as unknown as { candor: typeof import("../browser.ts") }).candor;
      const session = await Session.create({ ...program, model: new Uint8Array(model) }, { threads });
      for (const [name, values] of Object.entries(start)) await session.setState(name, values);
      const numbers = (data: ArrayLike<number | bigint>) => Array.from(data, Number);
      const outputs: Record<string, number[]>[] = [];
      for (const feeds of steps)
        outputs.push(
          Object.fromEntries(Object.entries(await session.run(feeds)).map(([name, data]) => [name, numbers(data)])),
        );
      const state: Record<string, number[]> = {};
      for (const name of Object.keys(program.state)) state[name] = numbers(await session.state(name));
      await session.cancel();
      const ended = await session.run({}).then(
        () => "it runs on",
        (error: Error) => error.message,
      );
      return { outputs, state, ended };
    },
    {
      program: { ...program, model: null },
      model: [...program.model],
      start: lists(start),
      steps: steps.map(lists),
      threads,
    },
  );
}

function expectClose(found: Ran, wanted: Ran): void {
  expect(found.ended).toBe(wanted.ended);
  const all = ({ outputs, state }: Ran): [string, number[]][] => [...outputs, state].flatMap(Object.entries);
  for (const [n, [name, values]] of all(wanted).entries()) {
    const [, others = []] = all(found)[n] ?? [];
    expect(others.length, name).toBe(values.length);
    // Sums round by the size of what is added up, and another machine adds in another order.
    const largest = values.filter(Number.isFinite).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    for (const [i, value] of values.entries())
      expect(Math.abs((others[i] as number) - value), `${name}[${i}]`).toBeLessThan(1e-5 * largest);
  }
}

/** A training step of one block: embedding, layer norm, causal attention, GELU, cross-entropy, AdamW. */
function trainingStep(): { program: Program; start: Step; steps: Step[] } {
  const [batch, time, width, vocab] = [2, 6, 16, 11] as const;
  const uniform = uniforms(4);
  const shapes = {
    embed: [vocab, width],
    norm: [width],
    shift: [width],
    q: [width, width],
    k: [width, width],
    v: [width, width],
    up: [width, 4 * width],
    down: [4 * width, width],
  };
  const parameters = new Map(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]));
  const w = (name: keyof typeof shapes): Tensor => parameters.get(name) as Tensor;
  const x = ops.gather(w("embed"), input("tokens", [batch, time], "int64"));
  const normed = ops.layerNorm(x, w("norm"), w("shift"));
  const scores = ops.matmul(ops.matmul(normed, w("q")), ops.matmul(normed, w("k")), { transposeB: true, alpha: 0.25 });
  const mask = Array.from({ length: time * time }, (_, n) => (n % time > Math.floor(n / time) ? -Infinity : 0));
  const mixed = ops.matmul(ops.softmax(ops.add(scores, constant(mask, [time, time]))), ops.matmul(normed, w("v")));
  const stream = ops.add(x, mixed);
  const thought = ops.add(stream, ops.matmul(ops.gelu(ops.matmul(stream, w("up"))), w("down")));
  const logits = ops.matmul(thought, w("embed"), { transposeB: true });
  const loss = ops.crossEntropy(logits, input("targets", [batch, time], "int64"));
  const state = adamWState(loss, parameters);
  const ids = (offset: number): number[] => Array.from({ length: batch * time }, (_, n) => (5 * n + offset) % vocab);
  return {
    program: compile({ outputs: { loss, logits }, state }),
    start: Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        name === "norm" ? new Float32Array(width).fill(1) : draw({ shape }, uniform).map((value) => 0.2 * value),
      ]),
    ),
    steps: [0, 3, 7].map((offset) => ({ tokens: ids(offset), targets: ids(offset + 5) })),
  };
}

function adamWState(loss: Tensor, parameters: ReadonlyMap<string, Tensor>): Record<string, Tensor> {
  const grads = gradients(loss, [...parameters.values()]);
  return adamW(
    [...parameters].map(([name, value], n) => ({ name, value, grad: grads[n] as Tensor, decayed: value.rank > 1 })),
    { rate: constant(0.01) },
  ).state;
}

describe.skipIf(skipped)("a program in a page", () => {
  const folder = mkdtempSync(join(tmpdir(), "candor-graph-page-"));
  let server: Server;
  let browser: Browser;
  let page: Page;
  let address = "";
  const asked: string[] = [];
  const open = async (path: string): Promise<Page> => {
    const opened = await browser.newPage();
    opened.on("request", (request) => asked.push(request.url()));
    await opened.goto(`${address}/${path}`);
    await opened.waitForFunction(() => "candor" in globalThis);
    return opened;
  };

  beforeAll(async () => {
    await build({
      root: fileURLToPath(new URL("../testing", import.meta.url)),
      base: "./",
      configFile: false,
      logLevel: "error",
      worker: { format: "es" },
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: "es2022",
        rolldownOptions: { input: fileURLToPath(new URL("../testing/browser-page.html", import.meta.url)) },
      },
    });
    server = createServer((request, response) => {
      const { pathname, search } = new URL(request.url ?? "/", "http://page");
      const file = join(folder, pathname);
      if (!file.startsWith(folder) || !existsSync(file) || extname(file) === "") {
        response.writeHead(404).end();
        return;
      }
      const isolated = search === "?isolated" || !pathname.endsWith(".html");
      response.writeHead(200, {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        ...(isolated && {
          "cross-origin-opener-policy": "same-origin",
          "cross-origin-embedder-policy": "require-corp",
        }),
      });
      response.end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    page = await open("browser-page.html");
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("trains as in Node, without threads and with them, and asks only its own origin", async () => {
    const { program, start, steps } = trainingStep();
    const wanted = await inNode(program, start, steps);
    expectClose(await inPage(page, program, start, steps), wanted);
    const isolated = await open("browser-page.html?isolated");
    expect(await isolated.evaluate(() => crossOriginIsolated)).toBe(true);
    expectClose(await inPage(isolated, program, start, steps, 2), wanted);
    expect(asked.some((url) => url.endsWith(".wasm"))).toBe(true);
    expect(asked.filter((url) => !url.startsWith(address) && !url.startsWith("blob:"))).toEqual([]);
  }, 120_000);

  test("has every operation and gradient that Node has", async () => {
    const outputs: Record<string, Tensor> = {};
    const feeds: Record<string, Float64Array> = {};
    const uniform = uniforms(8);
    for (const [n, { operands, build: built }] of samples({ a: 3, b: 4, c: 2 }, 5).entries()) {
      const inputs = operands.map(({ shape }, i) => input(`x${n}.${i}`, shape));
      const value = built(...inputs);
      const grads = gradients(ops.sum(ops.square(value)), inputs);
      for (const [i, operand] of operands.entries()) feeds[`x${n}.${i}`] = draw(operand, uniform);
      outputs[`y${n}`] = value;
      for (const [i, grad] of grads.entries()) outputs[`y${n}.${i}`] = grad;
    }
    const program = compile({ outputs });
    const used = Object.fromEntries(Object.entries(feeds).filter(([name]) => name in program.inputs));
    expectClose(await inPage(page, program, {}, [used]), await inNode(program, {}, [used]));
  }, 120_000);

  test("multiplies by bytes, though it may round otherwise than in Node", async () => {
    const [rows, columns] = [64, 9];
    const uniform = uniforms(2);
    const { codes, scales } = ops.quantiseInt8(draw({ shape: [rows, columns] }, uniform), rows, columns, 32);
    const y = ops.matmulInt8(
      input("x", [2, rows]),
      constant(codes, [columns, 2, 32], "uint8"),
      constant(scales, [2 * columns]),
    );
    const x = draw({ shape: [2, rows] }, uniform);
    const [wanted = []] = evaluate([y], { x });
    const { outputs } = await inPage(page, compile({ outputs: { y } }), {}, [{ x }]);
    // Node's kernel rounds blocks of x to bytes as well: 1 / 254 of the largest, summed over rows as noise.
    for (const [n, value] of wanted.entries())
      expect(Math.abs((outputs[0]?.y?.[n] ?? Number.NaN) - value)).toBeLessThan((3 * 4 * Math.sqrt(rows)) / 254);
  });

  test("says which input is wrong", async () => {
    const program = compile({ outputs: { y: ops.tanh(input("x", [2])) } });
    await expect(inPage(page, program, {}, [{ x: [1] }])).rejects.toThrow("x is float32[2]: 2 elements, not 1");
  });
});
