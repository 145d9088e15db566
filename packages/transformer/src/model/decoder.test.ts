import { compile, input, Runner, type Taps, type Values } from "@candor/graph";
import { afterEach, describe, expect, it } from "vitest";
import { randomWeights, TINY, uniforms } from "../generate/testing/tiny-models.ts";
import { decoder, weightInputs } from "./decoder.ts";

const TOKENS = [3, 1, 4, 1, 5];
const SCALE = "blocks.1.ln2.hook_scale";
const NORMALISED = "blocks.1.ln2.hook_normalized";
const BEFORE = "blocks.1.hook_resid_mid";

let runner: Runner | undefined;
afterEach(async () => {
  await runner?.release();
  runner = undefined;
});

async function ran(name: keyof typeof TINY, taps: Taps, feeds: Record<string, Float32Array> = {}): Promise<Values> {
  const config = TINY[name];
  const { logits } = decoder({
    config,
    weights: weightInputs(config).weights,
    tokens: input("tokens", [1, TOKENS.length], "int64"),
    open: [...(taps.read ?? []), ...(taps.replace ?? [])],
  });
  await runner?.release();
  runner = await Runner.load(compile({ outputs: { logits } }, taps), { threads: 1 });
  const values = await runner.run({
    ...Object.fromEntries(randomWeights(config, uniforms(7))),
    tokens: TOKENS,
    ...feeds,
  });
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.slice()]));
}

const near = (a: ArrayLike<number | bigint> | undefined, b: ArrayLike<number | bigint> | undefined): number =>
  Math.max(...Array.from(a ?? [Number.NaN], (value, n) => Math.abs(Number(value) - Number(b?.[n]))));

describe.each(["GPT-2", "Llama"] as const)("the norms of %s, opened", (name) => {
  it("give what they give when they are whole", async () => {
    const whole = await ran(name, {});
    const opened = await ran(name, { read: [SCALE, NORMALISED] });
    expect(near(opened.logits, whole.logits)).toBeLessThan(1e-5);
  });

  it("divide by their scale, which is the spread of the line", async () => {
    const { width, norm } = TINY[name];
    const values = await ran(name, { read: [BEFORE, SCALE, NORMALISED] });
    const lines = TOKENS.map((_, n) => Array.from(values[BEFORE] as Float32Array).slice(n * width, (n + 1) * width));
    const mean = (line: readonly number[]): number => line.reduce((sum, x) => sum + x, 0) / line.length;
    const centred = lines.map((line) => line.map((x) => (norm.kind === "layer" ? x - mean(line) : x)));
    const scales = centred.map((line) => Math.sqrt(mean(line.map((x) => x * x)) + norm.epsilon));
    expect(near(values[SCALE], scales)).toBeLessThan(1e-5);
    expect(
      near(
        values[NORMALISED],
        centred.flatMap((line, n) => line.map((x) => x / (scales[n] ?? 0))),
      ),
    ).toBeLessThan(1e-5);
  });

  it("divide by what their scale is set to", async () => {
    const before = await ran(name, { read: [SCALE, NORMALISED] });
    const doubled = (before[SCALE] as Float32Array).map((x) => 2 * x);
    const set = await ran(name, { read: [NORMALISED], replace: [SCALE] }, { [`replace:${SCALE}`]: doubled });
    expect(
      near(
        set[NORMALISED],
        (before[NORMALISED] as Float32Array).map((x) => x / 2),
      ),
    ).toBeLessThan(1e-5);
    expect(near(set.logits, before.logits)).toBeGreaterThan(1e-3);
  });
});
