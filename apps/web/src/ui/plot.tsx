/** A plot that is drawn when it is first needed, to the width there is, and anew when that or its data changes. */
import type { PlotOptions } from "@observablehq/plot";
import { useEffect, useRef, useState } from "react";
import { cn } from "./class-names.ts";

type Library = typeof import("@observablehq/plot");

interface Props {
  /** What it shows, for those who do not see it. */
  label: string;
  /** Pixels. */
  height: number;
  /** Drawn anew when this changes. */
  deps: unknown;
  options(plot: Library, width: number): PlotOptions;
  /** Told the place on the x axis where somebody clicks. */
  onPick?(x: number): void;
}

export function Plot({ label, height, deps, options, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [library, setLibrary] = useState<Library>();
  const latest = useRef({ options, onPick });
  latest.current = { options, onPick };
  useEffect(() => {
    void import("@observablehq/plot").then(setLibrary);
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `deps` stands for the data that the options close over.
  useEffect(() => {
    if (!library || width === 0) return;
    const style = { background: "none", color: "var(--muted-foreground)", fontFamily: "inherit", fontSize: "11px" };
    const drawn = library.plot({ height, style, ...latest.current.options(library, width) });
    // The whole is one picture with one name; a name for each mark is not allowed on a mere group.
    for (const mark of drawn.querySelectorAll("g[aria-label]")) mark.removeAttribute("aria-label");
    drawn.addEventListener("click", (event) => {
      const x = Number(drawn.scale("x")?.invert?.((event as MouseEvent).offsetX));
      if (Number.isFinite(x)) latest.current.onPick?.(x);
    });
    box.current?.replaceChildren(drawn);
    return () => drawn.remove();
  }, [library, width, height, deps]);
  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      style={{ minHeight: height }}
      className={cn("min-w-0", onPick && "cursor-crosshair")}
    />
  );
}
