/** Runs a program on ONNX Runtime's WebAssembly in this thread. Its file comes from the page's own origin. */
import * as ort from "onnxruntime-web/wasm";
import { nextOf, type Program, type Spec } from "../compile.ts";
import { allocate, bytesOf, type Data } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import {
  type Feed,
  type Feeds,
  firstLine,
  mustBeInputs,
  mustFit,
  type ProgramRunner,
  refused,
  SessionError,
  type SessionOptions,
  type Values,
  write,
} from "./program-runner.ts";

const zeros = ({ dtype, shape }: Spec): Data => allocate(dtype, sizeOf(shape));

const tensorOf = ({ dtype, shape }: Spec, data: Data): ort.Tensor =>
  new ort.Tensor(dtype as ort.Tensor.Type, data as ort.Tensor.DataTypeMap["float32"], shape);

/** The module's memory cannot be the caller's: what is kept from run to run is copied in and out. */
export class Runner implements ProgramRunner {
  readonly program: Program;
  readonly #session: ort.InferenceSession;
  #state: ReadonlyMap<string, Data>;
  readonly #bound = new Map<string, Data>();
  readonly #held = new Map<string, Data>();

  private constructor(program: Program, session: ort.InferenceSession) {
    this.program = program;
    this.#session = session;
    this.#state = new Map(Object.entries(program.state).map(([name, spec]) => [name, zeros(spec)]));
  }

  static async load(program: Program, { threads }: SessionOptions = {}): Promise<Runner> {
    // Threads share memory, which a browser grants to isolated pages alone.
    ort.env.wasm.numThreads = crossOriginIsolated ? (threads ?? Math.max(1, navigator.hardwareConcurrency >> 1)) : 1;
    try {
      const session = await ort.InferenceSession.create(program.model, {
        executionProviders: ["wasm"],
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
      });
      return new Runner(program, session);
    } catch (error) {
      throw refused(error);
    }
  }

  get bytes(): number {
    const { inputs, outputs, state } = this.program;
    return [inputs, outputs, state, state]
      .flatMap((specs) => Object.values(specs))
      .reduce((total, { shape, dtype }) => total + sizeOf(shape) * bytesOf(dtype), 0);
  }

  state(name: string): Data {
    const value = this.#state.get(name);
    if (!value) throw new SessionError(`there is no state ${name}`);
    return value;
  }

  setState(name: string, values: Feed): void {
    write(name, this.program.state[name] as Spec, this.state(name), values);
  }

  bind(memory: Readonly<Record<string, Data>>): void {
    for (const [name, data] of Object.entries(memory)) {
      const spec = this.program.inPlace[name];
      if (!spec) throw new SessionError(`the program has no ${name} in place`);
      mustFit(name, spec, data);
      this.#bound.set(name, data);
    }
  }

  hold(values: Feeds): void {
    const { inputs } = this.program;
    mustBeInputs(values, Object.keys(inputs));
    for (const [name, value] of Object.entries(values)) {
      const data = zeros(inputs[name] as Spec);
      write(name, inputs[name] as Spec, data, value);
      this.#held.set(name, data);
    }
  }

  async run(feeds: Feeds = {}): Promise<Values> {
    const { inputs, outputs, state, inPlace } = this.program;
    mustBeInputs(feeds, Object.keys(inputs));
    const given: Record<string, ort.Tensor> = {};
    for (const [name, spec] of Object.entries(inputs)) {
      const held = this.#held.get(name);
      const data = held ?? zeros(spec);
      if (feeds[name] !== undefined || !held) write(name, spec, data, feeds[name]);
      given[name] = tensorOf(spec, data);
    }
    for (const [name, spec] of Object.entries(state)) given[name] = tensorOf(spec, this.state(name));
    for (const [name, spec] of Object.entries(inPlace)) {
      const data = this.#bound.get(name);
      if (!data) throw new SessionError(`${name} is not bound to memory`);
      given[name] = tensorOf(spec, data);
    }
    const results = await this.#session.run(given).catch((error: unknown) => {
      throw new SessionError(`the run failed: ${firstLine(error)}`);
    });
    const result = (name: string): Data => {
      const data = results[name]?.data;
      if (!ArrayBuffer.isView(data)) throw new SessionError(`the run gave no ${name}`);
      return data as Data;
    };
    this.#state = new Map(Object.keys(state).map((name) => [name, result(nextOf(name))]));
    for (const [name, data] of this.#bound) (data as Float32Array).set(result(nextOf(name)) as Float32Array);
    return Object.fromEntries(Object.keys(outputs).map((name) => [name, result(name)]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
