/** Nothing that was acknowledged is lost or doubled, whoever writes at once and whatever dies. */
import { rmSync } from "node:fs";
import { type Place, variants } from "@candor/store/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServerProcess, startServer } from "../testing/server-process.ts";
import type { JudgedItem, QueueView } from "./schemas.ts";

const ITEMS = 40;
const RATERS = ["ada", "ben", "cy"];

/** Things to judge that need no run. */
const lines = Array.from({ length: ITEMS }, (_, i) =>
  JSON.stringify({ prompt: `Question ${i}`, completion: `Answer ${i}`, label: i % 2 === 0 }),
).join("\n");

/** What each rater thinks of each item, so that the end is known. */
const verdictOf = (rater: string, item: string) =>
  (Number.parseInt(item.slice(2, 10), 16) + RATERS.indexOf(rater)) % 3 === 0 ? "bad" : "good";

for (const variant of variants) {
  describe.skipIf(!variant.available)(`judgments, ${variant.name}`, () => {
    let place: Place;
    /** On PostgreSQL two servers share the work, embedded there is one. */
    const servers: ServerProcess[] = [];
    const homes: string[] = [];
    const tokens = new Map<string, string>();

    const start = async (n: number) => {
      const home = `${place.home}-${n}`;
      if (!homes.includes(home)) homes.push(home);
      const server = await startServer({ home, databaseUrl: place.databaseUrl, keyring: `${place.home}/keys` });
      servers[n] = server;
      return server;
    };
    const first = () => servers[0] as ServerProcess;

    beforeAll(async () => {
      place = await variant.place();
      await start(0);
      if (variant.name === "server") await start(1);
      for (const name of RATERS) {
        const { body } = await first().ask<{ token: string }>("POST", "/api/raters", { name });
        tokens.set(name, body.token);
      }
      await first().ask("POST", "/api/judgments/import", { text: lines });
    });
    afterAll(async () => {
      await Promise.all(servers.map((server) => server.kill("SIGTERM")));
      await place.remove();
      for (const home of homes) rmSync(home, { recursive: true, force: true });
    });

    test("of raters who write at once, on every server, with a server killed in the middle", async () => {
      const { body: all } = await first().ask<JudgedItem[]>("GET", "/api/judgments/items");
      expect(all).toHaveLength(ITEMS);
      let acknowledged = 0;
      let killed: Promise<unknown> | undefined;
      const cutOff: unknown[] = [];

      /** Sends until it is acknowledged: again, under the same key, when the answer did not come. */
      const submit = async (rater: string, item: string, turn: number): Promise<void> => {
        const body = { item, verdict: verdictOf(rater, item), key: `${rater} ${item}` };
        for (let attempt = 0; ; attempt++) {
          const server = servers[(turn + attempt) % servers.length] as ServerProcess;
          try {
            const { status } = await server.ask("POST", "/api/judgments", body, tokens.get(rater));
            expect(status).toBe(200);
            acknowledged++;
            return;
          } catch (error) {
            if (!(error instanceof TypeError)) throw error;
            cutOff.push(error);
            await killed;
          }
        }
      };
      const rate = async (rater: string, r: number) => {
        for (const [i, { item }] of all.entries()) {
          // Twice at once, as an impatient thumb would.
          await Promise.all([submit(rater, item, i + r), submit(rater, item, i + r + 1)]);
          if (!killed && acknowledged > ITEMS) {
            killed = first()
              .kill("SIGKILL")
              .then(() => start(0));
          }
        }
      };
      await Promise.all(RATERS.map(rate));
      await killed;
      expect(killed).toBeDefined();
      expect(cutOff.length).toBeGreaterThan(0);

      for (const server of servers) {
        const { body: after } = await server.ask<JudgedItem[]>("GET", "/api/judgments/items");
        expect(after).toHaveLength(ITEMS);
        for (const { item, judgments, history } of after) {
          const said = Object.fromEntries(judgments.map(({ rater, verdict }) => [rater, verdict]));
          for (const rater of RATERS) expect(said[rater]).toBe(verdictOf(rater, item));
          // The import's word and one of each rater, not one more.
          expect(history).toHaveLength(1 + RATERS.length);
        }
      }
      for (const rater of RATERS) {
        const { body } = await first().ask<QueueView>("GET", "/api/judgments/queue", undefined, tokens.get(rater));
        expect(body.progress).toMatchObject({ judged: ITEMS, open: 0 });
      }
    });

    test("of two who change their minds at once the same last word stands on every server", async () => {
      const { body: all } = await first().ask<JudgedItem[]>("GET", "/api/judgments/items");
      const [{ item } = { item: "" }] = all;
      await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          (servers[i % servers.length] as ServerProcess).ask(
            "POST",
            "/api/judgments",
            { item, verdict: i % 2 ? "good" : "bad" },
            tokens.get("ada"),
          ),
        ),
      );
      const seen = await Promise.all(
        servers.map(async (server) => {
          const { body } = await server.ask<JudgedItem[]>("GET", "/api/judgments/items");
          return body.find((each) => each.item === item);
        }),
      );
      expect(seen[0]?.history).toHaveLength(1 + RATERS.length + 30);
      for (const other of seen) expect(other).toEqual(seen[0]);
    });
  });
}
