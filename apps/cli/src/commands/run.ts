/** `candor run "GOAL"`: any goal, within permissions and a budget. */
import type { Command } from "commander";
import { api } from "../context.ts";
import { begin, type StartOptions, startOptions, startRequest } from "./start.ts";

export function runCommand(program: Command): void {
  startOptions(program.command("run <goal>").description("let the agent work on any goal"))
    .option("--tools <names>", "only these tools, separated by commas")
    .action(async (goal: string, _, command: Command) => {
      const options = command.optsWithGlobals<StartOptions & { tools?: string }>();
      const tools = options.tools?.split(",").map((name) => name.trim());
      const request = { ...startRequest("run", options), goal, ...(tools && { tools }) };
      process.exitCode = await begin(await api(), request, options);
    });
}
