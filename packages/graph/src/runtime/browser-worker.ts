/** The thread of a session in a browser. */
import { answers } from "./answers.ts";
import { Runner } from "./browser-runner.ts";
import type { Message } from "./protocol.ts";

// ONNX Runtime starts the threads of one operation from this script too, under a name of its own.
if (!self.name.startsWith("em-pthread")) {
  const hear = answers({ load: Runner.load, post: (reply) => self.postMessage(reply), exit: () => self.close() });
  self.addEventListener("message", ({ data }: MessageEvent<Message>) => hear(data));
}
