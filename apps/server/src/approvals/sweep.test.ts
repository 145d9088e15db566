/** What time and crashes leave to do, on real stores with several servers. */
import { fold } from "@candor/agent";
import { openStore, type RunEvent } from "@candor/store";
import { runStarted, until, variants } from "@candor/store/testing";
import { describe, expect, test } from "vitest";
import { Questions } from "./questions.ts";
import { Standing } from "./standing.ts";
import { sweep } from "./sweep.ts";

const verdict = { outcome: "ask", rule: "test: default", reason: "" } as const;
const decision = { thought: "", tool: "send", args: { what: "a" } };
const asking = (expiresAt: number): RunEvent[] => [
  runStarted("ask"),
  { type: "step.proposed", step: 1, decision, cost: {}, viewHash: "" },
  { type: "step.judged", step: 1, verdict, argsHash: "h", expiresAt },
];

describe.each(variants.filter(({ available }) => available))("on the $name store", ({ place: makePlace, name }) => {
  test("servers that look at once make a no of a question exactly once, and wake the run", async () => {
    const place = await makePlace();
    try {
      await using first = await openStore(place);
      await using second = name === "server" ? await openStore(place) : undefined;
      const worked: string[] = [];
      await first.engine.start(async (run) => void worked.push(run));
      const runs = Array.from({ length: 5 }, () => first.runs.newRunId());
      const later = first.runs.newRunId();
      for (const run of runs) await first.log.append(run, 0, asking(Date.now() - 1));
      await first.log.append(later, 0, asking(Date.now() + 60_000));
      const stores = [first, ...(second ? [{ ...second, engine: first.engine }] : [first])];
      const woken = await Promise.all(
        [...stores, ...stores].map((store) => sweep(store, new Questions(store, new Standing(store.ledger)))),
      );
      expect(woken.flat().sort()).toEqual(runs.toSorted());
      for (const run of runs) {
        const events = await first.log.read(run);
        expect(events.map(({ event }) => event.type).slice(3)).toEqual(["approval.answered"]);
        expect(fold(run, events).steps[0]?.answer?.answer).toBe("expire");
      }
      await until(() => runs.every((run) => worked.includes(run)), "every run to be taken up");
      expect(worked).not.toContain(later);
    } finally {
      await place.remove();
    }
  });

  test("an answer whose run nobody woke, since the server died in between, is taken up", async () => {
    const place = await makePlace();
    try {
      await using store = await openStore(place);
      const worked: string[] = [];
      await store.engine.start(async (run) => void worked.push(run));
      const run = store.runs.newRunId();
      await store.log.append(run, 0, [
        ...asking(Date.now() + 60_000),
        { type: "approval.answered", step: 1, argsHash: "h", answer: "approve", message: "", by: "ada" },
      ]);
      const questions = new Questions(store, new Standing(store.ledger));
      // Somebody may still be about to wake it.
      expect(await sweep(store, questions)).toEqual([]);
      expect(await sweep(store, questions, Date.now() + 10_000)).toEqual([run]);
      await until(() => worked.includes(run), "the run to be taken up");
    } finally {
      await place.remove();
    }
  });
});
