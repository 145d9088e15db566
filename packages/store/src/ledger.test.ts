import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Place, variants } from "./fixtures/stores.ts";
import { openStore, type Store } from "./store.ts";

for (const variant of variants) {
  describe.skipIf(!variant.available)(`the ledger, ${variant.name}`, () => {
    let place: Place;
    let store: Store;
    const open = () => openStore({ home: place.home, databaseUrl: place.databaseUrl });
    beforeAll(async () => {
      place = await variant.place();
      store = await open();
    });
    afterAll(async () => {
      await store.close();
      await place.remove();
    });

    it("keeps every fact of writers that write at once, in order, over a restart", async () => {
      const written = await Promise.all(
        Array.from({ length: 40 }, (_, n) => store.ledger.append("judgments", { n, rater: n % 2 ? "ada" : "ben" })),
      );
      expect(new Set(written.map(({ id }) => id)).size).toBe(40);
      await store.close();
      store = await open();
      const read = await store.ledger.read("judgments");
      expect(read.map(({ value }) => value)).toEqual(written.toSorted((a, b) => a.id - b.id).map(({ value }) => value));
      expect(await store.ledger.read("judgments", { after: read[9]?.id ?? 0 })).toHaveLength(30);
      expect(await store.ledger.read("elsewhere")).toEqual([]);
      expect(await store.ledger.ids("judgments")).toEqual(read.map(({ id }) => id));
      const some = read.slice(3, 6);
      expect(await store.ledger.read("judgments", { ids: some.map(({ id }) => id) })).toEqual(some);
      expect(await store.ledger.read("judgments", { ids: [] })).toEqual([]);
    });

    it("forgets what was said of a run, and nothing else", async () => {
      await store.ledger.append("notes", "about a", { run: "r-a" });
      await store.ledger.append("notes", "about b", { run: "r-b" });
      expect(await store.ledger.read("notes", { run: "r-a" })).toMatchObject([{ value: "about a", run: "r-a" }]);
      await store.ledger.forget("r-a");
      expect((await store.ledger.read("notes")).map(({ value }) => value)).toEqual(["about b"]);
    });

    it("forgets what was said of two runs when one of them is erased", async () => {
      await store.ledger.append("pairs", "c before d", { run: ["r-c", "r-d"] });
      await store.ledger.append("pairs", "e before f", { run: ["r-e", "r-f"] });
      expect(await store.ledger.read("pairs", { run: "r-d" })).toMatchObject([{ value: "c before d" }]);
      expect(await store.ledger.read("pairs", { run: "r-" })).toEqual([]);
      await store.ledger.forget("r-d");
      expect((await store.ledger.read("pairs")).map(({ value }) => value)).toEqual(["e before f"]);
    });

    it("refuses a stream without a name, in one line", async () => {
      await expect(store.ledger.append("", 1)).rejects.toMatchObject({ name: "StoreError", code: 2 });
    });
  });
}
