/** Where keys may lie: never in whatever folder a command happened to be started from. */
import { isAbsolute } from "node:path";
import { StoreError } from "../errors.ts";

/** `CANDOR_KEYRING`, the folder that several workers share, else `home`. An empty variable is one that is not set. */
export function keyFolder(home: string, env: NodeJS.ProcessEnv = process.env): string {
  return env.CANDOR_KEYRING ? wholePath(env.CANDOR_KEYRING, "CANDOR_KEYRING") : wholePath(home, "The home folder");
}

/** @throws {StoreError} `bad folder` for an empty or relative path, which would mean another folder from elsewhere */
export function wholePath(path: string, name: string): string {
  if (isAbsolute(path)) return path;
  throw new StoreError(
    "bad folder",
    `${name} must be a whole path, not ${JSON.stringify(path)}.`,
    "Begin it with /: a relative one would be another folder wherever a command is started.",
    { code: 2 },
  );
}
