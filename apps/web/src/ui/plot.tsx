/** A plot that is drawn when it is first needed, to the width there is, and anew when that or its data changes. */
import type { PlotOptions } from "@observablehq/plot";
import { useEffect, useRef, useState } from "react";

type Library = typeof import("@observablehq/plot");

interface Props {
  /** What it shows, for those who do not see it. */
  label: string;
  /** Pixels. */
  height: number;
  /** Drawn anew when this changes. */
  deps: unknown;
  options(plot: Library, width: number): PlotOptions;
}

export function Plot({ label, height, deps, options }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [library, setLibrary] = useState<Library>();
  const draw = useRef(options);
  draw.current = options;
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
    const drawn = library.plot({ height, style, ...draw.current(library, width) });
    box.current?.replaceChildren(drawn);
    return () => drawn.remove();
  }, [library, width, height, deps]);
  return <div ref={box} role="img" aria-label={label} style={{ minHeight: height }} className="min-w-0" />;
}
