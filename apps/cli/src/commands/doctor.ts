/** `candor doctor`: what is in force on this machine, and what is missing. */
import { accessSync, constants, statfsSync } from "node:fs";
import { detectIsolation } from "@candor/agent";
import { loadConfig } from "@candor/server/outside";
import type { Command } from "commander";
import { findRunning } from "../client/connect.ts";
import { answer, type Global, home } from "../context.ts";
import { bold, dim, green, print, yellow } from "../screen/style.ts";

interface Check {
  name: string;
  ok: boolean;
  found: string;
  advice?: string;
}

export function doctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("what is in force on this machine, and what is missing")
    .action(async (_, command: Command) => {
      const checks = await examine();
      answer(command.optsWithGlobals<Global>(), checks, () => {
        for (const { name, ok, found, advice } of checks) {
          print(`${ok ? green("✓") : yellow("!")} ${bold(name.padEnd(16))} ${found}`);
          if (advice) print(`  ${" ".repeat(16)} ${dim(advice)}`);
        }
      });
    });
}

async function examine(): Promise<Check[]> {
  const folder = home();
  const isolation = await detectIsolation();
  const config = loadConfig(folder);
  const server = await findRunning(folder);
  const major = Number(process.versions.node.split(".")[0]);
  return [
    {
      name: "Node",
      ok: major >= 24,
      found: `v${process.versions.node}`,
      ...(major < 24 && { advice: "Start Candor through npm, which brings Node 24." }),
    },
    {
      name: "Mind isolation",
      ok: isolation.sandbox !== "none" && isolation.permission,
      found: isolation.summary,
      ...(isolation.sandbox === "none" && {
        advice: "Install bubblewrap: without it a mind's process is not cut off from the network.",
      }),
    },
    folderCheck(folder),
    { name: "Store", ok: true, found: process.env.DATABASE_URL ? "PostgreSQL (DATABASE_URL)" : "embedded PGlite" },
    {
      name: "candor serve",
      ok: true,
      found: server ? `up, port ${server.port}, process ${server.pid}` : "not up; started when needed",
    },
    {
      name: "Search",
      ok: config.search !== undefined,
      found: config.search?.engine ?? "none configured: on the web only direct site checks",
      ...(!config.search && {
        advice: "Optional: set search in config.json to a SearXNG address, or a Brave or Tavily key.",
      }),
    },
    {
      name: "Delivery",
      ok: true,
      found: Object.keys(config.delivery).join(", ") || "local inbox file",
    },
    { name: "Model keys", ok: true, found: Object.keys(config.keys).join(", ") || "none; the scout mind needs none" },
  ];
}

function folderCheck(folder: string): Check {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    const megabytes = Math.floor((bavail * bsize) / 1e6);
    return {
      name: "Home folder",
      ok: megabytes > 200,
      found: `${folder}, ${megabytes} MB free`,
      ...(megabytes <= 200 && { advice: "Make room: an audit needs some tens of megabytes." }),
    };
  } catch {
    return {
      name: "Home folder",
      ok: false,
      found: `${folder} cannot be written`,
      advice: "Set CANDOR_HOME to a folder that can.",
    };
  }
}
