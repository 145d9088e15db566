/** Who asked the town for what: kept in memory, and as JSON lines on disk where a path is given. */
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { Identity } from "./visitors.ts";

export const Requested = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  host: z.string(),
  path: z.string(),
  userAgent: z.string(),
  /** 0 where the connection was dropped without an answer. */
  status: z.number(),
  /** A log of a server that did not look at signatures says nothing of them. */
  identity: Identity.default("unsigned"),
  why: z.string().optional(),
  /** The runs on whose behalf it came, the operator's own first. */
  runs: z.array(z.string()).optional(),
});
export type Requested = z.infer<typeof Requested>;

export interface RequestLog {
  add(request: Requested): void;
  requests(): Requested[];
  close(): void;
}

export function openRequestLog(path: string | undefined): RequestLog {
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
  const file = path === undefined ? null : openSync(path, "a", 0o600);
  const requests: Requested[] = [];
  return {
    add(request) {
      requests.push(request);
      if (file !== null) writeSync(file, `${JSON.stringify(request)}\n`);
    },
    requests: () => [...requests],
    close() {
      if (file !== null) closeSync(file);
    },
  };
}

/** Reads what one or several servers logged to `path`. A line cut short by a crash is left out. */
export function readRequestLog(path: string): Requested[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => Requested.parse(JSON.parse(line)));
}
