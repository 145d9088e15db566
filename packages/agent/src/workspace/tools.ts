/** A folder of the run's own. Nothing outside it can be named, through links included. */
import { mkdir, readdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import type { Masker, Tool } from "../ports.ts";
import { defineTool, refused, said } from "../run/tool.ts";

const MAX_BYTES = 1_000_000;
const path = z.string().min(1).max(300);
const WRITE = z.object({ path, text: z.string().max(MAX_BYTES) });
const READ = z.object({ path });
const LIST = z.object({});

export function workspaceTools(folder: string, masker: Masker): Tool[] {
  return [
    defineTool({
      name: "write_file",
      description: "Writes a text file in the run's workspace folder.",
      effect: "write",
      repeatable: true,
      args: WRITE,
      run: async ({ path, text }) => {
        const file = await inside(folder, path);
        if (!file) return refused(`${path} is outside the workspace.`);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(`${file}.part`, masker.text(text).text, { mode: 0o600 });
        await rename(`${file}.part`, file);
        return said(`Wrote ${path}.`);
      },
    }),
    defineTool({
      name: "read_file",
      description: "Reads a text file of the run's workspace folder.",
      effect: "read",
      args: READ,
      run: async ({ path }) => {
        const file = await inside(folder, path);
        if (!file) return refused(`${path} is outside the workspace.`);
        const bytes = await readFile(file).catch(() => undefined);
        if (!bytes) return said(`There is no file ${path}.`, { status: "missing" });
        const { text, counts } = masker.text(bytes.subarray(0, MAX_BYTES).toString("utf8"), { untrusted: true });
        return said(text, { origin: "tool:workspace", masked: counts });
      },
    }),
    defineTool({
      name: "list_files",
      description: "Lists the files of the run's workspace folder.",
      effect: "read",
      args: LIST,
      run: async () => {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
        const files = entries.filter((e) => e.isFile()).map((e) => relative(folder, join(e.parentPath, e.name)));
        // A person may have put files there, with names of their own.
        const { text, counts } = masker.text(files.sort().join("\n"), { untrusted: true });
        return said(text || "The workspace is empty.", { origin: "tool:workspace", masked: counts });
      },
    }),
  ];
}

/** The absolute path for `name` in `folder`, or undefined when it would leave the folder. */
async function inside(folder: string, name: string): Promise<string | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const root = await realpath(folder);
  const target = resolve(root, name);
  if (!target.startsWith(root + sep)) return undefined;
  let existing = target;
  for (;;) {
    const real = await realpath(existing).catch(() => undefined);
    if (real) return real === root || real.startsWith(root + sep) ? target : undefined;
    existing = dirname(existing);
  }
}
