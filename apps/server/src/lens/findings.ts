/** What somebody saw in a model, named: kept with what it was seen of, so that it can be looked at again, by others too. */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { badInput } from "../failure.ts";
import { VERSION } from "../version.ts";
import type { OpenLens } from "./lenses.ts";
import { cutOf, editOf, featuresOf, readingOf } from "./looking.ts";
import { LensFinding, type LensFindingAgain, type LensLook } from "./schemas.ts";

const folderOf = (home: string, model: string): string => join(home, "lens", "findings", model);

export async function saveFinding(
  home: string,
  open: OpenLens,
  { name, look }: { name: string; look: LensLook },
): Promise<LensFinding> {
  const finding: LensFinding = {
    // Begun with a letter no address takes it for a number.
    id: `f${randomBytes(6).toString("hex").slice(1)}`,
    ...{ name, look, model: open.model.id, at: new Date().toISOString() },
    ...basisOf(open),
    seen: await seenIn(open, look),
  };
  const folder = folderOf(home, open.model.id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${finding.id}.json`);
  writeFileSync(`${path}.partial`, `${JSON.stringify(finding)}\n`);
  renameSync(`${path}.partial`, path);
  return finding;
}

/** The newest first; what cannot be read is left out. */
export function findingsOf(home: string, model: string): LensFinding[] {
  let names: string[] = [];
  try {
    names = readdirSync(folderOf(home, model));
  } catch {
    // Nothing was kept yet.
  }
  return names
    .flatMap((name) => (name.endsWith(".json") ? (read(join(folderOf(home, model), name)) ?? []) : []))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

/** Looks again, and says what is not as it was. @throws {Failure} when there is none of that id */
export async function lookAgain(home: string, open: OpenLens, id: string): Promise<LensFindingAgain> {
  const finding = findingOf(home, open.model.id, id);
  const now = basisOf(open);
  return {
    finding,
    seen: await seenIn(open, finding.look),
    changed: {
      model: now.modelHash !== finding.modelHash,
      data: now.dataHash !== finding.dataHash,
      version: now.version !== finding.version,
    },
  };
}

export function forgetFinding(home: string, model: string, id: string): void {
  findingOf(home, model, id);
  rmSync(join(folderOf(home, model), `${id}.json`));
}

function findingOf(home: string, model: string, id: string): LensFinding {
  const found = read(join(folderOf(home, model), `${id}.json`));
  if (!found) throw badInput(`there is no finding ${id} of this model`, "The page Lens lists those that there are.");
  return found;
}

function read(path: string): LensFinding | undefined {
  try {
    return LensFinding.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** What a finding is a finding of. */
function basisOf({ architecture, model }: OpenLens): Pick<LensFinding, "modelHash" | "dataHash" | "version"> {
  const { texts } = model;
  const data = texts === undefined ? undefined : createHash("sha256").update(readFileSync(texts)).digest("hex");
  return { modelHash: architecture.hash.slice(0, 16), dataHash: data?.slice(0, 16) ?? null, version: VERSION };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What there is to see, in a sentence that is the same when it is. */
async function seenIn(open: OpenLens, look: LensLook): Promise<string> {
  switch (look.tab) {
    case "prompt": {
      const { next } = await readingOf(open, look);
      const [first, second] = next;
      return `"${first?.text.trim()}" comes next with ${percent(first?.probability ?? 0)}, "${second?.text.trim()}" with ${percent(second?.probability ?? 0)}.`;
    }
    case "circuit": {
      const { kept, faithfulness } = await cutOf(open, look);
      return `${kept.length} edges say ${percent(faithfulness)} of what tells "${look.right.trim()}" from "${look.wrong.trim()}".`;
    }
    case "features": {
      const { features } = await featuresOf(open, look);
      const [first] = features;
      return first
        ? `${look.feature === undefined ? "The loudest is" : "Feature"} ${first.feature}: it speaks at ${percent(first.density)} of the tokens.`
        : "None speaks.";
    }
    case "edit": {
      const { title, target, neighbourhood } = await editOf(open, look);
      return `${title}: the token from ${percent(target.before.probability)} to ${percent(target.after.probability)}; on other texts ${percent(neighbourhood.same)} of what comes next stays.`;
    }
  }
}
