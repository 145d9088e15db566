/** A model as a picture: what goes in at the bottom goes up through its layers, each part with how many numbers it has. */
import type { LensView } from "@candor/server";
import type { ReactNode } from "react";

const number = (count: number): string =>
  count >= 1e9
    ? `${(count / 1e9).toPrecision(3)} G`
    : count >= 1e6
      ? `${(count / 1e6).toPrecision(3)} M`
      : count >= 1e3
        ? `${(count / 1e3).toPrecision(3)} k`
        : String(count);

export function ModelTab({ view, onHead }: { view: LensView; onHead(layer: number, head: number): void }) {
  const { shape, layers } = view;
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_16rem]">
      <section aria-labelledby="architecture" className="grid content-start gap-2">
        <h2 id="architecture" className="font-semibold">
          From tokens, at the bottom, to what comes next
        </h2>
        <Part
          name={view.unembedding === 0 ? "Unembedding: the embedding again" : "Unembedding"}
          count={view.unembedding}
        />
        {layers.toReversed().map(({ layer, attention, mlp, norms }) => (
          <article key={layer} aria-label={`Layer ${layer}`} className="grid gap-2 rounded-lg border bg-card p-3">
            <header className="flex justify-between text-xs text-muted-foreground">
              <span>Layer {layer}</span>
              <span className="tabular-nums">{number(attention + mlp + norms)}</span>
            </header>
            {mlp > 0 && <Part name={`MLP, ${shape.mlpWidth} neurons, ${shape.activation}`} count={mlp} />}
            <div className="grid gap-2 rounded-md border bg-background p-2">
              <div className="flex justify-between text-sm">
                <span>Attention</span>
                <span className="text-xs text-muted-foreground tabular-nums">{number(attention)}</span>
              </div>
              <ul className="flex flex-wrap gap-1.5">
                {Array.from({ length: shape.heads }, (_, head) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a head is its number
                  <li key={head}>
                    <button
                      type="button"
                      className="rounded-md border border-input bg-card px-2.5 py-1 text-xs tabular-nums hover:bg-muted"
                      onClick={() => onHead(layer, head)}
                      aria-label={`Head ${layer}.${head}: see where it looks`}
                    >
                      {layer}.{head}
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          </article>
        ))}
        {view.positions > 0 && <Part name="Positions, learned" count={view.positions} />}
        <Part name={`Embedding, ${shape.vocab} tokens`} count={view.embedding} />
      </section>
      <dl className="grid content-start gap-3 text-sm">
        <Fact name="Numbers in all">{number(view.parameters)}</Fact>
        <Fact name="Width of the stream">{shape.width}</Fact>
        <Fact name="Heads">
          {shape.heads} of {shape.headDim}
          {shape.kvHeads === shape.heads ? "" : `, keys and values shared by ${shape.heads / shape.kvHeads}`}
        </Fact>
        <Fact name="Reads at most">{shape.context} tokens</Fact>
        <Fact name="Positions">{shape.positions}</Fact>
        <Fact name="Norm">{shape.norm}</Fact>
        <Fact name="Hash of shape and numbers">
          <code className="text-xs break-all">{view.hash.slice(0, 16)}</code>
        </Fact>
      </dl>
    </div>
  );
}

const Part = ({ name, count }: { name: string; count: number }) => (
  <div className="flex items-baseline justify-between gap-2 rounded-md border bg-background px-3 py-2 text-sm">
    <span>{name}</span>
    {count > 0 && <span className="text-xs text-muted-foreground tabular-nums">{number(count)}</span>}
  </div>
);

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt className="text-xs text-muted-foreground">{name}</dt>
    <dd className="tabular-nums">{children}</dd>
  </div>
);
