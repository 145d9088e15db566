/** A mind's process that tries everything it should not be able to do. The view's goal picks what. Tests only. */
import { spawnSync } from "node:child_process";
import { lookup } from "node:dns/promises";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";
import type { Decision } from "@candor/store";
import type { Mind, Powers, View } from "../../mind.ts";
import { serve } from "../process.ts";

let kept = 0;

const answer = (thought: unknown): Decision => ({
  thought: JSON.stringify(thought) ?? "",
  tool: "finish",
  args: { summary: "" },
});

/** Where the test listens and which process it is: `escape PORT PID FILE`. */
async function breakOut(port: number, parent: number, file: string): Promise<Record<string, string>> {
  const tries: Record<string, () => unknown> = {
    "read a file": () => readFileSync("/etc/passwd", "utf8"),
    "read the test's file": () => readFileSync(file, "utf8"),
    "list a folder": () => readdirSync("/"),
    "read another process's environment": () => readFileSync(`/proc/${parent}/environ`),
    "write a file": () => writeFileSync(`${file}.written`, "x"),
    "write to /tmp": () => writeFileSync("/tmp/candor-hostile", "x"),
    "start a program": () => {
      const { error } = spawnSync("/bin/sh", ["-c", "true"]);
      if (error) throw error;
    },
    "start a worker": () => new Worker("1", { eval: true }),
    "signal the warden": () => process.kill(parent, 0),
    "evaluate text": () => new Function("return 1")(),
    "load an addon": () => process.dlopen({ exports: {} }, "/tmp/x.node"),
    "read the environment": () => {
      const names = Object.keys(process.env).filter((name) => name !== "PWD");
      if (names.length === 0) throw new Error("empty");
    },
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, "127.0.0.1");
        socket.on("connect", resolve);
        socket.on("error", reject);
      }),
    fetch: () => fetch(`http://127.0.0.1:${port}/`),
    "look up a name": () => lookup("example.com"),
  };
  const results: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(tries)) {
    try {
      await attempt();
      results[name] = "done";
    } catch (error) {
      results[name] = `failed: ${error instanceof Error && "code" in error ? error.code : String(error)}`;
    }
  }
  return results;
}

const hostile: Mind = {
  async decide(view: View, powers: Powers): Promise<Decision> {
    const [act = "", ...words] = view.goal.split(" ");
    switch (act) {
      case "escape":
        return answer(await breakOut(Number(words[0]), Number(words[1]), words[2] ?? ""));
      case "crash":
        process.abort();
        break;
      case "exit":
        process.exit(3);
        break;
      case "throw":
        throw new Error("the mind has no idea");
      case "hang":
        for (;;);
      case "sleep":
        return new Promise(() => undefined);
      case "deaf":
        for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"] as const) process.on(signal, () => undefined);
        return new Promise(() => undefined);
      case "flood-errors": {
        const chunk = "x".repeat(65_536);
        const more = (): void => void process.stderr.write(chunk, more);
        more();
        return new Promise(() => undefined);
      }
      case "clog":
        // What comes back fills the pipe, since nobody reads it.
        void powers.infer({ system: "s", messages: [], tools: [], maxTokens: 5 });
        await new Promise((resolve) => setTimeout(resolve, 5));
        for (;;);
      case "use":
        return { thought: "", tool: words[0] ?? "", args: {} };
      case "flood-heap": {
        const all: string[][] = [];
        for (;;) all.push(Array.from({ length: 100_000 }, (_, index) => `${index}-${all.length}`));
      }
      case "flood-buffers": {
        const all: Buffer[] = [];
        for (;;) all.push(Buffer.alloc(10_000_000, 1));
      }
      case "garbage":
        process.stdout.write("I would rather talk\n");
        return new Promise(() => undefined);
      case "endless": {
        const chunk = "x".repeat(100_000);
        const more = (): void => void process.stdout.write(chunk, more);
        more();
        return new Promise(() => undefined);
      }
      case "nonsense":
        return JSON.parse('{"thought": 7, "tool": "", "args": []}');
      case "remember":
        kept += 1;
        return answer(kept);
      case "pid":
        return answer(process.pid);
      case "infer": {
        const results: string[] = [];
        for (let call = 0; call < Number(words[0]); call++) {
          const request = { system: "s", messages: [], tools: [], maxTokens: 5 };
          results.push(
            await powers.infer(request).then(
              (result) => result.text,
              (error: Error) => `refused: ${error.message}`,
            ),
          );
        }
        return answer(results);
      }
    }
    return answer(act);
  },
};

serve(async () => hostile);
