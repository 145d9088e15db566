/** `candor stop`: the off switch. It asks the server, lays the stop down beside it, or ends it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Stopped } from "@candor/server";
import { badInput, endServer, knownRun, layStop, readServeFile, servingProcess } from "@candor/server/outside";
import type { Command } from "commander";
import { Api } from "../client/api.ts";
import { answer, api, type Global, home } from "../context.ts";
import { candor } from "../screen/command.ts";
import { bold, plural, print } from "../screen/style.ts";

/** A server that is well answers in a few milliseconds. */
const ANSWER_MS = 500;
/** The watchdog's bound, and what it takes to see it. */
const LEASE_MS = 2_500;
/** Names that fit into one line. */
const NAMED = 5;

const EVERY_RUN = "all";

type Options = Global & { all?: boolean; reason: string; force?: boolean };

interface Result extends Stopped {
  target: string;
  /** `answered`: by the server. `latched`: by a file that whoever works on the run looks for. `killed`: its process was ended. */
  how: "answered" | "latched" | "killed";
  sentence: string;
}

export function stopCommand(program: Command): void {
  program
    .command("stop [run]")
    .description("stop a run and all its children, at once")
    .option("--all", "every run")
    .option("--reason <text>", "why", "stopped by a person")
    .option("--force", "end the server's process as well, with everything it started")
    .action(async (run: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      if (!run && !options.all) throw badInput("stop which run?", "Give its id, or --all. candor runs lists them.");
      if (run && options.all) throw badInput("give a run or --all, not both");
      const result = await stop(options.all ? EVERY_RUN : (run ?? ""), options);
      answer(options, result, () => print(result.sentence));
    });
}

async function stop(target: string, options: Options): Promise<Result> {
  const known = target === EVERY_RUN ? target : knownRun(home(), target);
  if (options.force) return force(known ?? (await resolved(target)), options.reason);
  const server = servingProcess(home()) === undefined ? undefined : readServeFile(home());
  if (!server) {
    // Nobody works on it here. On a database that others share somebody may, and a server is what tells them.
    if (known === undefined || process.env.DATABASE_URL)
      return heard(target, await (await api()).stop(target, options.reason));
    return laid(known, await layStop(home(), known, word(options), 0), undefined);
  }
  const asked = new Api(server).stop(known ?? target, options.reason).then((stopped) => heard(target, stopped));
  if (known === undefined) return asked;
  // One that breaks off (its watchdog may be ending it) has not said that it holds.
  // The pause holds up nobody who was answered: the request keeps the process until then.
  const first = await Promise.race([asked, sleep(ANSWER_MS, undefined, { ref: false })]).catch(() => undefined);
  if (first) return first;
  const laying = layStop(home(), known, word(options), LEASE_MS).then((how) => laid(known, how, server.pid));
  // Its answer tells more than the file does, if it comes; a server that is ended gives none.
  return Promise.race([laying, asked.catch(() => laying)]);
}

async function force(target: string, reason: string): Promise<Result> {
  await layStop(home(), target, word({ reason }), 0);
  const pid = await endServer(home());
  const what = target === EVERY_RUN ? "Every run" : target;
  const sentence =
    pid === undefined
      ? `No server was up. ${what} stays stopped${hint(target)}.`
      : `Ended candor serve (process ${pid}) and what it had started. ${what} stays stopped${hint(target)}; any other run goes on when Candor next starts.`;
  return { target, stopped: [target], recorded: false, how: pid === undefined ? "latched" : "killed", sentence };
}

/** Only a server knows runs that this machine has no trace of. */
const resolved = async (target: string): Promise<string> => (await (await api()).show(target)).run;

const word = ({ reason }: { reason: string }) => ({ reason, by: process.env.USER ?? "terminal" });

function heard(target: string, { stopped, recorded }: Stopped): Result {
  const rest = stopped.length - NAMED;
  const names = stopped.slice(0, NAMED).join(", ") + (rest > 0 ? ` and ${plural(rest, "other")}` : "");
  const later = recorded ? "" : " It holds already; the logs of the runs will say so when the database has written it.";
  const sentence = stopped.length === 0 && recorded ? "Nothing was running." : `Stopped ${names || target}.${later}`;
  return { target, stopped, recorded, how: "answered", sentence };
}

function laid(target: string, how: "answered" | "gone" | "silent", pid: number | undefined): Result {
  const what = target === EVERY_RUN ? "every run" : target;
  const sentence = {
    answered: `Stopped ${what}. The server took the stop in, but is slow to answer.`,
    gone:
      pid === undefined
        ? `Nothing is at work here. ${what === target ? target : "Every run"} stays stopped${hint(target)}.`
        : `Stopped ${what}: the server (process ${pid}) did not answer and was ended; other runs go on when Candor next starts.`,
    silent: `Stopped ${what}: nothing of it begins any more. The server (process ${pid}) does not answer; ${bold(candor(`stop ${target === EVERY_RUN ? "--all" : target} --force`))} ends it.`,
  }[how];
  return { target, stopped: [target], recorded: false, how: "latched", sentence };
}

const hint = (target: string): string => (target === EVERY_RUN ? "" : ` until ${candor(`resume ${target}`)}`);
