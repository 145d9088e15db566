/** What masking needs to know: whose identifiers they are, and how they are numbered. */
import type { Scanner } from "../vault/scanner.ts";
import type { Numbering } from "./numbering.ts";
import type { Cue } from "./span.ts";

export interface Masking {
  scanner: Scanner;
  numbering: Numbering;
  /** Also masks names of persons other than the operator. */
  names: boolean;
  isOwnName(plain: string): boolean;
  isOwnHandle(handle: string): boolean;
}

/** Text and addresses hold each other, so the one that masks text is handed to the one that masks addresses. */
export type MaskText = (text: string, masking: Masking, cue?: Cue) => string;
