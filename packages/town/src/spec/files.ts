/** The files beside a spec. A spec may come from a stranger: it reads nothing outside its folder. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";

/** Largest file, and largest sum of all files, in bytes. */
const FILE_LIMIT = 32 * 1024 * 1024;
const TOTAL_LIMIT = 256 * 1024 * 1024;

export interface SpecFolder {
  /** Bytes of the file, or what is wrong with it. */
  read(name: string): Uint8Array | { complaint: string };
}

export function specFolder(folder: string): SpecFolder {
  const root = realpathSync(folder);
  let total = 0;
  return {
    read(name) {
      const named = resolve(join(root, name));
      const outside = { complaint: `must stay in the spec's folder: ${name} does not` };
      if (!named.startsWith(root + sep)) return outside;
      try {
        const real = realpathSync(named);
        if (!real.startsWith(root + sep)) return outside;
        const stat = statSync(real);
        if (!stat.isFile()) return { complaint: `is not a file: ${name}` };
        total += stat.size;
        if (stat.size > FILE_LIMIT || total > TOTAL_LIMIT) return { complaint: `is too large: ${name}` };
        return readFileSync(real);
      } catch (error) {
        const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
        return { complaint: missing ? `names a file that is not beside the spec: ${name}` : `cannot be read: ${name}` };
      }
    },
  };
}
