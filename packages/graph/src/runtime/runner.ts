/** Runs a program on ONNX Runtime in this thread. */
import { nextOf, type Program, type Spec } from "../compile.ts";
import type { Data } from "../dtype.ts";
import { bytesIn, openModel, room } from "./native.ts";
import { type NativeSession, NativeTensor } from "./onnx-runtime.ts";
import {
  type Feed,
  type Feeds,
  firstLine,
  mustBeInputs,
  mustFit,
  type ProgramRunner,
  SessionError,
  type SessionOptions,
  type Values,
  write,
} from "./program-runner.ts";

/** What lies in memory for a state: its value, and room for the next. */
interface Slot {
  spec: Spec;
  data: [Data, Data];
  tensors: [NativeTensor, NativeTensor];
}

export class Runner implements ProgramRunner {
  readonly program: Program;
  readonly #session: NativeSession;
  readonly #state = new Map<string, Slot>();
  readonly #outputs = new Map<string, { data: Data; tensor: NativeTensor }>();
  readonly #inputs = new Map<string, { data: Data; tensor: NativeTensor }>();
  readonly #held = new Set<string>();
  /** By the names of the program's `inPlace`: read and written in the same memory. */
  readonly #bound = new Map<string, NativeTensor>();
  /** Which of the two buffers holds the present values. */
  #turn: 0 | 1 = 0;
  #released = false;

  private constructor(program: Program, session: NativeSession) {
    this.program = program;
    this.#session = session;
    for (const [name, spec] of Object.entries(program.state)) {
      const data: [Data, Data] = [room(spec), room(spec)];
      this.#state.set(name, {
        spec,
        data,
        tensors: [new NativeTensor(spec, data[0]), new NativeTensor(spec, data[1])],
      });
    }
    for (const [names, into] of [
      [program.outputs, this.#outputs],
      [program.inputs, this.#inputs],
    ] as const)
      for (const [name, spec] of Object.entries(names)) {
        const data = room(spec);
        into.set(name, { data, tensor: new NativeTensor(spec, data) });
      }
  }

  static async load(program: Program, options: SessionOptions = {}): Promise<Runner> {
    return new Runner(program, openModel(program, options));
  }

  /** Bytes held for inputs, outputs and both copies of the state; what ONNX Runtime takes for activations comes on top. */
  get bytes(): number {
    const { inputs, outputs, state } = this.program;
    return bytesIn(inputs, outputs, state, state);
  }

  /** The present value of a state, in shared memory: the next run but one overwrites it. */
  state(name: string): Data {
    return this.#slot(name).data[this.#turn];
  }

  setState(name: string, values: Feed): void {
    const { spec, data } = this.#slot(name);
    write(name, spec, data[this.#turn], values);
  }

  hold(values: Feeds): void {
    mustBeInputs(values, this.#inputs.keys());
    for (const [name, value] of Object.entries(values)) {
      this.#give(name, value);
      this.#held.add(name);
    }
  }

  /** Lays what the program works on in place in memory that the caller keeps, until it is bound anew. */
  bind(memory: Readonly<Record<string, Data>>): void {
    for (const [name, data] of Object.entries(memory)) {
      const spec = this.program.inPlace[name];
      if (!spec) throw new SessionError(`the program has no ${name} in place`);
      mustFit(name, spec, data);
      this.#bound.get(name)?.release();
      this.#bound.set(name, new NativeTensor(spec, data));
    }
  }

  /** @returns the outputs, in memory that the next run overwrites */
  async run(feeds: Feeds = {}): Promise<Values> {
    if (this.#released) throw new SessionError("the session has ended");
    mustBeInputs(feeds, this.#inputs.keys());
    const given: Record<string, NativeTensor> = {};
    for (const [name, { tensor }] of this.#inputs) {
      if (feeds[name] !== undefined || !this.#held.has(name)) this.#give(name, feeds[name]);
      given[name] = tensor;
    }
    const fetches: Record<string, NativeTensor> = {};
    for (const [name, { tensor }] of this.#outputs) fetches[name] = tensor;
    const next = this.#turn === 0 ? 1 : 0;
    for (const [name, { tensors }] of this.#state) {
      given[name] = tensors[this.#turn];
      fetches[nextOf(name)] = tensors[next];
    }
    for (const name of Object.keys(this.program.inPlace)) {
      const tensor = this.#bound.get(name);
      if (!tensor) throw new SessionError(`${name} is not bound to memory`);
      given[name] = tensor;
      fetches[nextOf(name)] = tensor;
    }
    try {
      this.#session.run(given, fetches);
    } catch (error) {
      throw new SessionError(`the run failed: ${firstLine(error)}`);
    }
    this.#turn = next;
    return Object.fromEntries(Array.from(this.#outputs, ([name, { data }]) => [name, data]));
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.#session.release();
    const tensors = [...this.#state.values()].flatMap(({ tensors: both }) => both);
    for (const { tensor } of [...this.#outputs.values(), ...this.#inputs.values()]) tensors.push(tensor);
    for (const tensor of [...tensors, ...this.#bound.values()]) tensor.release();
  }

  #give(name: string, values: Feed | undefined): void {
    const input = this.#inputs.get(name);
    if (input) write(name, this.program.inputs[name] as Spec, input.data, values);
  }

  #slot(name: string): Slot {
    const slot = this.#state.get(name);
    if (!slot) throw new SessionError(`there is no state ${name}`);
    return slot;
  }
}
