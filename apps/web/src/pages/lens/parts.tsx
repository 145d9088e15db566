/** What the ways to look share: tokens as they are written, what comes next as bars, and waiting until nobody types. */
import { useEffect, useState } from "react";
import { Trouble } from "../parts.tsx";

/** Spaces and breaks that could not be seen. */
export const shownToken = (text: string): string =>
  text === "" ? "∅" : text.replace(/\n/g, "⏎").replace(/^ /, "·").replace(/ $/, "·");

export function useSettled<T>(value: T, milliseconds = 250): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** Blue for what speaks for, orange for what speaks against, as strong as it is of the strongest. */
export function tint(value: number, most: number): string {
  const share = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  return `color-mix(in oklab, var(${value >= 0 ? "--chart-1" : "--chart-6"}) ${Math.round(45 * share)}%, transparent)`;
}

export const percent = (share: number): string =>
  share >= 0.0995 ? `${Math.round(100 * share)} %` : `${(100 * share).toPrecision(share < 0.0001 ? 1 : 2)} %`;

export function Bars({ label, rows }: { label: string; rows: readonly { text: string; probability: number }[] }) {
  return (
    <section className="grid content-start gap-2">
      <h3 className="text-sm font-medium">{label}</h3>
      <ul className="grid gap-1">
        {rows.map(({ text, probability }) => (
          <li key={text} className="grid grid-cols-[8rem_minmax(0,1fr)_4rem] items-center gap-2 text-sm">
            <code className="truncate">{shownToken(text)}</code>
            <span className="h-2.5 rounded-sm bg-muted">
              <span
                className="block h-full rounded-sm bg-[var(--chart-1)]"
                style={{ width: `${Math.max(0.5, 100 * probability)}%` }}
              />
            </span>
            <span className="text-right text-xs text-muted-foreground tabular-nums">{percent(probability)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In the place of what was asked for. */
export const Wrong = ({ error }: { error: unknown }) => (
  <div className="-my-8">
    <Trouble error={error} />
  </div>
);
