/**
 * ONNX Runtime's C API (onnxruntime_c_api.h), as far as sessions need it. The library is the one that onnxruntime-node brings; its own
 * binding copies every output out of memory that it was given to write into, state included (`npm run bench -- binding`).
 */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import koffi from "koffi";
import type { Spec } from "../compile.ts";
import { bytesOf, type Data, type DType } from "../dtype.ts";
import { sizeOf } from "../shape.ts";

/** An address, or an array, which is kept until the call returns. */
const POINTER = "void *";
type Address = bigint;

/** Functions by their place in the table `OrtApi`, which never changes for a version once it is out. */
const TABLE = {
  GetErrorMessage: [2, "const char *", [POINTER]],
  CreateEnv: [3, POINTER, ["int", POINTER, POINTER]],
  CreateSessionFromArray: [8, POINTER, [POINTER, POINTER, "size_t", POINTER, POINTER]],
  Run: [9, POINTER, [POINTER, POINTER, POINTER, POINTER, "size_t", POINTER, "size_t", POINTER]],
  CreateSessionOptions: [10, POINTER, [POINTER]],
  EnableProfiling: [14, POINTER, [POINTER, POINTER]],
  DisableMemPattern: [17, POINTER, [POINTER]],
  SetSessionLogSeverityLevel: [22, POINTER, [POINTER, "int"]],
  SetSessionGraphOptimizationLevel: [23, POINTER, [POINTER, "int"]],
  SetIntraOpNumThreads: [24, POINTER, [POINTER, "int"]],
  CreateTensorWithDataAsOrtValue: [49, POINTER, [POINTER, POINTER, "size_t", POINTER, "size_t", "int", POINTER]],
  CreateCpuMemoryInfo: [69, POINTER, ["int", "int", POINTER]],
  ReleaseStatus: [93, "void", [POINTER]],
  ReleaseSession: [95, "void", [POINTER]],
  ReleaseValue: [96, "void", [POINTER]],
  ReleaseSessionOptions: [100, "void", [POINTER]],
} as const;
/** Of the table: any library since 1.16 has it. */
const VERSION = 16;
const ERRORS_ONLY = 3;
const ALL_OPTIMISATIONS = 99;
/** `ONNXTensorElementDataType`. */
const ELEMENTS: Readonly<Record<DType, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 };

type Name = keyof typeof TABLE;
type Argument = Address | number | null | ArrayBufferView;

function library(): string {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("onnxruntime-node/package.json"));
  const binaries = join(folder, "bin", "napi-v6", process.platform, process.arch);
  const file = readdirSync(binaries).find((name) => /^(lib)?onnxruntime\.(so|dll|\d+\.dylib)/.test(name));
  if (file === undefined) throw new Error(`there is no ONNX Runtime in ${binaries}`);
  return join(binaries, file);
}

/** Room for one address that a function gives back. */
const OUT = new BigUint64Array(1);
const given = (): Address => OUT[0] as Address;
const text = (value: string): Buffer => Buffer.from(`${value}\0`, process.platform === "win32" ? "utf16le" : "utf8");

/** The addresses that stand in memory one after the other. */
const table = (at: unknown, length: number): BigUint64Array => new BigUint64Array(koffi.view(at, 8 * length));

/** Bytes. Calls run on a stack of koffi's own, 2 MiB of it; this is what threads have on Linux, where kernels were tried. */
const STACK = 8 << 20;
// Before anything is loaded; a second copy of this module in one process finds it set.
if ((koffi.config().sync_stack_size ?? 0) < STACK) koffi.config({ sync_stack_size: STACK });

/** koffi unloads what nobody holds; functions found by address do not hold it. */
const loaded = koffi.load(library());

