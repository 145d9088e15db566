/** `candor serve-model`: a model in this machine's memory, for every client of OpenAI's API. */
import { badInput } from "@candor/server/outside";
import type { Command } from "commander";
import { answer, type Global } from "../context.ts";
import { integer } from "../options.ts";
import { bold, dim, plural, print } from "../screen/style.ts";

interface ServeModelFlags extends Global {
  port: number;
  host: string;
  key?: string;
  name?: string;
  int8?: boolean;
  maxBatch: number;
  context?: number;
  threads?: number;
  alwaysCall?: boolean;
  rewards?: boolean;
}

export function serveModelCommand(program: Command): void {
  program
    .command("serve-model <dir>")
    .description("answer over OpenAI's API with the model in a folder, until Ctrl-C")
    .option("--port <n>", "port, 0 for any", integer("the port", 0), 8080)
    .option("--host <address>", "listen there; off this machine a key is needed", "127.0.0.1")
    .option("--key <key>", "clients must send it; CANDOR_MODEL_KEY otherwise")
    .option("--name <name>", "what clients call the model; the folder's name otherwise")
    .option("--int8", "weights of one byte: faster, a quarter of the memory")
    .option("--max-batch <n>", "answers at the same time; others wait", integer("--max-batch", 1), 4)
    .option("--context <n>", "longest text in tokens; the model's own otherwise", integer("--context", 1))
    .option("--threads <n>", "threads of one operation; the physical cores otherwise", integer("--threads", 1))
    .option("--always-call", "where tools are offered, every answer calls one")
    .option("--rewards", "scores of a reward model, behind OpenRLHF's interface")
    .action(async (folder: string, _, command: Command) => {
      const flags = command.optsWithGlobals<ServeModelFlags>();
      if (flags.rewards) return serveRewardsOn(folder, flags);
      const { serveModel } = await import("@candor/model-server");
      const { TransformerError } = await import("@candor/transformer");
      const { port, host, name, context, threads, alwaysCall, maxBatch } = flags;
      const key = flags.key ?? process.env.CANDOR_MODEL_KEY;
      const server = await serveModel(folder, {
        port,
        host,
        batch: maxBatch,
        precision: flags.int8 ? "int8" : "float32",
        ...(key && { key }),
        ...(name && { name }),
        ...(context && { context }),
        ...(threads && { threads }),
        ...(alwaysCall && { alwaysCall }),
      }).catch((error: unknown) => {
        throw TransformerError.isInstance(error) ? badInput(error.message, error.hint) : error;
      });
      const { model, baseUrl } = server;
      answer(
        flags,
        { model: model.name, base_url: baseUrl, context: model.context, parameters: model.parameters },
        () => {
          print(
            `${bold(model.name)}: ${model.parameters.toLocaleString("en")} parameters, ${model.context} tokens of context, ${plural(maxBatch, "answer")} at a time`,
          );
          print(`It answers at ${bold(baseUrl)}. Ctrl-C ends it.`);
          print(dim(`As a mind: --mind llm --model openai-compatible:${model.name} --base-url ${baseUrl}`));
        },
      );
      await untilEnd();
      await server.close();
      process.exit(0);
    });
}

const untilEnd = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });

async function serveRewardsOn(folder: string, flags: ServeModelFlags): Promise<void> {
  const { serveRewards } = await import("@candor/model-server");
  const { trouble } = await import("./train/settings.ts");
  const { port, host, threads } = flags;
  const key = flags.key ?? process.env.CANDOR_MODEL_KEY;
  const opening = serveRewards(folder, { port, host, ...(key && { key }), ...(threads && { threads }) });
  const server = await opening.catch((error: unknown) =>
    trouble(() => {
      throw error;
    }),
  );
  answer(flags, { url: server.url, parameters: server.parameters }, () => {
    print(`${server.parameters.toLocaleString("en")} parameters give scores at ${bold(server.url)}. Ctrl-C ends it.`);
  });
  await untilEnd();
  await server.close();
  process.exit(0);
}
