import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seal } from "../keys/cipher.ts";
import { context, GENESIS, hashOf, type Row } from "./chain.ts";
import type { Head } from "./head.ts";
import { verifyChain } from "./verify.ts";

const key = randomBytes(32);
const stranger = randomBytes(32);

function chain(texts: readonly string[], sealer: Uint8Array = key): Row[] {
  let prev: Uint8Array = GENESIS;
  return texts.map((text, index) => {
    const place = { run: "r-1", seq: index + 1, at: 1_000 + index, type: "operator.said", prev };
    const sealed = { ...place, payload: seal(sealer, Buffer.from(text), context(place)) };
    const row = { ...sealed, hash: hashOf(sealed) };
    prev = row.hash;
    return row;
  });
}

/** What somebody does who knows how the chain is made, but has no key: every hash fits again. */
function rehash(rows: readonly Omit<Row, "hash" | "prev">[]): Row[] {
  let prev: Uint8Array = GENESIS;
  return rows.map((row, index) => {
    const placed = { ...row, seq: index + 1, prev };
    const hashed = { ...placed, hash: hashOf(placed) };
    prev = hashed.hash;
    return hashed;
  });
}

const { privateKey } = generateKeyPairSync("ed25519");

function headOf(rows: readonly Row[]): Head {
  const last = rows.at(-1);
  const hash = Buffer.from(last?.hash ?? GENESIS).toString("hex");
  return {
    run: "r-1",
    seq: last?.seq ?? 0,
    hash,
    at: 5,
    signature: sign(null, Buffer.from(hash), privateKey).toString("base64"),
  };
}

const texts = fc.array(fc.string(), { minLength: 2, maxLength: 12 });
/** A chain and two different places in it. */
const places = texts.chain((list) =>
  fc.record({
    list: fc.constant(list),
    i: fc.nat(list.length - 1),
    j: fc.nat(list.length - 1),
  }),
);

describe("verifyChain", () => {
  it("accepts what was written, with and without the key", () => {
    fc.assert(
      fc.property(texts, (list) => {
        const rows = chain(list);
        expect(verifyChain(rows, headOf(rows), key)).toMatchObject({ ok: true, events: list.length });
        expect(verifyChain(rows, headOf(rows), undefined).ok).toBe(true);
      }),
    );
  });

  it("finds any byte of any field changed, and says where", () => {
    const field = fc.constantFrom("at", "type", "prev", "hash", "payload", "run" as const);
    fc.assert(
      fc.property(places, field, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ list, i }, name, where, flip) => {
        const rows = chain(list);
        const tampered = rows.map((row, index) => (index === i ? change(row, name, where, flip) : row));
        expect(verifyChain(tampered, headOf(rows), key)).toMatchObject({ ok: false, problem: "changed", at: i + 1 });
        expect(verifyChain(tampered, headOf(rows), undefined)).toMatchObject({ ok: false, at: i + 1 });
      }),
    );
  });

  it("finds an event removed, also when the later ones are renumbered", () => {
    fc.assert(
      fc.property(places, ({ list, i }) => {
        fc.pre(i < list.length - 1);
        const rows = chain(list);
        const rest = rows.toSpliced(i, 1);
        const renumbered = rest.map((row, index) => ({ ...row, seq: index + 1 }));
        const head = headOf(rows);
        expect(verifyChain(rest, head, key)).toMatchObject({ problem: "removed", at: i + 1 });
        expect(verifyChain(renumbered, head, key)).toMatchObject({ problem: "removed", at: i + 1 });
      }),
    );
  });

  it("finds two events swapped, with or without their hashes", () => {
    fc.assert(
      fc.property(places, ({ list, i, j }) => {
        fc.pre(i < j);
        const rows = chain(list);
        const [a, b] = [rows[i] as Row, rows[j] as Row];
        const whole = rows.with(i, { ...b, seq: a.seq }).with(j, { ...a, seq: b.seq });
        const content = (of: Row, at: Row) => ({ ...at, at: of.at, type: of.type, payload: of.payload });
        const contents = rows.with(i, content(b, a)).with(j, content(a, b));
        for (const tampered of [whole, contents]) {
          expect(verifyChain(tampered, headOf(rows), key)).toMatchObject({ problem: "reordered", at: i + 1 });
        }
      }),
    );
  });

  it("finds the end cut off", () => {
    fc.assert(
      fc.property(places, ({ list, i }) => {
        const rows = chain(list);
        expect(verifyChain(rows.slice(0, i), headOf(rows), key)).toMatchObject({ problem: "cut off", at: i + 1 });
      }),
    );
  });

  it("finds a chain that was written anew with every hash recomputed, and from where", () => {
    fc.assert(
      fc.property(places, ({ list, i }) => {
        const rows = chain(list);
        const forged = { ...(rows[i] as Row), payload: seal(stranger, Buffer.from("forged"), new Uint8Array()) };
        const rewritten = rehash(rows.with(i, forged));
        expect(verifyChain(rewritten, headOf(rows), key)).toMatchObject({ problem: "rewritten", at: i + 1 });
        // Without the key the place cannot be told, but the fact can.
        expect(verifyChain(rewritten, headOf(rows), undefined)).toMatchObject({ ok: false, problem: "rewritten" });
        // Even when the forger leaves an event out and everything fits.
        const shortened = rehash(rows.toSpliced(i, 1));
        expect(verifyChain(shortened, headOf(rows), key).ok).toBe(false);
      }),
    );
  });

  it("finds a foreign chain of the same length", () => {
    const rows = chain(["a", "b"]);
    expect(verifyChain(chain(["a", "c"]), headOf(rows), key)).toMatchObject({ problem: "rewritten" });
    expect(verifyChain(chain(["a", "c"], stranger), headOf(rows), key)).toMatchObject({ problem: "rewritten", at: 1 });
  });

  it("accepts a head that lags behind, as after a crash, but not forged events behind it", () => {
    const rows = chain(["a", "b", "c"]);
    const head = headOf(rows.slice(0, 2));
    expect(verifyChain(rows, head, key)).toMatchObject({ ok: true, explanation: expect.stringContaining("lags 1") });
    const forged = { ...(rows[2] as Row), payload: seal(stranger, Buffer.from("x"), new Uint8Array()) };
    expect(verifyChain(rehash([...rows.slice(0, 2), forged]), head, key)).toMatchObject({
      problem: "rewritten",
      at: 3,
    });
    expect(verifyChain(rows, headOf([]), key).ok).toBe(true);
  });

  it("says when the head is gone or not ours", () => {
    const rows = chain(["a"]);
    expect(verifyChain(rows, "missing", key).problem).toBe("head missing");
    expect(verifyChain(rows, "bad", key).problem).toBe("bad signature");
  });
});

function change(
  row: Row,
  field: "at" | "type" | "prev" | "hash" | "payload" | "run",
  where: number,
  flip: number,
): Row {
  const flipped = (bytes: Uint8Array) => {
    const copy = Uint8Array.from(bytes);
    const at = where % copy.length;
    copy[at] = (copy[at] ?? 0) ^ flip;
    return copy;
  };
  if (field === "at") return { ...row, at: row.at + flip };
  if (field === "type") return { ...row, type: `${row.type}x` };
  if (field === "run") return { ...row, run: "r-2" };
  return { ...row, [field]: flipped(row[field]) };
}
