import { expect, test } from "vitest";
import { createProgram } from "./program.ts";

test("a command is there by itself, without those of other files, save completion, which needs all", async () => {
  const all = (await createProgram()).commands.map((command) => command.name());
  expect(all.length).toBeGreaterThan(30);
  for (const name of all) {
    const some = (await createProgram(name)).commands.map((command) => command.name());
    expect(some).toContain(name);
    expect(some.length === all.length, name).toBe(name === "completion");
  }
});
