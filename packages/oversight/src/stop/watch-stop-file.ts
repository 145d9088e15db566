/** Stops runs when a file appears: works without the API, the terminal or the database. */
import { existsSync, unwatchFile, watchFile } from "node:fs";

/**
 * Calls `onStop` once, as soon as `path` exists; at once when it does already.
 * @returns ends the watch
 */
export function watchStopFile(path: string, onStop: () => void): () => void {
  let over = false;
  const check = (): void => {
    if (over || !existsSync(path)) return;
    end();
    onStop();
  };
  const end = (): void => {
    over = true;
    unwatchFile(path, check);
  };
  // Polling sees network and container file systems too, where change notices get lost.
  watchFile(path, { interval: 200, persistent: false }, check);
  queueMicrotask(check);
  return end;
}
