/** Notices what appears in a folder. */
import { watch } from "node:fs";

/** Network and container file systems lose notices. */
const POLL_MS = 200;

/**
 * Calls `look` in the next turn, whenever something changes in `folder`, and five times a second.
 * @returns ends the watch
 */
export function watchFolder(folder: string, look: () => void): () => void {
  let over = false;
  const check = (): void => {
    if (!over) look();
  };
  const timer = setInterval(check, POLL_MS);
  timer.unref();
  let end = (): void => undefined;
  try {
    const watcher = watch(folder, { persistent: false }, check);
    watcher.on("error", () => watcher.close());
    end = () => watcher.close();
  } catch {
    // No notices to be had (a limit of the system, for one): polling remains.
  }
  queueMicrotask(check);
  return () => {
    over = true;
    clearInterval(timer);
    end();
  };
}
