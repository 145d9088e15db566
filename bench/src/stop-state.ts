/** What was measured so far, kept in a file line by line, so that a long benchmark may be gathered in parts. */
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { cpus, hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const Where = z.object({ machine: z.string(), cores: z.number(), node: z.string(), commit: z.string() }).strict();
type Where = z.infer<typeof Where>;

const Line = z
  .object({
    fault: z.string(),
    children: z.number(),
    /** Null in a line for what came after the last trial of a part. */
    latency_ms: z.number().nullable(),
    /** Seen since the line before. */
    effects_after: z.number(),
  })
  .strict();

interface Cell {
  fault: string;
  children: number;
}

/** Of one cell. */
export interface Gathered {
  latencies: number[];
  after: number;
}

export class StopState {
  readonly #path: string | undefined;
  readonly #cells = new Map<string, Gathered>();

  /** @throws {Error} where `path` holds figures of another machine, Node or commit, which are not to be mixed */
  constructor(path: string | undefined, where: () => Where = here) {
    this.#path = path;
    if (path === undefined) return;
    const current = where();
    if (!existsSync(path)) {
      appendFileSync(path, `${JSON.stringify(current)}\n`);
      return;
    }
    // Cut off in the middle of a line by a crash: that trial is measured again.
    const text = readFileSync(path, "utf8");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const [first = "", ...lines] = whole.split("\n");
    const before = Where.parse(JSON.parse(first));
    for (const name of ["machine", "cores", "node", "commit"] as const)
      if (before[name] !== current[name])
        throw new Error(
          `${path} was measured with ${name} ${before[name]}, this is ${current[name]}: use another file`,
        );
    for (const line of lines) if (line !== "") this.#take(Line.parse(JSON.parse(line)));
    truncateSync(path, Buffer.byteLength(whole));
  }

  of({ fault, children }: Cell): Gathered {
    const name = `${fault} ${children}`;
    const gathered = this.#cells.get(name) ?? { latencies: [], after: 0 };
    this.#cells.set(name, gathered);
    return gathered;
  }

  /** One trial, or what came after the last of a part. On disk when this returns. */
  add({ fault, children }: Cell, latency: number | null, after: number): void {
    const line = { fault, children, latency_ms: latency, effects_after: after };
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
    this.#take(line);
  }

  #take(line: z.infer<typeof Line>): void {
    const gathered = this.of(line);
    if (line.latency_ms !== null) gathered.latencies.push(line.latency_ms);
    gathered.after += line.effects_after;
  }
}

function here(): Where {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const commit = execFileSync("git", ["describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"], { cwd });
  return { machine: hostname(), cores: cpus().length, node: process.version, commit: commit.toString().trim() };
}
