/** `candor whois`: whose agent sent a message or a request, or answers at an address. */
import { readFileSync, statSync } from "node:fs";
import type { WhoisAnswer, WhoisRequest } from "@candor/server";
import { badInput } from "@candor/server/outside";
import type { Command } from "commander";
import { answer, api, type Global } from "../context.ts";
import { bold, dim, green, print, red, yellow } from "../screen/style.ts";

interface Options extends Global {
  header?: string[];
  url?: string;
  request?: string;
  data?: string;
}

export function whoisCommand(program: Command): void {
  program
    .command("whois [what]")
    .description("whose agent sent this: a file, a code, a message, an address, or - for standard input")
    .option("--url <url>", "the address that a request was for, with -H")
    .option("-H, --header <line>", "a header line of that request, as for curl; repeat it", collect)
    .option("-X, --request <method>", "its method")
    .option("-d, --data <body>", "its body")
    .action(async (what: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const known = await (await api()).whois(question(what, options));
      answer(options, known, () => show(known));
      // For scripts: only a declared agent is a yes.
      if (known.status !== "declared") process.exitCode = 1;
    });
}

const collect = (line: string, before: string[] = []): string[] => [...before, line];

function question(what: string | undefined, options: Options): WhoisRequest {
  const { header, url, request, data } = options;
  if (header === undefined && url === undefined) return { text: textOf(what) };
  if (what !== undefined) throw badInput("a request is given by --url and -H, or as a file, not both");
  return {
    ...(url !== undefined && { url }),
    headers: header ?? [],
    ...((request ?? data) !== undefined && { method: request ?? "POST" }),
    ...(data !== undefined && { body: data }),
  };
}

function textOf(what: string | undefined): string {
  if (what === undefined && process.stdin.isTTY)
    throw badInput("who is to be looked up is not said", "candor whois --help");
  if (what === undefined || what === "-") return readFileSync(0, "utf8");
  return isFile(what) ? readFileSync(what, "utf8") : what;
}

function isFile(what: string): boolean {
  // A message is no path, and may be longer than one can be.
  if (what.length > 1_000 || what.includes("\n")) return false;
  return statSync(what, { throwIfNoEntry: false })?.isFile() ?? false;
}

const COLOURS = { declared: green, wrong: red, unknown: yellow };

function show(known: WhoisAnswer): void {
  print(`${bold(COLOURS[known.status](known.answer))}`);
  print(`  ${known.reason}`);
  const line = (name: string, value: string | undefined) => {
    if (value) print(`  ${dim(name.padEnd(8))} ${value}`);
  };
  line("key", known.keyid);
  line("at", known.agent);
  line("signed", known.signedAt === undefined ? undefined : new Date(known.signedAt * 1000).toISOString());
  if (known.text !== undefined) line("message", known.text.replaceAll("\n", `\n${" ".repeat(11)}`));
  if (known.status === "unknown") print(dim("  That says nothing about who it was: neither a person nor a program."));
}
