/** Pieces of an answer between the loop that makes them and whoever reads them. */
import type { FinishReason, Piece } from "./generation.ts";

type End = { finish: FinishReason } | { error: unknown };

export class PieceQueue {
  readonly #pieces: Piece[] = [];
  #end: End | undefined;
  #abandoned = false;
  #wake: (() => void) | undefined;

  /** Nobody reads any more. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  push(piece: Piece): void {
    this.#pieces.push(piece);
    this.#wake?.();
  }

  finish(finish: FinishReason): void {
    this.#end ??= { finish };
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  abandon(): void {
    this.#abandoned = true;
  }

  async *drain(signal?: AbortSignal): AsyncGenerator<Piece, FinishReason, undefined> {
    const wake = (): void => this.#wake?.();
    signal?.addEventListener("abort", wake);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const piece = this.#pieces.shift();
        if (piece) yield piece;
        else if (this.#end) {
          if ("error" in this.#end) throw this.#end.error;
          return this.#end.finish;
        } else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal?.removeEventListener("abort", wake);
    }
  }
}
