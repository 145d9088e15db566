/** What the form asks for is what the server takes. */
import { StartRun } from "@candor/server";
import { expect, test } from "vitest";
import { toRequest } from "./start-request.ts";

const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

test("the form as it stands begins an audit in the town with everything as usual", () => {
  const request = toRequest(form({ kind: "audit", world: "town", seed: "7", mind: "scout", steps: "", usd: "" }));
  expect(request).toEqual({
    kind: "audit",
    world: { kind: "town", seed: 7 },
    mind: { kind: "scout" },
    seed: 7,
    mode: "continuous",
    permissions: "normal",
    budget: {},
  });
  expect(StartRun.safeParse(request).success).toBe(true);
});

test("every choice reaches the server", () => {
  const request = toRequest(
    form({
      kind: "run",
      goal: " Find a library ",
      world: "web",
      mind: "llm",
      model: "ollama:qwen3",
      baseUrl: "http://127.0.0.1:11434/v1",
      permissions: "watch",
      mode: "few",
      steps: "20",
      pages: "30",
      minutes: "1.5",
      usd: "0.5",
    }),
  );
  expect(request).toMatchObject({
    kind: "run",
    goal: "Find a library",
    world: { kind: "web" },
    mind: { kind: "llm", model: "ollama:qwen3", baseUrl: "http://127.0.0.1:11434/v1" },
    permissions: "watch",
    mode: "few",
    budget: { steps: 20, pages: 30, seconds: 90, usd: 0.5 },
  });
  expect(StartRun.safeParse(request).success).toBe(true);
});

test("a mode that nobody offers is the usual one", () => {
  expect(toRequest(form({ mode: "reckless" })).mode).toBe("continuous");
});
