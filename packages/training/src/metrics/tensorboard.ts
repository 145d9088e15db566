/** Scalars as TensorBoard reads them: `tensorboard --logdir FOLDER`. */
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { fileTrouble } from "../training-error.ts";
import { decodeRecords, encodeRecord } from "./tfrecord.ts";

// Field numbers of tensorflow/core/util/event.proto and framework/summary.proto.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;

export interface ScalarEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/** A new event file in a folder; a resumed run adds one, and TensorBoard joins them. */
export class EventFile {
  readonly path: string;
  private readonly file: number;

  /** @param now in seconds since 1970 */
  constructor(folder: string, now = Date.now() / 1000) {
    const name = `events.out.tfevents.${String(Math.floor(now)).padStart(10, "0")}.${hostname()}.${process.pid}`;
    try {
      mkdirSync(folder, { recursive: true });
      for (let number = 0; ; number++) {
        const path = join(folder, `${name}.${number}`);
        try {
          this.file = openSync(path, "ax");
          this.path = path;
          break;
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
        }
      }
    } catch (error) {
      throw fileTrouble(folder, error);
    }
    const event = new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(now);
    this.write(event.tag(EVENT.fileVersion, WireType.LengthDelimited).string("brain.Event:2").finish());
  }

  append(step: number, scalars: Readonly<Record<string, number>>, now = Date.now() / 1000): void {
    const event = new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(now);
    event.tag(EVENT.step, WireType.Varint).int64(step);
    event.tag(EVENT.summary, WireType.LengthDelimited).fork();
    for (const [tag, value] of Object.entries(scalars)) {
      event.tag(SUMMARY_VALUE, WireType.LengthDelimited).fork();
      event.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
      // TensorBoard stores 32 bits; what is larger is infinite there, and the writer would refuse it.
      event.tag(VALUE.simpleValue, WireType.Bit32).float(Math.fround(value)).join();
    }
    this.write(event.join().finish());
  }

  close(): void {
    closeSync(this.file);
  }

  private write(event: Uint8Array): void {
    try {
      writeSync(this.file, encodeRecord(event));
    } catch (error) {
      throw fileTrouble(this.path, error);
    }
  }
}

/** The scalars of an event file, up to an end torn by a crash. */
export function readEvents(path: string): ScalarEvent[] {
  return [...decodeRecords(readFileSync(path))].map(readEvent).filter(({ scalars }) => Object.keys(scalars).length > 0);
}

function readEvent(bytes: Uint8Array): ScalarEvent {
  let [wallTime, step] = [0, 0];
  const scalars: Record<string, number> = {};
  eachField(bytes, (field, reader) => {
    if (field === EVENT.wallTime) wallTime = reader.double();
    else if (field === EVENT.step) step = Number(reader.int64());
    else if (field === EVENT.summary) {
      eachField(reader.bytes(), (part, values) => {
        if (part !== SUMMARY_VALUE) return false;
        const [tag, value] = readValue(values.bytes());
        scalars[tag] = value;
        return true;
      });
    } else return false;
    return true;
  });
  return { wallTime, step, scalars };
}

function readValue(bytes: Uint8Array): [string, number] {
  let [tag, value] = ["", 0];
  eachField(bytes, (field, reader) => {
    if (field === VALUE.tag) tag = reader.string();
    else if (field === VALUE.simpleValue) value = reader.float();
    else return false;
    return true;
  });
  return [tag, value];
}

/** `read` says whether it took the field; others are passed over. */
function eachField(bytes: Uint8Array, read: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (!read(field, reader)) reader.skip(type, field);
  }
}
