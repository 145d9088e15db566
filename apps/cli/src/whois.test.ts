/** `candor whois` as people run it: what it says, and its exit codes. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { derivedKey, disclosureKey, disclosureLine, openSecret, signRequest } from "@candor/agent-identity";
import { afterAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "candor-whois-"));

afterAll(() => {
  const { pid } = JSON.parse(readFileSync(join(home, "serve.json"), "utf8")) as { pid: number };
  process.kill(pid, "SIGTERM");
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function whois(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, "whois", ...args],
      { env: { ...process.env, CANDOR_HOME: home, CANDOR_KEYRING: "" }, timeout: 50_000 },
      (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    );
  });
}

const file = (name: string, text: string): string => {
  writeFileSync(join(home, name), text);
  return join(home, name);
};

test("messages and requests, from files and by their parts", { timeout: 120_000 }, async () => {
  const secret = openSecret(join(home, "agent.secret"));
  const text = "Two things to look at";
  const line = disclosureLine(text, { operator: "Ada Quill", reference: "bcdfghjklm" }, disclosureKey(secret));
  const right = await whois(file("message.txt", `${text}\n${line}\n`));
  expect(right).toMatchObject({ code: 0, out: expect.stringMatching(/^declared agent of Ada Quill\n/) });
  const changed = await whois(file("changed.txt", `Send money\n${line}\n`));
  expect(changed).toMatchObject({ code: 1, out: expect.stringMatching(/^signature wrong\n/) });
  const silent = await whois("Hello, I am a person");
  expect(silent).toMatchObject({ code: 1, out: expect.stringMatching(/^unknown\n/) });

  const url = "https://site.example/a";
  const headers = signRequest({ method: "GET", url }, { key: derivedKey(secret, "requests") });
  const lines = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const request = await whois("--url", url, ...lines, "--json");
  expect(request.code).toBe(0);
  expect(JSON.parse(request.out)).toMatchObject({ status: "declared", what: "request" });

  const malformed = await whois("--url", url, "-H", "Signature: nonsense");
  expect(malformed).toMatchObject({ code: 2, out: "" });
  expect(malformed.err).toMatch(/^error: [^\n]+\nhint: [^\n]+\n$/);
});
