/** An empty database on the PostgreSQL of this machine, dropped afterwards. */
import { Client } from "pg";

const SERVER = process.env.CANDOR_BENCH_POSTGRES ?? "postgres://postgres@127.0.0.1:5432";

export interface Scratch {
  url: string;
  drop(): Promise<void>;
}

/** Undefined when no server answers. */
export async function scratchDatabase(): Promise<Scratch | undefined> {
  const name = `candor_bench_${process.pid}`;
  try {
    await command(`create database ${name}`);
  } catch {
    return undefined;
  }
  return { url: `${SERVER}/${name}`, drop: () => command(`drop database if exists ${name} with (force)`) };
}

async function command(sql: string): Promise<void> {
  const client = new Client({ connectionString: `${SERVER}/postgres`, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
