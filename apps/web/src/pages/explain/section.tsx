/** A part of the page under its own heading. */
import { type ReactNode, useId } from "react";

export function Section({ title, detail, children }: { title: string; detail?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <header>
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {detail && <p className="text-sm text-muted-foreground">{detail}</p>}
      </header>
      {children}
    </section>
  );
}
