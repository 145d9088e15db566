/** Looking at runs and acting on them: list, show, resume, fork, say, judge, verify, erase, report, score. */
import { writeFileSync } from "node:fs";
import { badInput } from "@candor/server/outside";
import type { Budget } from "@candor/store";
import type { Command } from "commander";
import { answer, api, type Global } from "../context.ts";
import { budget, integer, mind } from "../options.ts";
import { readPermissions } from "../permissions.ts";
import { candor } from "../screen/command.ts";
import { LiveScreen } from "../screen/live.ts";
import { bold, cut, dim, green, plural, print, red, width, yellow } from "../screen/style.ts";
import { conclude, watch } from "./watch.ts";

export function runsCommands(program: Command): void {
  program
    .command("runs")
    .description("all runs, newest first")
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Global>();
      const rows = await (await api()).runs();
      answer(options, rows, () => {
        if (rows.length === 0) print(`No runs yet. ${bold(candor("audit"))} starts one.`);
        for (const row of rows) {
          const when = new Date(row.startedAt).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
          print(
            `${bold(row.run)}  ${statusColour(row.status)(row.status.padEnd(11))} ${dim(when)}  ${plural(row.steps, "step").padEnd(10)} ${cut(row.goal, width() - 60)}`,
          );
        }
      });
    });

  program
    .command("show <run>")
    .description("every step of a run")
    .option("--follow", "and go on as it happens")
    .action(async (run: string, _, command: Command) => {
      const options = command.optsWithGlobals<Global & { follow?: boolean }>();
      const client = await api();
      if (options.json) {
        const events = [];
        for await (const message of client.events(run)) if (message.type === "event") events.push(message.event);
        print(JSON.stringify({ ...(await client.show(run)), events }, null, 2));
        return;
      }
      const screen = new LiveScreen();
      const view = await client.show(run);
      print(`${bold(view.run)} ${statusColour(view.status)(view.status)} ${dim(view.reason)}\n${view.goal}\n`);
      if (options.follow && (view.status === "running" || view.status === "waiting")) {
        const ending = await watch(client, view.run, false, { past: view.seq - 1 });
        process.exitCode = await conclude(client, view.run, ending, {});
        return;
      }
      for await (const message of client.events(run)) {
        if (message.type === "finding") continue;
        screen.event(message.event);
        const { event } = message.event;
        const url = event.type === "step.done" ? event.observation.url : undefined;
        for (const finding of view.findings) if (url && finding.urls.includes(url)) screen.finding(finding);
      }
      screen.flush();
      if (view.question) print(`\n${yellow("asks")} ${view.question.reason}\n${bold(candor(`answer ${view.run}`))}`);
      if (view.summary) print(`\n${view.summary}`);
    });

  program
    .command("schedules")
    .description("audits that repeat by themselves")
    .option("--remove <id>", "no longer repeat this one")
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Global & { remove?: string }>();
      const client = await api();
      if (options.remove) await client.unschedule(options.remove);
      const schedules = await client.schedules();
      answer(options, schedules, () => {
        if (schedules.length === 0) print(`Nothing repeats. ${bold(candor("audit --every 30d"))} sets it up.`);
        for (const { id, everyMs, nextAt } of schedules) {
          print(
            `${bold(id)}  every ${plural(Math.round(everyMs / 86_400_000), "day")}, next ${new Date(nextAt).toLocaleString()}`,
          );
        }
      });
    });

  program
    .command("resume <run>")
    .description("go on with a run that was stopped, paused or cut off")
    .action(async (run: string, _, command: Command) => {
      const options = command.optsWithGlobals<Global>();
      const client = await api();
      const before = await client.show(run);
      await client.resume(before.run);
      const ending = await watch(client, before.run, options.json ?? false, { after: before.seq });
      process.exitCode = await conclude(client, before.run, ending, options);
    });

  program
    .command("fork <run>")
    .description("replay a run up to a step and go on from there with something changed")
    .requiredOption("--step <k>", "the last step to keep", integer("the step", 0))
    .option("--mind <mind>", "scout, small or llm")
    .option("--model <model>", "for llm")
    .option("--base-url <url>", "for llm")
    .option("--budget <limits>", "another budget", budget)
    .option("--permissions <file>", "other permissions")
    .action(async (run: string, _, command: Command) => {
      const options = command.optsWithGlobals<
        Global & {
          step: number;
          mind?: string;
          model?: string;
          baseUrl?: string;
          budget?: Partial<Budget>;
          permissions?: string;
        }
      >();
      const client = await api();
      const { run: fork } = await client.fork(run, {
        step: options.step,
        ...(options.mind && { mind: mind({ ...options, mind: options.mind }) }),
        ...(options.budget && { budget: options.budget }),
        ...(options.permissions && { permissions: readPermissions(options.permissions) }),
      });
      if (!options.json) print(`${bold(fork)} goes on from step ${options.step} of ${run}.`);
      process.exitCode = await conclude(client, fork, await watch(client, fork, options.json ?? false), options);
    });

  program
    .command("say <run> <text>")
    .description("tell a run something; it reads it before its next step")
    .action(async (run: string, text: string, _, command: Command) => {
      await (await api()).say(run, text);
      answer(command.optsWithGlobals<Global>(), {}, () => print("Said."));
    });

  for (const [name, judgment] of [
    ["mine", "mine"],
    ["not-mine", "not mine"],
  ] as const) {
    program
      .command(`${name} <run> <finding>`)
      .description(judgment === "mine" ? "that finding is about me" : "that finding is not about me")
      .action(async (run: string, finding: string, _, command: Command) => {
        await (await api()).judge(run, finding, judgment);
        answer(command.optsWithGlobals<Global>(), {}, () => print("Noted; later audits know it too."));
      });
  }

  program
    .command("verify <run>")
    .description("check that no event was changed, removed, reordered or cut off")
    .action(async (run: string, _, command: Command) => {
      const result = await (await api()).verify(run);
      answer(command.optsWithGlobals<Global>(), result, () =>
        print(
          result.ok
            ? `${green("whole")}: ${plural(result.events, "event")}. ${result.explanation}`
            : `${red("not whole")}: ${result.explanation}`,
        ),
      );
      if (!result.ok) process.exitCode = 1;
    });

  program
    .command("erase <run>")
    .description("destroy the key of a run: what it recorded can never be read again")
    .action(async (run: string, _, command: Command) => {
      await (await api()).erase(run);
      answer(command.optsWithGlobals<Global>(), { erased: run }, () => print(`${run} can no longer be read.`));
    });

  program
    .command("report <run>")
    .description("the report of an audit")
    .option("--format <format>", "html, json or md", "html")
    .option("--since <run>", "with what changed since that audit")
    .option("--out <file>", "write it to a file")
    .action(async (run: string, _, command: Command) => {
      const options = command.optsWithGlobals<{ format: string; since?: string; out?: string }>();
      const { format } = options;
      if (format !== "html" && format !== "json" && format !== "md")
        throw badInput(`"${format}" is not a format`, "Formats are html, json and md.");
      const text = await (await api()).report(run, format, options.since);
      if (options.out) writeFileSync(options.out, text, { mode: 0o600 });
      else process.stdout.write(text);
    });

  program
    .command("score <run>")
    .description("grade an audit of a town against its ground truth")
    .action(async (run: string, _, command: Command) => {
      const score = await (await api()).score(run);
      answer(command.optsWithGlobals<Global>(), score, () => {
        for (const [name, value] of Object.entries(score)) {
          if (typeof value !== "object" || value === null)
            print(`${name.padEnd(20)} ${typeof value === "number" ? Number(value.toFixed(4)) : String(value)}`);
        }
      });
    });
}

function statusColour(status: string): (text: string) => string {
  if (status === "finished") return green;
  if (status === "failed" || status === "stopped") return red;
  return yellow;
}
