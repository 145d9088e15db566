import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detectIsolation, mindCommand, type Sandbox } from "./isolation.ts";

const probe = fileURLToPath(new URL("./probe.ts", import.meta.url));
const socket = `\0candor-test-${process.pid}`;
let server: Server;
beforeAll(async () => {
  server = createServer((each) => each.destroy());
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** What a process shut in this way can do; undefined where the machine lacks the sandbox. */
function tryOut(sandbox: Sandbox, permission: boolean): unknown {
  const [command, ...args] = mindCommand({ sandbox, permission }, probe, [
    Buffer.from(socket).toString("base64"),
    String(process.pid),
  ]);
  const { stdout } = spawnSync(command, args, { env: {}, encoding: "utf8" });
  return stdout === "" ? undefined : JSON.parse(stdout);
}

const closed = { files: "closed", children: "closed", network: "closed", processes: "closed" };

describe.skipIf(process.platform !== "linux")("isolation", () => {
  it("is found out by trying, and says in one line what holds", async () => {
    const isolation = await detectIsolation();
    expect(tryOut(isolation.sandbox, isolation.permission)).toEqual(
      isolation.sandbox === "none" ? { ...closed, network: "open", processes: "open" } : closed,
    );
    expect(isolation.summary).toContain("node --permission");
    expect(await detectIsolation()).toBe(isolation);
  });

  it.each<Sandbox>(["bwrap", "unshare"])(
    "by %s closes the network and hides other processes, where it works",
    (sandbox) => {
      expect([closed, undefined]).toContainEqual(tryOut(sandbox, true));
    },
  );

  it("by node alone closes files and programs, and is honest that the network stays open", () => {
    expect(tryOut("none", true)).toEqual({ ...closed, network: "open", processes: "open" });
    expect(tryOut("none", false)).toEqual({ files: "open", children: "open", network: "open", processes: "open" });
  });
});
