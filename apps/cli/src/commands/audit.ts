/** `candor audit`: what the web shows about you, texted to you, with how to take it down. */
import type { Command } from "commander";
import { answer, api } from "../context.ts";
import { duration } from "../options.ts";
import { bold, print } from "../screen/style.ts";
import { begin, type StartOptions, startOptions, startRequest } from "./start.ts";

interface AuditOptions extends StartOptions {
  since?: string;
  every?: number;
}

export function auditCommand(program: Command): void {
  startOptions(
    program
      .command("audit")
      .description("find what the web shows about you, text it to yourself, and learn how to remove it"),
  )
    .option("--since <run>", "say what appeared and went away since that run")
    .option("--every <duration>", "repeat by itself, e.g. 30d", duration)
    .action(async (_, command: Command) => {
      process.exitCode = await audit(command.optsWithGlobals<AuditOptions>());
    });
}

async function audit(options: AuditOptions): Promise<number> {
  const asked = startRequest("audit", options);
  const client = await api();
  // The beginning of an id will do; one that nobody knows is said before the work.
  const request = options.since ? { ...asked, since: (await client.show(options.since)).run } : asked;
  if (!options.every) return begin(client, request, options);
  const id = `audit-${options.world}`;
  await client.schedule(id, options.every, request);
  answer(options, { schedule: id, everyMs: options.every }, () =>
    print(`The audit repeats by itself as ${bold(id)} while candor serve runs.`),
  );
  return 0;
}
