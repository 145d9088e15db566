/** `candor remedies add FILE`: more places where accounts are deleted, in JustDeleteMe's format. */
import { addRemedies } from "@candor/exposure";
import type { Command } from "commander";
import { answer, type Global, home } from "../context.ts";
import { print } from "../screen/style.ts";

export function remediesCommand(program: Command): void {
  program
    .command("remedies")
    .description("where and how accounts are deleted")
    .command("add <file>")
    .description("add a directory in the format of JustDeleteMe's sites.json")
    .action(async (file: string, _, command: Command) => {
      const added = await addRemedies(home(), file);
      answer(command.optsWithGlobals<Global>(), added, () =>
        print(`${added.added} added, ${added.replaced} replaced; reports use them from now on.`),
      );
    });
}
