import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";
import { add, mul } from "../ops/index.ts";
import { compileParallel } from "../parallel.ts";
import { input } from "../tensor.ts";
import { ParallelSession } from "./parallel-session.ts";
import { Session } from "./session.ts";
import { Turns } from "./turns.ts";

describe("turns", () => {
  it("are taken one after the other, and what fails holds nobody up", async () => {
    const turns = new Turns();
    const told: string[] = [];
    const work = (name: string, fails = false) =>
      turns.take(async () => {
        told.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 2));
        told.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const all = await Promise.allSettled([work("a"), work("b", true), work("c")]);
    expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(told).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    await turns.settled();
    expect(await work("d")).toBe("d");
  });
});

const SIZE = 200_000;

describe.each(["one thread", "several"])("runs asked for at once, of %s", (kind) => {
  it("each give what they were asked, to whoever copies it at once", async () => {
    const x = input("x", [SIZE]);
    await using session =
      kind === "one thread"
        ? await Session.create(compile({ outputs: { y: add(mul(x, 2), 1) } }), { threads: 1 })
        : await ParallelSession.create(compileParallel([[{ y: add(mul(x, 2), 1) }, { z: mul(x, 3) }]]), { threads: 2 });
    const asked = async (value: number): Promise<boolean> => {
      const { y } = await session.run({ x: new Float32Array(SIZE).fill(value) });
      const copy = (y as Float32Array).slice();
      return copy.every((each) => each === 2 * value + 1);
    };
    expect(await Promise.all([1, 2, 3, 4, 5, 6].map(asked))).toEqual(Array(6).fill(true));
  });
});
