import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { watchStopFile } from "./watch-stop-file.ts";

const path = () => join(mkdtempSync(join(tmpdir(), "stop-")), "STOP");

it("calls back each time that the file appears", async () => {
  const file = path();
  let seen = Promise.withResolvers<void>();
  let calls = 0;
  const end = watchStopFile(file, () => {
    calls++;
    seen.resolve();
  });
  writeFileSync(file, "");
  await seen.promise;
  rmSync(file);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(calls).toBe(1);
  seen = Promise.withResolvers();
  writeFileSync(file, "");
  await seen.promise;
  expect(calls).toBe(2);
  end();
});

it("calls nobody after its end", async () => {
  const file = path();
  let calls = 0;
  watchStopFile(file, () => calls++)();
  writeFileSync(file, "");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(calls).toBe(0);
});
