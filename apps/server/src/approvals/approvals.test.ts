import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningService } from "../create-service.ts";
import { settled, type TestHome, testHome } from "../fixture.ts";
import { answers, asks, decide, failureOf, questionOf, write, yes } from "../testing/asking.ts";

let shared: TestHome;
let service: RunningService;
beforeAll(async () => {
  shared = await testHome();
  service = shared.service;
}, 60_000);
afterAll(() => shared[Symbol.asyncDispose](), 60_000);

describe("what waits for a person", () => {
  test("is listed over all runs, with why, until when, and what a wider yes would give", async () => {
    const first = await asks(service, [write("a.txt")]);
    const second = await asks(service, [write("b.txt")], { expireAfter: 60 });
    expect((await service.approvals.waiting()).map(({ run }) => run).slice(-2)).toEqual([first.run, second.run]);
    expect(first).toMatchObject({
      step: 1,
      effect: "write",
      goal: "keep some notes about clubs",
      chain: [{ run: first.run, goal: "keep some notes about clubs" }],
      scopes: ["once", "run", "always"],
      grant: "use write_file without asking",
      unknownOutcome: false,
    });
    const days = ({ expiresAt = 0, askedAt }: typeof first) => Math.round((expiresAt - askedAt) / 86_400_000);
    expect([days(first), days(second)]).toEqual([7, 0]);
    expect((await service.show(first.run)).question).toMatchObject({ grant: first.grant, chain: first.chain });
    await service.stop(first.run, "enough", "test");
    const left = (await service.approvals.waiting()).map(({ run }) => run);
    expect(left).not.toContain(first.run);
    expect(left).toContain(second.run);
  });

  test("can be answered together; one that is gone spoils nothing", async () => {
    const [a, b, c] = [
      await asks(service, [write("a.txt")]),
      await asks(service, [write("b.txt")]),
      await asks(service, [write("c.txt")]),
    ];
    await service.answer(b.run, { answer: "reject", message: "", step: b.step, argsHash: b.argsHash }, "test");
    const results = await service.approvals.answerMany(
      [
        { ...yes(a), run: a.run },
        { ...yes(b), run: b.run },
        { ...yes(a), run: c.run, argsHash: "of another" },
        { ...yes(a), run: "r-nope" },
        { ...yes(c), run: c.run },
      ],
      "test",
    );
    expect(results.map(({ ok }) => ok)).toEqual([true, false, false, false, true]);
    expect(results[2]?.error).toContain("changed meanwhile");
    expect(results[3]?.error).toContain("no run r-nope");
    for (const { run } of [a, b, c]) expect(await settled(service, run)).toBe("finished");
    const written = async (run: string) =>
      (await service.events(run, 0)).some(({ event }) => event.type === "step.done" && event.tool === "write_file");
    expect([await written(a.run), await written(b.run), await written(c.run)]).toEqual([true, false, true]);
  });
});

describe("a yes for longer", () => {
  test("holds for the rest of the run, and no further", async () => {
    const question = await asks(service, [write("a.txt"), write("b.txt")]);
    await service.answer(question.run, yes(question, { scope: "run" }), "test");
    expect(await settled(service, question.run)).toBe("finished");
    const later = await asks(service, [write("c.txt")]);
    expect(later.step).toBe(1);
  });

  test("goes with the run that gave it when that is erased", async () => {
    const question = await asks(service, [write("a.txt")]);
    await service.answer(question.run, yes(question, { scope: "always" }), "ada");
    expect(await settled(service, question.run)).toBe("finished");
    await service.erase(question.run);
    expect(await service.approvals.standing.list()).toEqual([]);
  });

  test("is refused where no permission could give it, and the question stays", async () => {
    const passage = "Search engine results for clubs and societies of the town: ".repeat(3);
    const question = await asks(
      service,
      [decide("search", { query: "clubs" }), decide("write_file", { path: "a", text: passage })],
      {
        permissions: {
          name: "mine",
          default: "ask",
          rules: [
            { outcome: "allow", effect: "read" },
            { outcome: "ask", tool: "write_file", argument: { text: "clubs", path: "." } },
          ],
        },
      },
    );
    expect(question.scopes).toEqual(["once"]);
    const failure = await failureOf(service.answer(question.run, yes(question, { scope: "always" }), "test"));
    expect(failure).toMatchObject({ exit: 2, message: "this can only be allowed once" });
    expect(await questionOf(service, question.run)).toEqual(question);
    expect(await answers(service, question.run)).toEqual([]);
  });
});

describe("other arguments", () => {
  test("that do not fit the tool are refused in one line, and nothing is lost", async () => {
    const question = await asks(service, [write("a.txt")]);
    const { run, step, argsHash } = question;
    const modify = (args: Record<string, unknown>) =>
      service.answer(run, { answer: "modify", message: "", step, argsHash, args }, "test");
    for (const args of [{}, { path: 3, text: "x" }, { path: "b.txt", text: "x", more: true }]) {
      const failure = await failureOf(modify(args));
      expect(failure.exit).toBe(2);
      expect(failure.message).toMatch(/^these arguments do not fit write_file: [^\n]+$/);
    }
    expect(await questionOf(service, run)).toEqual(question);
    await modify({ path: "b.txt", text: "ring +1 202 555 0142" });
    expect(await settled(service, run)).toBe("finished");
    const log = JSON.stringify(await service.events(run, 0));
    // The last four alone may stand in any time or hash.
    expect(log).not.toMatch(/555\D?0142/);
    expect(await answers(service, run)).toEqual(["modify"]);
  });
});

describe("bad input", () => {
  test("is one clear line with exit code 2, and leaves the question as it was", async () => {
    const question = await asks(service, [write("a.txt")]);
    const { run } = question;
    for (const [act, message] of [
      [() => service.answer(run, yes(question, { argsHash: "of another" }), "test"), /changed meanwhile/],
      [() => service.answer(run, yes(question, { step: 9 }), "test"), /changed meanwhile/],
      [() => service.answer("r-nope", yes(question), "test"), /no run r-nope/i],
    ] as const) {
      const failure = await failureOf(act());
      expect(failure.exit).toBe(2);
      expect(failure.message).toMatch(message);
    }
    expect(await questionOf(service, run)).toEqual(question);
    await service.answer(run, yes(question), "ada");
    expect(await settled(service, run)).toBe("finished");
    expect((await failureOf(service.answer(run, yes(question), "test"))).message).toContain("answered already, by ada");
  });
});
