/** Models that can be looked into on this machine: the small mind, what `candor lens` was given, and what was trained here. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { EXAMPLES, SHIPPED } from "@candor/small-mind";
import { z } from "@hono/zod-openapi";
import { badInput } from "../failure.ts";
import { trainingRuns } from "../training/training-runs.ts";

const Note = z.object({
  folder: z.string(),
  /** A file of texts that the model is looked at with. */
  texts: z.string().optional(),
  /** Folders of sparse dictionaries for it. */
  dictionaries: z.array(z.string()).default([]),
});
export type LensNote = z.infer<typeof Note>;

export const LensModel = z.object({ id: z.string(), name: z.string(), folder: z.string() }).openapi("LensModel");
export type LensModel = z.infer<typeof LensModel>;

const SMALL_MIND: LensModel & LensNote = {
  ...{ id: "small-mind", name: "Candor's small mind", folder: SHIPPED, texts: EXAMPLES, dictionaries: [] },
};

const folderOf = (home: string): string => join(home, "lens");
export const lensId = (folder: string): string => createHash("sha256").update(folder).digest("hex").slice(0, 12);

/** A model that is noted again keeps its id, and the dictionaries that it had. @returns its id */
export function noteModel(home: string, { folder, texts, dictionaries }: z.input<typeof Note>): string {
  const id = lensId(folder);
  const before = read(join(folderOf(home), `${id}.json`));
  const note: LensNote = {
    folder,
    ...((texts ?? before?.texts) !== undefined && { texts: texts ?? before?.texts }),
    dictionaries: [...new Set([...(before?.dictionaries ?? []), ...(dictionaries ?? [])])],
  };
  mkdirSync(folderOf(home), { recursive: true, mode: 0o700 });
  const partial = join(folderOf(home), `${id}.partial`);
  writeFileSync(partial, `${JSON.stringify(note)}\n`);
  renameSync(partial, join(folderOf(home), `${id}.json`));
  return id;
}

/** The small mind first, then those that are noted, then trainings; models that are gone are left out. */
export function lensModels(home: string): (LensModel & LensNote)[] {
  let names: string[] = [];
  try {
    names = readdirSync(folderOf(home));
  } catch {
    // Nothing was noted yet.
  }
  const noted = names.flatMap((name) => {
    const id = /^([0-9a-f]{12})\.json$/.exec(name)?.[1];
    const note = id && read(join(folderOf(home), name));
    return note ? [{ id, ...note }] : [];
  });
  const known = new Set(noted.map(({ id }) => id));
  const trained = trainingRuns(home).flatMap(({ out }) =>
    known.has(lensId(out)) ? [] : [{ id: lensId(out), folder: out, dictionaries: [] }],
  );
  const there = [...noted, ...trained].filter(({ folder }) =>
    [folder, join(folder, "best"), join(folder, "last")].some((each) => existsSync(join(each, "config.json"))),
  );
  return [
    SMALL_MIND,
    ...there.map((each) => ({ ...each, name: `${basename(dirname(each.folder))}/${basename(each.folder)}` })),
  ];
}

/** @throws {Failure} when there is none of that id */
export function lensModel(home: string, id: string): LensModel & LensNote {
  const found = lensModels(home).find((model) => model.id === id);
  if (!found) throw badInput(`there is no model ${id} to look into`, "candor lens DIR shows the model of a folder.");
  return found;
}

function read(path: string): LensNote | undefined {
  try {
    return Note.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
