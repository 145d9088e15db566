/** What all that run programs have in common, wherever they are. */
import type { Program, Spec } from "../compile.ts";
import { allocate, type Data, dataOf } from "../dtype.ts";
import { show, sizeOf } from "../shape.ts";

export interface SessionOptions {
  /** Threads for one operation; the physical cores where none is given. A page has one, unless it is cross-origin isolated. */
  threads?: number;
  /** Write ONNX Runtime's profile to files that begin so; not in a browser. */
  profile?: string;
}

export type Feed = Data | ArrayLike<number>;
export type Feeds = Readonly<Record<string, Feed>>;
export type Values = Record<string, Data>;

/** The runtime refused or failed; what was in the session stays as it was. */
export class SessionError extends Error {
  override readonly name = "SessionError";
}

/** A program at work in this thread. */
export interface ProgramRunner {
  /** Held for inputs, outputs and state. */
  readonly bytes: number;
  /** The present value of a state: a later run may overwrite it. */
  state(name: string): Data;
  setState(name: string, values: Feed): void;
  /** Lays what the program works on in place in memory that the caller keeps, until it is bound anew. */
  bind(memory: Readonly<Record<string, Data>>): void;
  /** Inputs that later runs need not give: what was given last holds. */
  hold(values: Feeds): void;
  /** @returns the outputs, in memory that the next run may overwrite */
  run(feeds?: Feeds): Promise<Values>;
  release(): Promise<void>;
}

/** What keeps a state and moves it, in threads of its own. */
export interface StatefulSession extends AsyncDisposable {
  readonly program: Pick<Program, "inputs" | "outputs" | "state">;
  readonly bytes: number;
  /** @throws {SessionError} for inputs that do not fit, or once the session was closed or cancelled */
  run(feeds?: Feeds): Promise<Values>;
  /** Inputs that later runs need not give: what was given last holds. */
  hold(values: Feeds): Promise<void>;
  /** A copy of a state's present value. */
  state(name: string): Promise<Data>;
  setState(name: string, values: Feed): Promise<void>;
  /** Whoever waits is told at once. @returns when the thread is gone */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/** A program at work in a thread of its own. */
export interface ProgramSession extends StatefulSession {
  readonly program: Program;
  /** @param memory in `SharedArrayBuffer`s: the session reads and writes the caller's own */
  bind(memory: Readonly<Record<string, Data>>): Promise<void>;
}

/** @throws {SessionError} for an input that the program does not have */
export function mustBeInputs(feeds: Feeds, inputs: Iterable<string>): void {
  const known = [...inputs];
  for (const name of Object.keys(feeds))
    if (!known.includes(name)) throw new SessionError(`there is no input ${name}; there are ${known.join(", ")}`);
}

/** @throws {SessionError} when there are more or fewer values than elements */
export function write(name: string, { dtype, shape }: Spec, into: Data, values: Feed | undefined): void {
  if (values === undefined) throw new SessionError(`input ${name} is not given`);
  if (values.length !== into.length)
    throw new SessionError(`${name} is ${dtype}${show(shape)}: ${into.length} elements, not ${values.length}`);
  const same = ArrayBuffer.isView(values) && values.constructor === into.constructor;
  // Both are of one type, which TypeScript cannot see in a union.
  (into as Float32Array).set((same ? values : dataOf(dtype, values as ArrayLike<number>)) as Float32Array);
}

/** @throws {SessionError} for memory of another type or size */
export function mustFit(name: string, { dtype, shape }: Spec, data: Data): void {
  if (data.length !== sizeOf(shape) || data.constructor !== allocate(dtype, 0).constructor)
    throw new SessionError(`${name} is ${dtype}${show(shape)}: ${sizeOf(shape)} elements, not ${data.length}`);
}

/** @throws {SessionError} for memory that another thread would not see */
export function mustBeShared(memory: Readonly<Record<string, Data>>): void {
  // A page that is not cross-origin isolated has no such memory, and no name for it.
  for (const [name, data] of Object.entries(memory))
    if (typeof SharedArrayBuffer === "undefined" || !(data.buffer instanceof SharedArrayBuffer))
      throw new SessionError(`${name} is not in shared memory`);
}

/** Why a model was not loaded, in one line. */
export function refused(error: unknown): SessionError {
  const message = firstLine(error);
  const [, operator] =
    /(?:Could not find an implementation for|Failed to find kernel for) ([\w.]+)/.exec(message) ?? [];
  return new SessionError(
    operator === undefined
      ? `ONNX Runtime does not take the model: ${message}`
      : `ONNX Runtime has no kernel for ${operator} of this type; evaluate() runs such a graph, in float64`,
  );
}

export const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
