/**
 * What the store uses of Drizzle, loaded as CommonJS: its ES modules are 119 files that take 0.25 s of every start,
 * its CommonJS ones 0.05 s.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const core: typeof import("drizzle-orm") = require("drizzle-orm");
const pgCore: typeof import("drizzle-orm/pg-core") = require("drizzle-orm/pg-core");
const nodePostgres: typeof import("drizzle-orm/node-postgres") = require("drizzle-orm/node-postgres");

export const { and, asc, eq, gt, inArray, lte, sql } = core;
export const { bigint, customType, integer, pgSchema, primaryKey, text } = pgCore;
export const { drizzle } = nodePostgres;
