/** How a mind's process is shut in: Node's permission model, and a sandbox of the operating system where there is one. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export type Sandbox = "bwrap" | "unshare" | "none";

export interface Isolation {
  /** Node's permission model closes files, child processes, workers and addons. */
  permission: boolean;
  /** What closes the network and hides other processes. */
  sandbox: Sandbox;
  /** One line for `candor doctor` and the run's first event. */
  summary: string;
}

/** Megabytes of JavaScript heap; a mind needs under 20. */
const HEAP_MB = 128;
/** Kilobytes of private memory, buffers included. V8 reserves some 550 MB of it without using it. */
const DATA_KB = 1_000_000;
/** Seconds of CPU in the life of a process: an orphan that spins ends, whatever else fails. */
const CPU_SECONDS = 900;

const minds = realpathSync(dirname(fileURLToPath(import.meta.url)));
const manifest = join(dirname(dirname(minds)), "package.json");

const Probe = z.object({
  files: z.enum(["open", "closed"]),
  children: z.enum(["open", "closed"]),
  network: z.enum(["open", "closed"]),
  processes: z.enum(["open", "closed"]),
});

/**
 * The command line that starts `entry` shut in as `isolation` says. To be spawned with an empty environment.
 * @param entry absolute path of a module; it and what it imports must lie under `readable`
 */
export function mindCommand(
  isolation: Pick<Isolation, "permission" | "sandbox">,
  entry: string,
  args: readonly string[] = [],
  readable: readonly string[] = [],
): [command: string, ...args: string[]] {
  const paths = [minds, ...readable];
  const node = [
    process.execPath,
    ...(isolation.permission ? ["--permission", ...paths.map((path) => `--allow-fs-read=${path}`)] : []),
    `--max-old-space-size=${HEAP_MB}`,
    "--disallow-code-generation-from-strings",
    "--disable-sigusr1",
    "--no-warnings",
    entry,
    ...args,
  ];
  const shut = [...sandboxCommand(isolation.sandbox, paths), ...node];
  if (process.platform === "win32") return [process.execPath, ...node.slice(1)];
  const limits = `ulimit -c 0; ulimit -t ${CPU_SECONDS}; ulimit -d ${DATA_KB}; exec "$@"`;
  return ["/bin/sh", "-c", limits, "mind", ...shut];
}

function sandboxCommand(sandbox: Sandbox, paths: readonly string[]): string[] {
  if (sandbox === "none") return [];
  if (sandbox === "unshare") {
    const unshare = find("unshare");
    return unshare
      ? [unshare, "--user", "--map-root-user", "--net", "--pid", "--ipc", "--fork", "--kill-child", "--"]
      : [];
  }
  const bwrap = find("bwrap");
  if (!bwrap) return [];
  const system = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/nix/store"].flatMap((path) => [
    "--ro-bind-try",
    path,
    path,
  ]);
  const ours = [process.execPath, ...paths].flatMap((path) => ["--ro-bind", path, path]);
  return [
    ...[bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"],
    ...system,
    ...ours,
    ...["--ro-bind-try", manifest, manifest],
    ...["--dev", "/dev", "--proc", "/proc", "--remount-ro", "/", "--chdir", "/", "--"],
  ];
}

function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/bin", "/usr/local/bin"];
  for (const folder of folders) {
    const path = join(folder || ".", program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

let detected: Isolation | undefined;

/** The strictest isolation this machine really gives, found out once by trying to break out of it. */
export function isolationHere(): Isolation {
  detected ??= detect();
  return detected;
}

/** {@link isolationHere} for callers that await. */
export async function detectIsolation(): Promise<Isolation> {
  return isolationHere();
}

function detect(): Isolation {
  const target = listener();
  try {
    for (const sandbox of ["bwrap", "unshare", "none"] as const) {
      for (const permission of [true, false]) {
        const probe = tryOut({ permission, sandbox }, target.name);
        if (probe === undefined) continue;
        if (permission && (probe.files === "open" || probe.children === "open")) continue;
        if (sandbox !== "none" && (probe.network === "open" || probe.processes === "open")) continue;
        return { permission, sandbox, summary: summarise(permission, sandbox) };
      }
    }
  } finally {
    target.server.close();
  }
  return { permission: false, sandbox: "none", summary: summarise(false, "none") };
}

/**
 * Something that a process outside the sandbox can connect to. Abstract sockets belong to the network namespace, and
 * are bound at once, so the probe may run while this thread waits.
 */
function listener(): { server: Server; name: string } {
  const unique = `candor-probe-${process.pid}-${Date.now()}`;
  const name = process.platform === "linux" ? `\0${unique}` : join(tmpdir(), unique);
  const server = createServer((socket) => socket.destroy());
  server.on("error", () => undefined);
  server.listen(name);
  server.unref();
  return { server, name };
}

function tryOut(
  isolation: Pick<Isolation, "permission" | "sandbox">,
  socket: string,
): z.infer<typeof Probe> | undefined {
  if (isolation.sandbox !== "none" && (process.platform !== "linux" || !find(isolation.sandbox))) return undefined;
  const args = [Buffer.from(socket).toString("base64"), String(process.pid)];
  const [command, ...rest] = mindCommand(isolation, join(minds, "probe.ts"), args);
  const run = spawnSync(command, rest, { env: {}, encoding: "utf8", timeout: 10_000 });
  try {
    return Probe.parse(JSON.parse(run.stdout));
  } catch {
    return undefined;
  }
}

function summarise(permission: boolean, sandbox: Sandbox): string {
  const node = permission ? "node --permission" : "no node --permission";
  if (sandbox === "none") {
    return permission
      ? `${node} (no files, no child processes); no network sandbox on this machine: install bubblewrap`
      : "none: this Node has no permission model and this machine no sandbox; run only minds that you trust";
  }
  const missing = permission ? "" : " (files of the sandbox only)";
  return `${sandbox} + ${node}${missing}: no network, no files, no child processes`;
}
