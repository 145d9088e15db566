/** Light, dark, or as the system is; kept in this browser. */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const KEY = "candor-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function chosen(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function applyTheme(): void {
  const theme = chosen();
  document.documentElement.classList.toggle("dark", theme === "dark" || (theme === "system" && system.matches));
}

system.addEventListener("change", applyTheme);

export function useTheme(): { theme: Theme; choose(theme: Theme): void } {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);
  return {
    theme,
    choose: (next) => {
      localStorage.setItem(KEY, next);
      applyTheme();
      for (const listener of listeners) listener();
    },
  };
}
