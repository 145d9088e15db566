/** `candor open`: the pages, in the browser. */
import type { ServeFile } from "@candor/server/outside";
import type { Command } from "commander";
import openInBrowser from "open";
import { findRunning } from "../client/connect.ts";
import { answer, api, type Global, home } from "../context.ts";
import { print } from "../screen/style.ts";

/** The token stands behind the #, which browsers keep to themselves. */
export const pagesAddress = ({ port, token }: Pick<ServeFile, "port" | "token">, path = ""): string =>
  `http://127.0.0.1:${port}/${path}#token=${token}`;

export function openCommand(program: Command): void {
  program
    .command("open [run]")
    .description("show the pages in your browser: what runs, what waits for you, and any run step by step")
    .option("--print", "only print the address")
    .action(async (run: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<Global & { print?: boolean }>();
      const client = await api();
      const id = run && (await client.show(run)).run;
      const server = await findRunning(home());
      if (!server) throw new Error("candor serve is not up");
      const address = pagesAddress(server, id ? `runs/${id}` : "");
      if (!options.print && !options.json) await openInBrowser(address).catch(() => undefined);
      answer(options, { address }, () => print(address));
    });
}
