/** What every page is made of: its heading, and what stands in its place when there is nothing, not yet, or trouble. */
import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";

/** The page's one h1, a line about it, and at its right what belongs to the whole page. */
export function Heading({ title, detail, children }: { title: string; detail?: ReactNode; children?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
      <div className="grid max-w-3xl gap-1">
        <h1 className="text-xl font-semibold tracking-tight text-balance">{title}</h1>
        {detail && <p className="text-sm text-muted-foreground">{detail}</p>}
      </div>
      {children}
    </header>
  );
}

export function Empty({ title, text, children }: { title: string; text: ReactNode; children?: ReactNode }) {
  return (
    <div className="mx-auto grid w-full max-w-md justify-items-center gap-2 px-4 py-16 text-center">
      <h2 className="font-semibold">{title}</h2>
      <p className="text-sm text-muted-foreground">{text}</p>
      {children}
    </div>
  );
}

export function Loading({ what = "Loading" }: { what?: string }) {
  return (
    <p role="status" className="px-4 py-16 text-center text-sm text-muted-foreground">
      {what} …
    </p>
  );
}

export function Trouble({ error, children }: { error: unknown; children?: ReactNode }) {
  const hint = error instanceof ApiError ? error.hint : "";
  return (
    <div role="alert" className="mx-auto grid w-full max-w-md justify-items-center gap-2 px-4 py-16 text-center">
      <h2 className="font-semibold">This did not work</h2>
      <p className="text-sm">{error instanceof Error ? error.message : String(error)}</p>
      {hint && <p className="text-sm text-muted-foreground">{hint}</p>}
      {children}
    </div>
  );
}
