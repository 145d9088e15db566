/** `transformers` in a process of its own, which answers whenever it is told to. */
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { PeerProcess } from "./peer-process.ts";

const SCRIPT = fileURLToPath(new URL("../peers/generation.py", import.meta.url));
const First = z.object({ tokens: z.array(z.array(z.number())) });
const Timed = z.object({ seconds: z.number() });

export type PeerMode = "eager" | "compile" | "int8";

export interface Peer {
  mode: PeerMode;
  /** The greedy answer to each prompt. */
  tokens: number[][];
  /** Seconds for all answers. */
  time(): Promise<number>;
  end(): void;
}

/** @throws with the last line of its errors, when it does not work here */
export async function startPeer(
  python: string,
  folder: string,
  { mode, batch, tokens }: { mode: PeerMode; batch: number; tokens: number },
): Promise<Peer> {
  const peer = new PeerProcess(python, [SCRIPT, folder, String(batch), String(tokens), mode]);
  const first = First.parse(await peer.said());
  return {
    mode,
    tokens: first.tokens,
    time: async () => Timed.parse(await peer.ask("go")).seconds,
    end: () => peer.end(),
  };
}
