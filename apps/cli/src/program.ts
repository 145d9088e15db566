/** All commands, wired; errors become one line and an exit code. */
import { VERSION } from "@candor/server/outside";
import { Command, CommanderError } from "commander";
import { fail } from "./context.ts";

/** By the words that their commands begin with, in the order of the help: only the file that is meant is loaded. */
const FILES: readonly { words: readonly string[]; load: () => Promise<(program: Command) => void> }[] = [
  { words: ["audit"], load: async () => (await import("./commands/audit.ts")).auditCommand },
  { words: ["run"], load: async () => (await import("./commands/run.ts")).runCommand },
  {
    words: [
      "runs",
      "show",
      "schedules",
      "resume",
      "fork",
      "say",
      "verify",
      "erase",
      "report",
      "score",
      "mine",
      "not-mine",
    ],
    load: async () => (await import("./commands/runs.ts")).runsCommands,
  },
  {
    words: ["waiting", "answer", "standing"],
    load: async () => (await import("./commands/approvals.ts")).approvalsCommands,
  },
  { words: ["stop"], load: async () => (await import("./commands/stop.ts")).stopCommand },
  { words: ["me"], load: async () => (await import("./commands/me.ts")).meCommand },
  { words: ["permissions"], load: async () => (await import("./commands/permissions.ts")).permissionsCommand },
  { words: ["autonomy"], load: async () => (await import("./commands/autonomy.ts")).autonomyCommand },
  {
    words: ["judgments", "judge", "raters"],
    load: async () => (await import("./commands/judgments.ts")).judgmentsCommands,
  },
  { words: ["remedies"], load: async () => (await import("./commands/remedies.ts")).remediesCommand },
  { words: ["trace"], load: async () => (await import("./commands/trace.ts")).traceCommand },
  { words: ["traces"], load: async () => (await import("./commands/traces.ts")).tracesCommands },
  { words: ["town"], load: async () => (await import("./commands/town.ts")).townCommand },
  { words: ["open"], load: async () => (await import("./commands/open.ts")).openCommand },
  { words: ["doctor"], load: async () => (await import("./commands/doctor.ts")).doctorCommand },
  { words: ["serve"], load: async () => (await import("./commands/serve.ts")).serveCommand },
  { words: ["serve-model"], load: async () => (await import("./commands/serve-model.ts")).serveModelCommand },
  { words: ["explain"], load: async () => (await import("./commands/explain.ts")).explainCommand },
  { words: ["why"], load: async () => (await import("./commands/why.ts")).whyCommand },
  { words: ["compare"], load: async () => (await import("./commands/compare.ts")).compareCommand },
  { words: ["whois"], load: async () => (await import("./commands/whois.ts")).whoisCommand },
  { words: ["check"], load: async () => (await import("./commands/check.ts")).checkCommand },
  { words: ["lens"], load: async () => (await import("./commands/lens.ts")).lensCommand },
  { words: ["rate"], load: async () => (await import("./commands/rate.ts")).rateCommand },
  { words: ["train"], load: async () => (await import("./commands/train/train.ts")).trainCommands },
  // It is made from all the others.
  { words: [], load: async () => (await import("./commands/completion.ts")).completionCommand },
];

/** @param word the first of the command line; the program has all commands when it is none of theirs */
export async function createProgram(word?: string): Promise<Command> {
  const program = new Command("candor")
    .description("an autonomous agent that you can watch think, teach by thumbs, look inside, and switch off")
    .version(VERSION)
    .option("--json", "answer as one JSON document")
    .showHelpAfterError("candor --help lists what there is")
    .configureOutput({ outputError: (text, write) => write(text) });
  const meant = FILES.filter(({ words }) => word !== undefined && words.includes(word));
  for (const { load } of meant.length > 0 ? meant : FILES) (await load())(program);
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
    const program = await createProgram(argv.slice(2).find((word) => !word.startsWith("-")));
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else process.exitCode = fail(error, argv.includes("--json"));
  }
}