function openApi(): Record<Name, (...args: Argument[]) => unknown> {
  const base = loaded.func("OrtGetApiBase", "void *", [])();
  const getApi = koffi.decode(table(base, 1)[0], koffi.proto("GetApi", "void *", ["uint32_t"]));
  const last = Math.max(...Object.values(TABLE).map(([place]) => place));
  const functions = table(getApi(VERSION), last + 1);
  const entries = Object.entries(TABLE).map(
    ([name, [place, result, args]]) =>
      [name, koffi.decode(functions[place], koffi.proto(name, result, [...args]))] as const,
  );
  return Object.fromEntries(entries) as Record<Name, (...args: Argument[]) => unknown>;
}

const api = openApi();

/** @throws {Error} with ONNX Runtime's words */
function call(name: Name, ...args: Argument[]): void {
  const status = api[name](...args);
  // Null, when it went well.
  if (typeof status !== "bigint") return;
  const message = String(api.GetErrorMessage(status));
  api.ReleaseStatus(status);
  throw new Error(message);
}

call("CreateEnv", ERRORS_ONLY, Buffer.from("candor\0"), OUT);
const environment = given();
call("CreateCpuMemoryInfo", 0, 0, OUT);
const cpu = given();

/** A tensor over memory of ours, which ONNX Runtime reads and writes where it lies. */
export class NativeTensor {
  readonly address: Address;
  /** Holds the memory. */
  readonly data: Data;

  constructor({ dtype, shape }: Spec, data: Data) {
    this.data = data;
    const extents = BigInt64Array.from(shape, BigInt);
    call(
      "CreateTensorWithDataAsOrtValue",
      cpu,
      koffi.address(data),
      sizeOf(shape) * bytesOf(dtype),
      extents,
      shape.length,
      ELEMENTS[dtype],
      OUT,
    );
    this.address = given();
  }

  /** Not while a session may still run with it. */
  release(): void {
    api.ReleaseValue(this.address);
  }
}

export type Tensors = Readonly<Record<string, NativeTensor>>;

export interface NativeOptions {
  threads?: number | undefined;
  /** Write a profile to files that begin so, when the session is released. */
  profile?: string | undefined;
}

/** Of this thread. Nothing else gives their memory back when a thread ends before its process. */
const open = new Set<NativeSession>();
if (!isMainThread)
  process.once("exit", () => {
    for (const session of open) session.release();
  });

/** A model that is loaded. */
export class NativeSession {
  readonly #address: Address;
  readonly #names = new Map<string, Buffer>();

  constructor(model: Uint8Array, { threads, profile }: NativeOptions) {
    call("CreateSessionOptions", OUT);
    const options = given();
    try {
      // A plan of the memory is made after the first run and takes its block beside what that run left: up to a fifth more, no faster.
      call("DisableMemPattern", options);
      call("SetSessionLogSeverityLevel", options, ERRORS_ONLY);
      call("SetSessionGraphOptimizationLevel", options, ALL_OPTIMISATIONS);
      if (threads !== undefined) call("SetIntraOpNumThreads", options, threads);
      if (profile !== undefined) call("EnableProfiling", options, text(profile));
      call("CreateSessionFromArray", environment, model, model.length, options, OUT);
      this.#address = given();
      open.add(this);
    } finally {
      api.ReleaseSessionOptions(options);
    }
  }

  /** Blocks this thread. @param fetched written where they lie */
  run(inputs: Tensors, fetched: Tensors): void {
    const [inputNames, inputValues] = this.#tables(inputs);
    const [outputNames, outputValues] = this.#tables(fetched);
    const count = inputNames.length;
    call(
      "Run",
      ...[this.#address, null],
      ...[inputNames, inputValues, count],
      ...[outputNames, outputNames.length, outputValues],
    );
  }

  release(): void {
    if (open.delete(this)) api.ReleaseSession(this.#address);
  }

  #tables(tensors: Tensors): [names: BigUint64Array, values: BigUint64Array] {
    const entries = Object.entries(tensors);
    return [
      BigUint64Array.from(entries, ([name]) => this.#nameAt(name)),
      BigUint64Array.from(entries, ([, { address }]) => address),
    ];
  }

  #nameAt(name: string): Address {
    const known = this.#names.get(name) ?? Buffer.from(`${name}\0`);
    this.#names.set(name, known);
    return koffi.address(known);
  }
}
