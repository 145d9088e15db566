/** Named values as a list, for people: no braces, no quotes. */
import { inWords } from "./action.ts";

export function Values({ values }: { values: Record<string, unknown> }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <dl className="grid grid-cols-[minmax(4rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 rounded-md bg-muted px-3 py-2 text-sm">
      {entries.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted-foreground">{name}</dt>
          <dd
            className="sm:max-h-72 sm:overflow-y-auto break-words whitespace-pre-wrap"
            tabIndex={longText(value) ? 0 : undefined}
          >
            {inWords(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Scrolled by keyboard, since it may be longer than its box. */
const longText = (value: unknown): boolean => inWords(value).length > 300;
