import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { watchStopFile } from "./watch-stop-file.ts";

const path = () => join(mkdtempSync(join(tmpdir(), "stop-")), "STOP");

it("calls back once when the file appears", async () => {
  const file = path();
  let calls = 0;
  await new Promise<void>((resolve) => {
    watchStopFile(file, () => {
      calls++;
      resolve();
    });
    writeFileSync(file, "");
  });
  expect(calls).toBe(1);
});

it("calls nobody after its end", async () => {
  const file = path();
  let calls = 0;
  watchStopFile(file, () => calls++)();
  writeFileSync(file, "");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(calls).toBe(0);
});
