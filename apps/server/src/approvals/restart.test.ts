/** Approvals in a family over kill -9: real processes, real stores, real effects in a file. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until, variants } from "@candor/store/testing";
import { describe, expect, test } from "vitest";
import type { RunView } from "../api/schemas.ts";
import { type ServerProcess, startServer } from "../testing/server-process.ts";
import type { WaitingQuestion } from "./schemas.ts";

const TOOL = "mcp_effects_append";
const EFFECTS = fileURLToPath(new URL("../../../../packages/agent/src/mcp/testing/effects.ts", import.meta.url));

describe.each(variants.filter(({ available }) => available))("on the $name store", (variant) => {
  test("killed after every answer, a yes is done once by the run that asked, a no never, and the chain stands", async () => {
    const place = await variant.place();
    const home = `${place.home}-family`;
    const file = join(home, "effects");
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, "config.json"),
      JSON.stringify({ mcp: [{ name: "effects", command: process.execPath, args: [EFFECTS, file] }] }),
    );
    const start = () => startServer({ home, databaseUrl: place.databaseUrl });
    const lines = () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
    let server: ServerProcess = await start();
    try {
      // Parent and children have one script, so each asks the same in its first step: only the run tells them apart.
      const call = { thought: "One line.", tool: TOOL, args: { line: "said", ms: 0 } };
      const spawn = { thought: "A child.", tool: "spawn", args: { goal: "Do the same.", steps: 4 } };
      const wait = { thought: "What do they say?", tool: "wait", args: {} };
      const begun = await server.ask<{ run: string }>("POST", "/api/runs", {
        kind: "run",
        goal: "Write one line.",
        world: { kind: "town", seed: 4 },
        mind: { kind: "scripted", script: [call, spawn, wait, wait, wait] },
        budget: { steps: 20 },
        permissions: {
          name: "test",
          rules: [
            { outcome: "ask", tool: TOOL },
            { outcome: "allow", tool: ["spawn", "wait", "finish"] },
          ],
        },
      });
      expect(begun.status, JSON.stringify(begun.body)).toBe(200);
      const { run } = begun.body;
      const answered: WaitingQuestion[] = [];
      const isOver = async () => {
        const { status, reason } = (await server.ask<RunView>("GET", `/api/runs/${run}`)).body;
        if (status !== "finished" && status !== "running" && status !== "waiting" && status !== "interrupted")
          throw new Error(`the run is ${status}: ${reason}`);
        return status === "finished";
      };
      const questions = async () => (await server.ask<WaitingQuestion[]>("GET", "/api/questions")).body;
      for (let round = 0; round < 12 && !(await isOver()); round++) {
        await until(async () => (await isOver()) || (await questions()).length > 0, "a question or the end", 60_000);
        const before = await questions();
        if (round === 0) {
          await server.kill("SIGKILL");
          server = await start();
          expect(await questions()).toEqual(before);
        }
        const [question] = await questions();
        if (!question) continue;
        answered.push(question);
        const { step, argsHash, unknownOutcome } = question;
        const isParent = question.run === run;
        const answer = unknownOutcome ? (lines().length > 0 ? "reject" : "approve") : isParent ? "approve" : "reject";
        const given = { answer, step, argsHash };
        expect((await server.ask("POST", `/api/runs/${question.run}/answer`, given)).status).toBe(200);
        // A yes after that comes to nothing, whatever the first answer was.
        await server.ask("POST", `/api/runs/${question.run}/answer`, { ...given, answer: "approve" });
        await server.kill("SIGKILL");
        server = await start();
        await until(
          async () => !(await questions()).some((each) => each.run === question.run && each.argsHash === argsHash),
          "the answer to hold",
        );
      }
      await until(isOver, "the end", 60_000);
      expect(lines()).toEqual(["said"]);
      expect(
        new Set(answered.map(({ argsHash, unknownOutcome }) => (unknownOutcome ? "" : argsHash))).size,
      ).toBeLessThan(3);
      const child = answered.find((each) => each.run !== run);
      expect(child?.chain.map((each) => each.run)).toEqual([run, child?.run]);
      expect(child?.chain[0]?.goal).toBe("Write one line.");
    } finally {
      await server.kill("SIGTERM");
      await place.remove();
      rmSync(home, { recursive: true, force: true });
    }
  }, 240_000);
});
