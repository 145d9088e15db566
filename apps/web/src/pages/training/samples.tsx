/** What the model says as it learns: the first and the newest side by side, then all, the newest first. */
import type { TrainingSample } from "@candor/server";

const MOST = 20;

type Said = TrainingSample["samples"];

export function Samples({ samples }: { samples: readonly TrainingSample[] }) {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return null;
  return (
    <>
      {last.step > first.step && <BeforeAndAfter first={first} last={last} />}
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
    </>
  );
}

/** Answers to the same prompts, which have the same draws. */
function BeforeAndAfter({ first, last }: { first: TrainingSample; last: TrainingSample }) {
  const after = new Map(last.samples.map(({ prompt, text }) => [prompt, text]));
  const both: Said = first.samples.filter(({ prompt }) => after.has(prompt));
  if (both.length === 0) return null;
  return (
    <section aria-labelledby="before-after" className="grid gap-3">
      <h2 id="before-after" className="font-semibold">
        Before and after
      </h2>
      <ul className="divide-y rounded-lg border bg-card">
        {both.map(({ prompt, text }) => (
          <li key={prompt} className="grid gap-2 p-3">
            <p className="text-sm break-words whitespace-pre-wrap text-muted-foreground">{prompt}</p>
            <dl className="grid gap-3 text-sm sm:grid-cols-2 sm:gap-6">
              <Answer label={`step ${first.step}`} text={text} />
              <Answer label={`step ${last.step}`} text={after.get(prompt) ?? ""} />
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

const Answer = ({ label, text }: { label: string; text: string }) => (
  <div className="grid content-start gap-1">
    <dt className="text-xs text-muted-foreground tabular-nums">{label}</dt>
    <dd className="break-words whitespace-pre-wrap">{text.trim()}</dd>
  </div>
);
