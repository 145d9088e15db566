/** The tables as Drizzle sees them; `migrations/*.sql` makes them. */
import { bigint, customType, integer, pgSchema, primaryKey, text } from "./drizzle.ts";

const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => "bytea",
});

export const candor = pgSchema("candor");

export const events = candor.table(
  "events",
  {
    run: text().notNull(),
    seq: integer().notNull(),
    at: bigint({ mode: "number" }).notNull(),
    type: text().notNull(),
    prev: bytea().notNull(),
    hash: bytea().notNull(),
    payload: bytea().notNull(),
  },
  (table) => [primaryKey({ columns: [table.run, table.seq] })],
);

export const ledger = candor.table("ledger", {
  id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  stream: text().notNull(),
  run: text(),
  at: bigint({ mode: "number" }).notNull(),
  payload: bytea().notNull(),
});

export const schedules = candor.table("schedules", {
  id: text().primaryKey(),
  everyMs: bigint("every_ms", { mode: "number" }).notNull(),
  nextAt: bigint("next_at", { mode: "number" }).notNull(),
  payload: bytea().notNull(),
});
