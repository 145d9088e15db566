/** Whether the window has room for two things side by side. */
import { useSyncExternalStore } from "react";

const wide = matchMedia("(min-width: 48rem)");

const watch = (changed: () => void) => {
  wide.addEventListener("change", changed);
  return () => wide.removeEventListener("change", changed);
};

export const useWide = (): boolean => useSyncExternalStore(watch, () => wide.matches);
