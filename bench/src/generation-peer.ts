/** `transformers` in a process of its own, which answers whenever it is told to. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

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
  const child = spawn(python, [SCRIPT, folder, String(batch), String(tokens), mode], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-2_000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(errors.trim().split("\n").at(-1) ?? "it ended");
    return JSON.parse(value);
  };
  const first = First.parse(await said());
  return {
    mode,
    tokens: first.tokens,
    async time() {
      child.stdin.write("go\n");
      return Timed.parse(await said()).seconds;
    },
    end: () => child.kill(),
  };
}
