/** Sherlock and Maigret in the same town, through their own site files, with the town as their HTTP proxy. */
import { execFile } from "node:child_process";
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { inFreshHome } from "@candor/server";
import { startTownInWorker, type TownTruth, type TownWorker, type UsernameSite } from "@candor/town";
import { z } from "zod";
import { type Bench, type BenchContext, figure, numbers, option, type Row } from "./bench.ts";
import { tunnelTo } from "./tunnel.ts";

const DEFAULT_SEEDS = "7,101,102";
const LIMIT_MS = 240_000;
const run = promisify(execFile);

export const osintPeers: Bench = {
  name: "osint-peers",
  description:
    "accounts found in the same town by Candor, Sherlock and Maigret (--seeds A,B,C, CANDOR_OSINT_VENV=FOLDER)",
  duration: "2 min",
  run: async ({ args, note }) => {
    const rows: Row[] = [];
    for (const seed of numbers(option(args, "seeds") ?? DEFAULT_SEEDS)) {
      const ours = await auditOf(seed);
      const inbox = mkdtempSync(join(tmpdir(), "candor-peers-"));
      const town = await startTownInWorker({ seed, inbox: join(inbox, "inbox.jsonl") });
      try {
        for (const peer of peers) {
          const theirs = await peer.find(town, note).catch((error: unknown) => {
            note(`${peer.name} failed: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`);
            return undefined;
          });
          if (args.includes("--details")) note(`${peer.name}: ${[...(theirs?.accounts ?? [])].sort().join(", ")}`);
          rows.push(...compared(`seed ${seed}`, town.truth, ours, peer.name, theirs));
        }
      } finally {
        await town.close();
        rmSync(inbox, { recursive: true, force: true });
      }
    }
    return rows;
  },
};

interface Found {
  /** `handle@host`, lower case. */
  accounts: Set<string>;
  seconds: number;
}

interface Ours extends Found {
  overall: { f1: number; precision: number; recall: number };
}

/** An audit starts from the same usernames, and from the name, the employer and the site as well. */
async function auditOf(seed: number): Promise<Ours> {
  return inFreshHome(async ({ service, finish }) => {
    const began = performance.now();
    const request = { kind: "audit", seed, mind: { kind: "scout" }, world: { kind: "town", seed } } as const;
    const { run } = await service.start(request, "bench");
    await finish(run);
    const seconds = (performance.now() - began) / 1000;
    const usernames = (await service.findings(run)).filter(({ kind }) => kind === "username");
    const overall = z
      .object({ f1: z.number(), precision: z.number(), recall: z.number() })
      .parse(await service.score(run));
    return { accounts: new Set(usernames.map(({ value }) => value.toLowerCase())), seconds, overall };
  });
}

function compared(name: string, truth: TownTruth, ours: Ours, peer: string, theirs: Found | undefined): Row[] {
  const facts = truth.facts.filter(({ owner, reachable }) => owner === "operator" && reachable);
  const accounts = new Set(facts.filter(({ kind }) => kind === "username").map(({ value }) => value.toLowerCase()));
  const us = ratesOf(ours.accounts, accounts, accounts.size);
  const them = theirs && ratesOf(theirs.accounts, accounts, accounts.size);
  // Beside everything that the town shows of its persona: accounts are all these tools look for.
  const overall = theirs && ratesOf(theirs.accounts, accounts, facts.length);
  const row = (metric: string, scope: string, value: number, other: number | undefined, time = false): Row => ({
    ...figure(metric, `${scope}, ${name}`, value, time ? "s" : ""),
    peer,
    peer_value: other ?? null,
    ratio: other === undefined || other === 0 || value === 0 ? null : time ? other / value : value / other,
  });
  return [
    row("f1", "usernames", us.f1, them?.f1),
    row("precision", "usernames", us.precision, them?.precision),
    row("recall", "usernames", us.recall, them?.recall),
    row("f1", "everything", ours.overall.f1, overall?.f1),
    row("recall", "everything", ours.overall.recall, overall?.recall),
    row("seconds", "usernames", ours.seconds, theirs?.seconds, true),
  ];
}

