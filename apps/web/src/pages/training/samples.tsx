/** What the model would say as it learns, the newest first. */
import type { TrainingSample } from "@candor/server";

const MOST = 20;

export function Samples({ samples }: { samples: readonly TrainingSample[] }) {
  if (samples.length === 0) return null;
  return (
    <section aria-labelledby="samples" className="grid gap-3">
      <h2 id="samples" className="font-semibold">
        Samples as it learns
      </h2>
      <ul className="divide-y rounded-lg border bg-card">
        {samples
          .toReversed()
          .slice(0, MOST)
          .map(({ step, samples: texts }) => (
            <li key={step} className="grid gap-2 p-3">
              <p className="text-xs text-muted-foreground tabular-nums">step {step}</p>
              {texts.map(({ prompt, text }) => (
                <p key={`${prompt}\n${text}`} className="text-sm break-words whitespace-pre-wrap">
                  <span className="text-muted-foreground">{prompt}</span>
                  {text}
                </p>
              ))}
            </li>
          ))}
      </ul>
    </section>
  );
}
