import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testHome } from "./fixture.ts";

test("what could not begin today is not scheduled", async () => {
  await using fresh = await testHome();
  await expect(
    fresh.service.schedule("audit-web", 60_000, { kind: "audit", world: { kind: "web" }, mind: { kind: "scout" } }),
  ).rejects.toThrow("none of your accounts is proven");
  expect(await fresh.service.schedules()).toEqual([]);
});

test("a run that is due and cannot begin is there as a failed run that says why", async () => {
  await using fresh = await testHome();
  const { service, home } = fresh;
  const request = { kind: "audit", world: { kind: "town", seed: 3 }, mind: { kind: "scout" } } as const;
  await service.schedule("audit-town", 1_000, request);
  writeFileSync(join(home, "STOP"), "");
  let rows = await service.list();
  while (rows.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    rows = await service.list();
  }
  await service.unschedule("audit-town");
  expect(rows[0]?.status).toBe("failed");
  expect((await service.show(rows[0]?.run ?? "")).reason).toContain("the off switch is on");
});
