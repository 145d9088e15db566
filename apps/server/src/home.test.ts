import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { homeFolder } from "./home.ts";

test.each([".", "home", "~/candor"])("CANDOR_HOME=%s is refused, and nothing is made where it was typed", (given) => {
  const cwd = mkdtempSync(join(tmpdir(), "candor-cwd-"));
  const spy = vi.spyOn(process, "cwd").mockReturnValue(cwd);
  try {
    expect(() => homeFolder({ CANDOR_HOME: given })).toThrow(expect.objectContaining({ code: 2 }));
    expect(readdirSync(cwd)).toEqual([]);
  } finally {
    spy.mockRestore();
    rmSync(cwd, { recursive: true });
  }
});

test("without one it is the platform's data folder, whose relative name counts for nothing", () => {
  const data = mkdtempSync(join(tmpdir(), "candor-data-"));
  try {
    expect(homeFolder({ CANDOR_HOME: "", XDG_DATA_HOME: data })).toBe(join(data, "candor"));
    expect(homeFolder({ CANDOR_HOME: join(data, "mine") })).toBe(join(data, "mine"));
    vi.stubEnv("HOME", data);
    expect(homeFolder({ CANDOR_HOME: "", XDG_DATA_HOME: "data" })).toBe(join(homedir(), ".local/share/candor"));
    expect(homedir()).toBe(data);
  } finally {
    vi.unstubAllEnvs();
    rmSync(data, { recursive: true });
  }
});
