/** The other side of a session: answers requests, one at a time and in the order in which they came. */
import type { Program } from "../compile.ts";
import type { ProgramRunner, SessionOptions } from "./program-runner.ts";
import type { Message, Reply, Request } from "./protocol.ts";

export interface Thread {
  load(program: Program, options: SessionOptions): Promise<ProgramRunner>;
  post(reply: Reply): void;
  exit(): never | void;
}

export function answers({ load, post, exit }: Thread): (message: Message) => void {
  let runner: ProgramRunner | undefined;
  const answer = async (request: Request): Promise<Omit<Reply, "id">> => {
    if (request.type === "load") {
      runner = await load(request.program, request.options);
      return { bytes: runner.bytes };
    }
    if (request.type === "exit") {
      exit();
      return {};
    }
    if (!runner) throw new Error("nothing is loaded");
    switch (request.type) {
      case "run":
        return { values: await runner.run(request.feeds) };
      case "state":
        return { values: { [request.name]: runner.state(request.name) } };
      case "set state":
        runner.setState(request.name, request.values);
        return {};
      case "hold":
        runner.hold(request.values);
        return {};
      case "bind":
        runner.bind(request.memory);
        return {};
      case "release":
        await runner.release();
        return {};
    }
  };
  let last: Promise<void> = Promise.resolve();
  return ({ id, request }) => {
    last = last.then(async () => {
      const reply = await answer(request).catch((error: Error) => ({ error: error.message }));
      post({ id, ...reply });
    });
  };
}