function ratesOf(found: ReadonlySet<string>, truth: ReadonlySet<string>, all: number) {
  const right = [...found].filter((account) => truth.has(account)).length;
  const precision = found.size === 0 ? 0 : right / found.size;
  const recall = all === 0 ? 0 : right / all;
  return { precision, recall, f1: right === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

interface Peer {
  name: string;
  /** Undefined when it is not here. */
  find(town: TownWorker, note: BenchContext["note"]): Promise<Found | undefined>;
}

const peers: Peer[] = [
  {
    name: "sherlock",
    find: (town, note) =>
      using("sherlock", note, async (program, folder) => {
        const sites = join(folder, "sites.json");
        writeFileSync(sites, JSON.stringify(sherlockSites(town.truth.sites)));
        const began = performance.now();
        const options = ["--json", sites, "--proxy", `http://127.0.0.1:${town.port}`, "--timeout", "10", "--no-color"];
        const { usernames } = town.truth.persona.seeds;
        const { stdout } = await run(program, [...options, "--print-found", "--ignore-exclusions", ...usernames], {
          cwd: folder,
          timeout: LIMIT_MS,
        });
        const urls = [...stdout.matchAll(/^\[\+\] .*?: (https?:\/\/\S+)$/gm)].map(([, url = ""]) => url);
        return { accounts: accountsAt(urls, usernames), seconds: (performance.now() - began) / 1000 };
      }),
  },
  {
    name: "maigret",
    find: (town, note) =>
      using("maigret", note, async (program, folder) => {
        const sites = join(folder, "sites.json");
        writeFileSync(sites, JSON.stringify(maigretSites(town.truth.sites)));
        const reports = join(folder, "reports");
        mkdirSync(reports);
        const tunnel = await tunnelTo(town.port);
        const began = performance.now();
        const options = ["--db", sites, "--proxy", `http://127.0.0.1:${tunnel.port}`, "--timeout", "10", "-a"];
        const output = ["-J", "simple", "-fo", reports, "--no-autoupdate", "--no-color", "--no-progressbar"];
        const { usernames } = town.truth.persona.seeds;
        try {
          await run(program, [...options, ...output, ...usernames], { cwd: folder, timeout: LIMIT_MS });
        } finally {
          await tunnel.close();
        }
        const seconds = (performance.now() - began) / 1000;
        const found = readdirSync(reports).filter((name) => name.endsWith(".json"));
        const accounts = found.flatMap((name) => {
          const report = MaigretReport.parse(JSON.parse(readFileSync(join(reports, name), "utf8")));
          return Object.values(report).flatMap(({ status }) =>
            status.status === "Claimed" ? [...accountsAt([status.url], [status.username])] : [],
          );
        });
        return { accounts: new Set(accounts), seconds };
      }),
  },
];

const MaigretReport = z.record(
  z.string(),
  z.looseObject({ status: z.looseObject({ username: z.string(), url: z.string(), status: z.string() }) }),
);

/** Runs `work` with the program's path and an empty folder; undefined when the program is not installed. */
async function using<T>(
  name: string,
  note: BenchContext["note"],
  work: (program: string, folder: string) => Promise<T>,
): Promise<T | undefined> {
  const venv = process.env.CANDOR_OSINT_VENV;
  const places = [...(venv ? [join(venv, "bin")] : []), ...(process.env.PATH ?? "").split(delimiter)];
  const program = places.map((place) => join(place, name)).find(isProgram);
  if (!program) {
    note(
      `${name} is not here: python3 -m venv FOLDER && FOLDER/bin/pip install sherlock-project maigret, then CANDOR_OSINT_VENV=FOLDER.`,
    );
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "candor-peer-"));
  try {
    return await work(program, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `handle@host` for each address that holds one of the handles. */
function accountsAt(urls: readonly string[], handles: readonly string[]): Set<string> {
  const accounts = urls.flatMap((url) => {
    const decoded = decodeURIComponent(url).toLowerCase();
    const handle = handles
      .filter((each) => decoded.includes(each.toLowerCase()))
      .sort((a, b) => b.length - a.length)[0];
    return handle === undefined ? [] : [`${handle.toLowerCase()}@${new URL(url).host}`];
  });
  return new Set(accounts);
}

const siteOf = ({ uri_check }: UsernameSite): string => new URL(uri_check.replace("{account}", "x")).origin;

/** As its own list would describe them: by a message where there is one, else by the answer's code or a redirect. */
function sherlockSites(sites: readonly UsernameSite[]): Record<string, unknown> {
  return Object.fromEntries(
    sites.map((site) => [
      site.name,
      {
        url: site.uri_check.replace("{account}", "{}"),
        urlMain: siteOf(site),
        username_claimed: site.known[0] ?? "admin",
        ...(site.m_code >= 400
          ? { errorType: "status_code" }
          : site.m_code >= 300
            ? { errorType: "response_url", errorUrl: `${siteOf(site)}/login` }
            : { errorType: "message", errorMsg: site.m_string }),
      },
    ]),
  );
}

function maigretSites(sites: readonly UsernameSite[]): Record<string, unknown> {
  const described = sites.map((site) => [
    site.name,
    {
      url: site.uri_check.replace("{account}", "{username}"),
      urlMain: siteOf(site),
      usernameClaimed: site.known[0] ?? "admin",
      usernameUnclaimed: "noonewouldeverusethis7",
      checkType: site.m_code >= 300 && site.m_code < 400 ? "response_url" : "message",
      presenseStrs: [site.e_string],
      absenceStrs: site.m_string === "" ? [] : [site.m_string],
      tags: [],
    },
  ]);
  return { sites: Object.fromEntries(described), engines: {}, tags: [] };
}
