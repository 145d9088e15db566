/** What a session says to its worker thread, and back. */
import type { Program } from "../compile.ts";
import type { Data } from "../dtype.ts";
import type { Feeds, SessionOptions, Values } from "./program-runner.ts";

export type Request =
  | { type: "load"; program: Program; options: SessionOptions }
  | { type: "run"; feeds: Feeds }
  | { type: "state"; name: string }
  | { type: "set state"; name: string; values: Data | ArrayLike<number> }
  | { type: "hold"; values: Feeds }
  | { type: "bind"; memory: Readonly<Record<string, Data>> }
  | { type: "release" }
  /** After whatever is at work. */
  | { type: "exit" };

export interface Message {
  id: number;
  request: Request;
}

export interface Reply {
  id: number;
  error?: string;
  values?: Values;
  bytes?: number;
}
