/** One thing to judge: what it was asked, what it did, and what came of that. Not whose it is. */
import type { QueueView } from "@candor/server";

type Shown = QueueView["items"][number]["sides"][number];

export function Side({ side, name }: { side: Shown; name?: string }) {
  const { goal, decision, completion, result, prompt } = side;
  return (
    <section className="grid content-start gap-4 rounded-lg border bg-card p-4" aria-label={name ?? "What it did"}>
      {name && <h2 className="font-semibold">{name}</h2>}
      {goal && <Part title="Told to">{goal}</Part>}
      {decision ? (
        <>
          <Part title="Thought">{decision.thought}</Part>
          <Part title="Did">
            <span className="font-medium">{decision.tool}</span>
            <dl className="mt-1 grid gap-x-3 gap-y-0.5 sm:grid-cols-[auto_1fr]">
              {Object.entries(decision.args).map(([key, value]) => (
                <div key={key} className="contents">
                  <dt className="text-muted-foreground">{key}</dt>
                  <dd className="min-w-0 break-words">{typeof value === "string" ? value : list(value)}</dd>
                </div>
              ))}
            </dl>
          </Part>
        </>
      ) : (
        <Part title="Answer">
          <span className="whitespace-pre-wrap">{completion}</span>
        </Part>
      )}
      {result && (
        <Part title={`Result${result.status === "ok" ? "" : ` (${result.status})`}`}>
          <span className="line-clamp-[12] whitespace-pre-wrap">{result.text}</span>
        </Part>
      )}
      {prompt.length > 0 && (
        <details className="text-sm">
          <summary className="text-muted-foreground">All it had before it</summary>
          <div className="mt-2 grid max-h-96 gap-3 overflow-y-auto">
            {prompt.map(({ role, content }) => (
              <p
                key={`${role} ${content.slice(0, 200)}`}
                className="whitespace-pre-wrap break-words text-muted-foreground"
              >
                {content}
              </p>
            ))}
          </div>
        </details>
      )}
    </section>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0 text-sm">
      <h3 className="text-xs text-muted-foreground">{title}</h3>
      <div className="break-words">{children}</div>
    </div>
  );
}

/** A value that is no text, in words. */
function list(value: unknown): string {
  if (Array.isArray(value)) return value.map(list).join("; ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([key, each]) => `${key}: ${list(each)}`)
      .join(", ");
  return String(value);
}
