/** Keys of a page. They do nothing while somebody types, or while a dialog or a menu is open. */
import { useEffect, useRef } from "react";

/** What each key does, by its name in lower case. */
type Keys = Readonly<Record<string, () => void>>;

/** Where keys have a meaning of their own. */
const TYPING = "input, textarea, select, [contenteditable], [role=dialog], [role=menu]";
/** Where the space bar presses. */
const PRESSED = "button, a, summary, [role=tab], [role=menuitem]";

export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const { target, key } = event;
      const act = latest.current[key.toLowerCase()];
      if (!act || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector("[role=dialog]")) return;
      if (target instanceof Element && (target.closest(TYPING) || (key === " " && target.closest(PRESSED)))) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}
