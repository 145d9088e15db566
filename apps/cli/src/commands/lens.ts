/** `candor lens`: a model looked into, on the pages and in the terminal. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { badInput } from "@candor/server/outside";
import type { Command } from "commander";
import { answer, api, type Global, home } from "../context.ts";
import { integer, positive } from "../options.ts";
import { bold, dim, print } from "../screen/style.ts";
import { pagesAddress } from "./open.ts";

interface LensFlags extends Global {
  texts?: string;
  print?: boolean;
}

interface GraphFlags extends Global {
  prompt: string;
  answer?: string;
  over?: string;
  out: string;
  group?: boolean;
  nodes: number;
}

interface ExtractFlags extends Global {
  inputs: string;
  out: string;
  threshold?: number;
  from: number;
}

interface DictionaryFlags extends Global {
  place: string;
  to?: string;
  texts: string;
  out: string;
  gate: "topk" | "jumprelu" | "gated" | "relu";
  features?: number;
  k: number;
  steps: number;
  sparsity?: number;
  seed: number;
  threads?: number;
}

export function lensCommand(program: Command): void {
  const lens = program
    .command("lens")
    .description("look inside a model: its parts, what it makes of a prompt, circuits, features, edits");

  lens
    .command("open [dir]", { isDefault: true })
    .description("show a model in your browser; the agent's small mind where no folder is given")
    .option("--texts <file>", "texts to look at it with, one a line or with empty lines between; its own otherwise")
    .option("--print", "only print the address")
    .action(async (folder: string | undefined, _, command: Command) => {
      const flags = command.optsWithGlobals<LensFlags>();
      const { noteModel } = await import("@candor/server");
      const { openModel } = await import("@candor/training");
      if (flags.texts !== undefined && !existsSync(flags.texts))
        throw badInput(`${flags.texts}: there is no such file`);
      if (flags.texts !== undefined && folder === undefined)
        throw badInput("--texts is for the model of a folder", "candor lens DIR --texts FILE");
      let id = "small-mind";
      if (folder !== undefined) {
        // Said here, not by a page, when it holds none.
        await openModel(folder);
        id = noteModel(home(), {
          folder: resolve(folder),
          ...(flags.texts !== undefined && { texts: resolve(flags.texts) }),
        });
      }
      await api();
      const { findRunning } = await import("../client/connect.ts");
      const server = await findRunning(home());
      if (!server) throw new Error("candor serve is not up");
      const address = pagesAddress(server, `lens?id=${id}`);
      if (!flags.print && !flags.json) {
        const { default: openInBrowser } = await import("open");
        await openInBrowser(address).catch(() => undefined);
      }
      answer(flags, { model: id, address }, () => print(address));
    });

  lens
    .command("heads <dir>")
    .description("scores of every head on repeated tokens: previous token, duplicate token, induction")
    .option("--seed <n>", "of the tokens", integer("--seed", 0), 1)
    .action(async (folder: string, _, command: Command) => {
      const flags = command.optsWithGlobals<Global & { seed: number }>();
      const { headScores, repeatedTokens } = await import("@candor/lens");
      const { Random } = await import("@candor/training");
      await using opened = await openedLens(folder);
      const random = new Random(flags.seed, 1);
      const { vocab, context } = opened.config;
      const length = Math.min(25, Math.floor(context / 2));
      const scores = await headScores(
        opened,
        repeatedTokens(() => random.unit(), { rows: 8, length, vocab }),
      );
      answer(flags, { heads: scores }, () => {
        print(dim("head    previous  duplicate  induction"));
        for (const { layer, head, previousToken, duplicateToken, induction } of scores) {
          const cell = (value: number): string => {
            const text = value.toFixed(3).padStart(9);
            return value >= 0.4 ? bold(text) : text;
          };
          print(`${`${layer}.${head}`.padEnd(6)} ${cell(previousToken)} ${cell(duplicateToken)}  ${cell(induction)}`);
        }
      });
    });

  lens
    .command("extract <dir>")
    .description(
      "write what a model, or a circuit of it, does as a TypeScript program of tables, and run that beside the model",
    )
    .requiredOption("--inputs <file>", "inputs, one a line or with empty lines between; a quarter is kept to try it on")
    .option("--out <file>", "where the program goes", "program.ts")
    .option(
      "--threshold <x>",
      "of a circuit alone: edges that ACDC keeps at it, under mean ablation",
      positive("--threshold"),
    )
    .option("--from <n>", "the first position that has an answer", integer("--from", 0), 0)
    .action(async (folder: string, _, command: Command) => {
      const { extractFrom } = await import("./lens-extract.ts");
      await extractFrom(folder, command.optsWithGlobals<ExtractFlags>());
    });

  lens
    .command("graph <dir> [transcoders...]")
    .description(
      "draw what tokens and features of transcoders (lens dictionary --to) give to an answer, and to each other",
    )
    .requiredOption("--prompt <text>", "what the model is asked")
    .option("--answer <token>", "what comes next; the likeliest otherwise")
    .option("--over <token>", "what it is compared with; the likeliest other one otherwise")
    .option("--nodes <n>", "most nodes that are drawn, those of the most influence", integer("--nodes", 2), 40)
    .option("--group", "one node for a feature, whatever the position")
    .option("--out <file>", "where the picture goes", "graph.svg")
    .action(async (folder: string, transcoders: string[], _, command: Command) => {
      const { graphOf } = await import("./lens-graph.ts");
      await graphOf(folder, transcoders, command.optsWithGlobals<GraphFlags>());
    });

  lens
    .command("dictionary <dir>")
    .description(
      "train a sparse dictionary (an autoencoder, or with --to a transcoder) of a place, in SAELens's format",
    )
    .requiredOption("--texts <file>", "texts, one a line or with empty lines between")
    .requiredOption("--place <name>", "where it reads: blocks.1.hook_resid_post, say")
    .option("--to <name>", "where a transcoder writes")
    .option("--out <dir>", "where it goes", "dictionary")
    .option("--gate <kind>", "topk, jumprelu, gated or relu", "topk")
    .option("--features <n>", "how many; eight times the width otherwise", integer("--features", 1))
    .option("--k <n>", "of which so many speak (topk)", integer("--k", 1), 16)
    .option("--steps <n>", "of training, 512 positions each", integer("--steps", 1), 2000)
    .option(
      "--sparsity <x>",
      "weight of the cost of features that speak (jumprelu, gated, relu)",
      positive("--sparsity"),
    )
    .option("--seed <n>", "of everything that is drawn", integer("--seed", 0), 1)
    .option("--threads <n>", "threads to use; as many as the processor has otherwise", integer("--threads", 1))
    .action(async (folder: string, _, command: Command) => {
      const flags = command.optsWithGlobals<DictionaryFlags>();
      const { trainOn } = await import("./lens-dictionary.ts");
      await trainOn(folder, flags);
    });
}

/** @throws when the folder holds no model */
async function openedLens(folder: string) {
  const { Lens } = await import("@candor/lens");
  const { openModel } = await import("@candor/training");
  const { config, weights, tokenizer } = await openModel(folder);
  return new Lens(config.decoder, weights, { tokenizer });
}

export type { DictionaryFlags, ExtractFlags, GraphFlags };
