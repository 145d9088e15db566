/** Where Candor keeps what is yours: one folder, readable by you alone. */
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { wholePath } from "@candor/store";

/** `CANDOR_HOME`, or the platform's data folder. Created when missing, mode 0700. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = env.CANDOR_HOME
    ? wholePath(env.CANDOR_HOME, "CANDOR_HOME")
    : join(dataFolder(env.XDG_DATA_HOME), "candor");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}

/** The XDG Base Directory Specification has relative paths ignored. */
const dataFolder = (given: string | undefined): string =>
  given && isAbsolute(given) ? given : join(homedir(), ".local", "share");
