/** `candor serve`: the process that owns the store. Other commands start it when it is not up. */
import { serve } from "@candor/server";
import type { Command } from "commander";
import { home } from "../context.ts";
import { duration, integer } from "../options.ts";
import { print } from "../screen/style.ts";
import { pagesAddress } from "./open.ts";

export function serveCommand(program: Command): void {
  program
    .command("serve")
    .description("own the store and work on runs; other commands start it when needed")
    .option("--port <n>", "loopback port", integer("the port", 0))
    .option("--host <address>", "listen there instead of on loopback; others still need the token")
    .option("--name <host...>", "answer to these names too, behind a proxy that speaks TLS")
    .option("--idle <duration>", "end after this long without work", duration)
    .option("--background", "as started by another command")
    .action(async (options: { port?: number; host?: string; name?: string[]; idle?: number; background?: boolean }) => {
      const serving = await serve({
        home: home(),
        databaseUrl: process.env.DATABASE_URL,
        watchdog: true,
        ...(options.port !== undefined && { port: options.port }),
        ...(options.host && { host: options.host }),
        ...(options.name && { names: options.name }),
        idleMs: options.idle ?? (options.background ? 15 * 60_000 : 0),
      });
      if (!options.background)
        print(
          `candor serve is up. Its pages: ${pagesAddress(serving)} (the address holds your token: keep it to yourself). Ctrl-C ends it.`,
        );
      const signal = new Promise<void>((resolve) => {
        for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
      });
      await Promise.race([signal, serving.idle]);
      await serving.close();
      process.exit(0);
    });
}
