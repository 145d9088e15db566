import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { ask } from "./ask.ts";
import { startTownInWorker, type TownWorker, type WorkerOptions } from "./worker.ts";

const HARBOUR = fileURLToPath(new URL("../../examples/harbour/town.json", import.meta.url));

const open: TownWorker[] = [];
afterEach(async () => {
  for (const town of open.splice(0)) await town.close();
});

const inbox = (): string => join(mkdtempSync(join(tmpdir(), "candor-town-")), "inbox.jsonl");

async function start(options: Partial<WorkerOptions>): Promise<TownWorker> {
  const town = await startTownInWorker({ inbox: inbox(), ...options });
  open.push(town);
  return town;
}

describe("a town in a thread of its own", () => {
  test("is served from a spec, with its truth in the caller's hands", async () => {
    const requestLog = `${inbox()}.requests`;
    const town = await start({ spec: HARBOUR, requestLog });
    expect(town.hosts).toContain("pellow.example");
    expect(town.hosts).toContain("search.example");
    expect(town.truth.persona.name).toBe("Tamsin Pellow");
    expect(town.truth.traps).toHaveLength(2);
    expect(town.truth.hosts.find(({ name }) => name === "pellow.example")?.txt).toEqual(["candor-harbour-4c1e9a"]);

    const found = await ask(town.port, 'http://search.example/search?format=json&q="Tamsin+Pellow"+boats');
    expect(JSON.parse(found.body).results[0].url).toBe("http://pellow.example/");
    const jpeg = await ask(town.port, "http://snaps.example/img/ropewalk.jpg");
    expect(jpeg.headers["content-type"]).toBe("image/jpeg");

    const sent = await ask(town.port, "http://gateway.example/2010-04-01/Accounts/AC1/Messages.json", {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from("AC1:x").toString("base64")}` },
      body: String(new URLSearchParams({ To: "+441632960417", From: "+15550100", Body: "hello" })),
    });
    expect(sent.status).toBe(201);
    expect(await town.messages()).toMatchObject([{ to: "+441632960417", body: "hello" }]);
    const hosts = (await town.requests()).map(({ host }) => host);
    expect(hosts).toEqual(["search.example", "snaps.example", "gateway.example"]);
    expect(readFileSync(requestLog, "utf8").split("\n")).toHaveLength(4);
  });

  test("is generated from a seed, with or without its hostile pages", async () => {
    const [hostile, calm] = [await start({ seed: 3 }), await start({ seed: 3, peaceful: true })];
    expect(hostile.truth.seed).toBe(3);
    expect(hostile.truth.traps.length).toBeGreaterThan(0);
    expect(calm.truth.traps).toEqual([]);
    const proof = hostile.truth.persona.proof;
    expect((await ask(hostile.port, proof.url)).body).toContain(proof.token);
  });

  test("fails in the caller with the same clear line", async () => {
    await expect(start({ spec: "/nowhere.json" })).rejects.toMatchObject({
      name: "TownError",
      message: "There is no town spec at /nowhere.json",
      hint: expect.stringContaining("path"),
    });
    await expect(start({ seed: 0.5 })).rejects.toThrow("0.5 is not a town seed");
    const bad = join(mkdtempSync(join(tmpdir(), "candor-town-")), "town.json");
    writeFileSync(bad, '{"hosts": 3}');
    await expect(start({ spec: bad })).rejects.toThrow("town.json: persona is missing (and 1 more problem)");
  });

  test("answers no more once it is closed, and closes twice without complaint", async () => {
    const town = await startTownInWorker({ spec: HARBOUR, inbox: inbox() });
    await town.close();
    await town.close();
    await expect(town.messages()).rejects.toThrow("The town's thread has ended");
  });
});
