/** Stops runs when a file appears: works without the API, the terminal or the database. */
import { existsSync, unwatchFile, watchFile } from "node:fs";

/**
 * Calls `onStop` as soon as `path` exists, at once when it does already, and again each time it comes back.
 * @returns ends the watch
 */
export function watchStopFile(path: string, onStop: () => void): () => void {
  let over = false;
  let there = false;
  const check = (): void => {
    if (over) return;
    const now = existsSync(path);
    const appeared = now && !there;
    there = now;
    if (appeared) onStop();
  };
  // Polling sees network and container file systems too, where change notices get lost.
  watchFile(path, { interval: 200, persistent: false }, check);
  queueMicrotask(check);
  return () => {
    over = true;
    unwatchFile(path, check);
  };
}
