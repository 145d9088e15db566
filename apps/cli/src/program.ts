/** All commands, wired; errors become one line and an exit code. */

import { VERSION } from "@candor/server";
import { Command, CommanderError } from "commander";
import { approvalsCommands } from "./commands/approvals.ts";
import { auditCommand } from "./commands/audit.ts";
import { autonomyCommand } from "./commands/autonomy.ts";
import { compareCommand } from "./commands/compare.ts";
import { completionCommand } from "./commands/completion.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { judgmentsCommands } from "./commands/judgments.ts";
import { meCommand } from "./commands/me.ts";
import { openCommand } from "./commands/open.ts";
import { permissionsCommand } from "./commands/permissions.ts";
import { remediesCommand } from "./commands/remedies.ts";
import { runCommand } from "./commands/run.ts";
import { runsCommands } from "./commands/runs.ts";
import { serveCommand } from "./commands/serve.ts";
import { serveModelCommand } from "./commands/serve-model.ts";
import { stopCommand } from "./commands/stop.ts";
import { townCommand } from "./commands/town.ts";
import { traceCommand } from "./commands/trace.ts";
import { tracesCommands } from "./commands/traces.ts";
import { trainCommands } from "./commands/train/train.ts";
import { whoisCommand } from "./commands/whois.ts";
import { fail } from "./context.ts";

export function createProgram(): Command {
  const program = new Command("candor")
    .description("an autonomous agent that you can watch think, teach by thumbs, look inside, and switch off")
    .version(VERSION)
    .option("--json", "answer as one JSON document")
    .showHelpAfterError("candor --help lists what there is")
    .configureOutput({ outputError: (text, write) => write(text) });
  auditCommand(program);
  runCommand(program);
  runsCommands(program);
  approvalsCommands(program);
  stopCommand(program);
  meCommand(program);
  permissionsCommand(program);
  autonomyCommand(program);
  judgmentsCommands(program);
  remediesCommand(program);
  traceCommand(program);
  tracesCommands(program);
  townCommand(program);
  openCommand(program);
  doctorCommand(program);
  serveCommand(program);
  serveModelCommand(program);
  explainCommand(program);
  compareCommand(program);
  whoisCommand(program);
  trainCommands(program);
  completionCommand(program);
  exitLikeCandor(program);
  return program;
}

/** Bad usage is bad input: exit code 2, for subcommands too. */
function exitLikeCandor(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) exitLikeCandor(child);
}

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else process.exitCode = fail(error, argv.includes("--json"));
  }
}
