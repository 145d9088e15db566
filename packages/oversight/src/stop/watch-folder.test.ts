import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { watchFolder } from "./watch-folder.ts";

const made = (): string => mkdtempSync(join(tmpdir(), "watch-"));

it("looks at once, and again when something appears", async () => {
  const folder = made();
  const file = join(folder, "STOP");
  const seen = Promise.withResolvers<void>();
  let looks = 0;
  const end = watchFolder(folder, () => {
    looks++;
    if (existsSync(file)) seen.resolve();
  });
  await Promise.resolve();
  expect(looks).toBe(1);
  writeFileSync(file, "");
  await seen.promise;
  end();
  rmSync(folder, { recursive: true });
});

it("goes on looking where the folder went away and came back", async () => {
  const folder = made();
  rmSync(folder, { recursive: true });
  const looked = Promise.withResolvers<void>();
  let looks = 0;
  const end = watchFolder(folder, () => {
    if (++looks === 3) looked.resolve();
  });
  await looked.promise;
  end();
});

it("looks no more after its end", async () => {
  const folder = made();
  let looks = 0;
  watchFolder(folder, () => looks++)();
  writeFileSync(join(folder, "STOP"), "");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(looks).toBe(0);
  rmSync(folder, { recursive: true });
});
