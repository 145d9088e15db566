/** Where accounts are deleted: directories in the format of JustDeleteMe's `sites.json`. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { OWN_LIST } from "./own-list.ts";

/** An entry of https://github.com/jdm-contrib/jdm `_data/sites.json`. Translations (`notes_de` ...) are kept as they are. */
export const DirectoryEntry = z.looseObject({
  name: z.string().min(1),
  url: z.string(),
  difficulty: z.enum(["easy", "medium", "hard", "limited", "impossible"]),
  notes: z.string().optional(),
  email: z.string().optional(),
  email_subject: z.string().optional(),
  email_body: z.string().optional(),
  domains: z.array(z.string()),
});
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;

export const DirectoryFile = z.array(DirectoryEntry);

export class RemedyError extends Error {
  override name = "RemedyError";
  /** What to do about it. */
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** @throws {RemedyError} one line that names the entry and the field that is wrong */
export function parseDirectory(text: string, from: string): DirectoryEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RemedyError(`${from} is not JSON`, "It must be a list in the format of JustDeleteMe's sites.json.");
  }
  const parsed = DirectoryFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path[0];
  const entry =
    Array.isArray(value) && typeof at === "number" ? (value[at] as { name?: unknown } | null)?.name : undefined;
  const where =
    typeof at === "number"
      ? `entry ${at + 1}${typeof entry === "string" ? ` (${entry})` : ""}, ${issue?.path.slice(1).join(".") || "the entry"}`
      : "the file";
  throw new RemedyError(
    `${from}: ${where}: ${issue?.message ?? "does not fit"}`,
    "Each entry needs name, url, difficulty (easy, medium, hard, limited, impossible) and domains.",
  );
}

export class Directory {
  readonly #byDomain = new Map<string, DirectoryEntry>();
  readonly size: number;

  /** Later lists win over earlier ones. */
  constructor(...lists: readonly (readonly DirectoryEntry[])[]) {
    let size = 0;
    for (const list of lists) {
      for (const entry of list) {
        size++;
        for (const domain of entry.domains) this.#byDomain.set(domain.toLowerCase().replace(/^www\./, ""), entry);
      }
    }
    this.size = size;
  }

  /** The entry of a host or of the domain that it belongs to. */
  find(host: string): DirectoryEntry | undefined {
    let domain = host
      .toLowerCase()
      .replace(/:\d+$/, "")
      .replace(/^www\./, "");
    while (domain.includes(".")) {
      const entry = this.#byDomain.get(domain);
      if (entry) return entry;
      domain = domain.slice(domain.indexOf(".") + 1);
    }
    return undefined;
  }
}

const fileIn = (home: string): string => join(home, "remedies.json");

async function added(home: string): Promise<DirectoryEntry[]> {
  const path = fileIn(home);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new RemedyError(`${path} cannot be read`, "Check who may read it.");
  }
  return parseDirectory(text, path);
}

/** The list that ships with Candor and what the operator added to it under `home`. */
export async function openDirectory(home: string): Promise<Directory> {
  return new Directory(OWN_LIST, await added(home));
}

/**
 * Merges `file` into `${home}/remedies.json`; entries of the same name are replaced.
 * @throws {RemedyError} when the file is not there or not a directory of the known format; nothing is changed then
 */
export async function addRemedies(
  home: string,
  file: string,
): Promise<{ added: number; replaced: number; total: number }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw new RemedyError(`${file} cannot be read`, "Give the path of a sites.json.");
  }
  const incoming = parseDirectory(text, file);
  const byName = new Map((await added(home)).map((entry) => [entry.name.toLowerCase(), entry]));
  const before = byName.size;
  const names = new Set(incoming.map((entry) => entry.name.toLowerCase()));
  const replaced = [...names].filter((name) => byName.has(name)).length;
  for (const entry of incoming) byName.set(entry.name.toLowerCase(), entry);
  const path = fileIn(home);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify([...byName.values()], null, 2)}\n`);
  await rename(`${path}.new`, path);
  return { added: byName.size - before, replaced, total: byName.size };
}
