/** Why the small mind took a step: what it might have done, the words that made the difference, and what would have changed it. */
import type { StepWhy } from "@candor/server";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api } from "../../api/client.ts";
import { about, verb } from "../../trace/action.ts";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { percent, tint } from "../lens/parts.tsx";
import { Empty, Loading, Trouble } from "../parts.tsx";

type Option = StepWhy["chosen"];
type Word = StepWhy["parts"][number]["words"][number] & { option?: Option | undefined };

export function Why({ run, step }: { run: string; step: number | undefined }) {
  const why = useQuery({
    queryKey: ["why", run, step],
    queryFn: () => api.get<StepWhy>(`/api/runs/${run}/steps/${step}/why`),
    enabled: step !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (step === undefined) return <Empty title="No step yet" text="Choose a step to see what led to it." />;
  if (why.isError) return <Trouble error={why.error} />;
  if (!why.data) return <Loading what="Asking the model again" />;
  return <Told why={why.data} />;
}

function Told({ why }: { why: StepWhy }) {
  const { step, thought, chosen, others, of, isLikeliest, parting } = why;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 p-4">
      <header className="grid gap-1">
        <p className="text-xs text-muted-foreground">Why step {step}</p>
        <h2 className="font-semibold break-words">{thought}</h2>
        {!isLikeliest && (
          <p className="text-sm text-warn">
            Its likeliest words lead elsewhere: this step was drawn, or chosen by judgments.
          </p>
        )}
      </header>
      <Section title={`Of ${of} things it could do`}>
        <ul className="grid gap-1.5">
          {[chosen, ...others.filter(({ chance }) => chance >= 0.0005)].map((option, n) => (
            <li key={option.call} className="grid gap-0.5 text-sm">
              <span className="flex items-baseline gap-2">
                <span className={cn("min-w-0 truncate", n === 0 && "font-medium")}>{named(option)}</span>
                <span className="ml-auto shrink-0 text-xs text-muted-foreground tabular-nums">
                  {percent(option.chance)}
                </span>
              </span>
              <span className="h-1.5 rounded-sm bg-muted" aria-hidden>
                <span
                  className="block h-full rounded-sm bg-[var(--chart-1)]"
                  style={{ width: `${Math.max(0.5, 100 * option.chance)}%` }}
                />
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {parting && (
        <>
          <Section title="Where they part">
            <p className="text-sm leading-relaxed">
              {parting.written.length > 0 ? "After " : "It begins with "}
              {parting.written.length > 0 && (
                <>
                  <Code>{parting.written.join(" ")}</Code> it says{" "}
                </>
              )}
              <Code>{parting.chosen}</Code> ({parting.chosenMeans}) rather than <Code>{parting.rival}</Code> (
              {parting.rivalMeans}): by {parting.margin.toFixed(2)} logits. Did every word of its view say nothing in
              particular, it would be {parting.before.toFixed(2)}.
            </p>
          </Section>
          <Change why={why} />
          <Words why={why} />
          <Parts why={why} />
        </>
      )}
    </div>
  );
}

function Change({ why: { change, isLikeliest } }: { why: StepWhy }) {
  return (
    <Section title="The smallest change that leads elsewhere">
      {!change ? (
        <p className="text-sm text-muted-foreground">
          {isLikeliest
            ? "None of those that were tried, of one to three words: it is sure of this step."
            : "It leads elsewhere already."}
        </p>
      ) : (
        <div className="grid gap-2 rounded-md border bg-background px-3 py-2.5 text-sm">
          {change.words.map(({ from, fromMeans, to, toMeans, option }) => (
            <div key={`${from} ${to} ${option?.call}`} className="grid gap-0.5">
              {option && <p className="truncate text-muted-foreground">{named(option)}</p>}
              <p>
                <Code>{from}</Code> <span className="text-muted-foreground">{fromMeans}</span>
              </p>
              <p>
                <span className="text-muted-foreground">were it</span> <Code>{to}</Code>{" "}
                <span className="text-muted-foreground">{toMeans}</span>
              </p>
            </div>
          ))}
          <p className="font-medium break-words">Then it would: {named(change.to)}</p>
        </div>
      )}
    </Section>
  );
}

/** Words that are told first. */
const FIRST = 8;

function Words({ why: { parts } }: { why: StepWhy }) {
  const [whole, setWhole] = useState(false);
  const words = parts.flatMap(({ words, option }) => words.map((word): Word => ({ ...word, option })));
  const order = words.toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  const most = Math.abs(order[0]?.effect ?? 0);
  return (
    <Section title="Words of its view that made the difference">
      <ul className="grid gap-2">
        {order.slice(0, FIRST).map(({ word, means, effect, option }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same word may stand in several places
          <li key={n} className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-2 text-sm">
            <Effect effect={effect} />
            <span className="grid min-w-0">
              <span>{means}</span>
              <span className="truncate text-xs text-muted-foreground">
                <code>{word}</code>
                {option && <> · {named(option)}</>}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {whole ? (
        <div className="grid gap-1.5 rounded-md border bg-background px-3 py-2.5 text-xs leading-6">
          {parts.map(({ words, option }) => (
            <p key={words.map(({ word }) => word).join(" ")} className="break-words">
              {words.map(({ word, means, effect }, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
                <span key={n}>
                  <span
                    className="rounded-sm px-0.5"
                    style={{ background: tint(effect, most) }}
                    title={`${means}: ${signed(effect)}`}
                  >
                    {word}
                  </span>{" "}
                </span>
              ))}
              {option && <span className="text-muted-foreground">· {named(option)}</span>}
            </p>
          ))}
        </div>
      ) : (
        <Button size="sm" className="justify-self-start" onClick={() => setWhole(true)}>
          Show all {words.length} words
        </Button>
      )}
      <p className="text-xs text-muted-foreground">
        In logits, by being this word and none of the others that could stand there: integrated gradients. What is above
        0 spoke for the step.
      </p>
    </Section>
  );
}

function Parts({ why: { heads, neurons } }: { why: StepWhy }) {
  return (
    <Section title="Parts of the model">
      <ul className="grid gap-1">
        {heads.slice(0, 6).map(({ part, effect }) => {
          const [layer, which] = part.split(".");
          return (
            <li key={part} className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-2 text-sm">
              <Effect effect={effect} />
              {which === "mlp" ? `MLP of layer ${layer}` : `Head ${part}`}
            </li>
          );
        })}
        {neurons.slice(0, 4).map(({ layer, neuron, effect, raises }) => (
          <li key={`${layer}.${neuron}`} className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-2 text-sm">
            <Effect effect={effect} />
            <span className="min-w-0">
              Neuron {layer}.{neuron}
              <span className="text-muted-foreground">, which makes likelier </span>
              <span className="text-xs break-words">{raises.slice(0, 3).join(", ")}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="text-xs text-muted-foreground">
        What the lead over the runner-up loses when a head or an MLP says the same everywhere; of neurons an estimate.
      </p>
    </Section>
  );
}

const named = ({ tool, args }: Option): string =>
  tool === "finish" ? verb(tool) : `${verb(tool)} ${about(args)}`.trim();
const signed = (effect: number): string => `${effect < 0 ? "−" : "+"}${Math.abs(effect).toFixed(2)}`;

const Effect = ({ effect }: { effect: number }) => (
  <span className={cn("text-right tabular-nums", effect < 0 ? "text-bad" : "text-good")}>{signed(effect)}</span>
);
const Code = ({ children }: { children: ReactNode }) => (
  <code className="rounded-sm bg-muted px-1 py-0.5 text-xs">{children}</code>
);
const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
    <h3 className="text-sm font-medium">{title}</h3>
    {children}
  </section>
);
