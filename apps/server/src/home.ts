/** Where Candor keeps what is yours: one folder, readable by you alone. */
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** `CANDOR_HOME`, or the platform's data folder. Created when missing, mode 0700. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = resolve(env.CANDOR_HOME || join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "candor"));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}
