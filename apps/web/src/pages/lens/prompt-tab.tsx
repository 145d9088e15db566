/** What a model makes of a prompt, as it is typed. */
import type { LensLook, LensReading, LensView } from "@candor/server";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { cn } from "../../ui/class-names.ts";
import { Field, Textarea } from "../../ui/field.tsx";
import { Loading } from "../parts.tsx";
import { AttentionPicture } from "./attention-picture.tsx";
import { SaveFinding } from "./findings.tsx";
import { Bars, percent, shownToken, tint, useSettled, Wrong } from "./parts.tsx";

interface Props {
  model: string;
  view: LensView;
  /** `LAYER.HEAD`. */
  head: string | undefined;
  look: Extract<LensLook, { tab: "prompt" }> | undefined;
}

export function PromptTab({ model, view, head: asked, look }: Props) {
  const [text, setText] = useState(look?.text ?? view.example);
  const [head, setHead] = useState(() => headOf(look ? `${look.layer}.${look.head}` : asked, view));
  const settled = useSettled(text);
  const [layer, n] = head;
  const reading = useQuery({
    queryKey: ["lens", model, "read", settled, layer, n],
    queryFn: () => api.post<LensReading>(`/api/lens/${model}/read`, { text: settled, layer, head: n }),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <Field label="Prompt" help="Everything below is read anew as you type.">
        {(id) => <Textarea id={id} rows={4} value={text} onChange={({ target }) => setText(target.value)} />}
      </Field>
      {reading.isError ? (
        <Wrong error={reading.error} />
      ) : !reading.data ? (
        <Loading what="Reading" />
      ) : (
        <div
          className={cn("grid grid-cols-[minmax(0,1fr)] gap-8", reading.isPlaceholderData && "opacity-60")}
          aria-busy={reading.isPlaceholderData}
        >
          <Tokens reading={reading.data} />
          <Bars label="What comes next" rows={reading.data.next} />
          <LogitLens reading={reading.data} />
          <Heads reading={reading.data} head={head} onHead={setHead} />
          <AttentionPicture reading={reading.data} head={head} />
          <SaveFinding
            key={`${settled} ${head.join()}`}
            model={model}
            look={{ tab: "prompt", text: settled, layer, head: n }}
          />
          <p className="text-xs text-muted-foreground tabular-nums">
            {reading.data.tokens.length} tokens, read in {Math.round(reading.data.milliseconds)} ms
          </p>
        </div>
      )}
    </div>
  );
}

function headOf(asked: string | undefined, { layers, shape }: LensView): [number, number] {
  const [layer = 0, head = 0] = (asked ?? "").split(".").map(Number);
  return layer < layers.length && head < shape.heads ? [layer, head] : [0, 0];
}

/** Each as strongly coloured as it spoke for what comes next, or for the runner-up. */
function Tokens({ reading: { tokens, attribution, next } }: { reading: LensReading }) {
  const most = Math.max(...attribution.map(Math.abs));
  const [first, second] = next;
  return (
    <section aria-labelledby="tokens" className="grid gap-2">
      <h3 id="tokens" className="text-sm font-medium">
        What speaks for <code>{shownToken(first?.text ?? "")}</code>
        {second && (
          <>
            {" "}
            over <code>{shownToken(second.text)}</code>
          </>
        )}
      </h3>
      <p className="text-sm leading-7 break-words">
        {tokens.map(({ text }, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
            key={at}
            className="rounded-sm px-0.5 py-0.5"
            style={{ background: tint(attribution[at] ?? 0, most) }}
            title={`${(attribution[at] ?? 0) >= 0 ? "+" : ""}${(attribution[at] ?? 0).toPrecision(2)}`}
          >
            {shownToken(text)}
            {"​"}
          </span>
        ))}
      </p>
      <p className="text-xs text-muted-foreground">
        Blue speaks for it, orange against: gradient times embedding, a first-order estimate.
      </p>
    </section>
  );
}

const MOST_COLUMNS = 24;

function LogitLens({ reading: { tokens, layers } }: { reading: LensReading }) {
  const from = Math.max(0, tokens.length - MOST_COLUMNS);
  const columns = tokens.slice(from);
  return (
    <section aria-labelledby="logit-lens" className="grid gap-2">
      <h3 id="logit-lens" className="text-sm font-medium">
        What each layer would say next
        {from > 0 && <span className="font-normal text-muted-foreground">, after the last {MOST_COLUMNS} tokens</span>}
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <section className="overflow-x-auto rounded-lg border" tabIndex={0} aria-label="Logit lens, scrolls sideways">
        <table className="text-xs">
          <thead>
            <tr className="border-b">
              <th scope="col" className="sticky left-0 bg-card px-2 py-1.5 text-left font-normal text-muted-foreground">
                after
              </th>
              {columns.map(({ text }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
                <th key={at} scope="col" className="px-2 py-1.5 text-left font-normal whitespace-nowrap">
                  <code>{shownToken(text)}</code>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {layers.toReversed().map((positions, up) => {
              const layer = layers.length - 1 - up;
              return (
                <tr key={layer}>
                  <th
                    scope="row"
                    className="sticky left-0 bg-card px-2 py-1 text-left font-normal whitespace-nowrap text-muted-foreground"
                  >
                    layer {layer}
                  </th>
                  {positions.slice(from).map((likely, at) => {
                    const [top] = likely;
                    return (
                      <td
                        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                        key={at}
                        className="px-2 py-1 whitespace-nowrap"
                        style={{ background: tint(top?.probability ?? 0, 1) }}
                        title={likely.map((each) => `${shownToken(each.text)} ${percent(each.probability)}`).join("\n")}
                      >
                        <code>{shownToken(top?.text ?? "")}</code>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface HeadsProps {
  reading: LensReading;
  head: readonly [number, number];
  onHead(head: [number, number]): void;
}

const SHOWN_HEADS = 12;

function Heads({ reading: { heads }, head, onHead }: HeadsProps) {
  const most = Math.max(...heads.map(({ attribution }) => Math.abs(attribution)));
  const shown = heads.toSorted((a, b) => Math.abs(b.attribution) - Math.abs(a.attribution)).slice(0, SHOWN_HEADS);
  return (
    <section aria-labelledby="heads" className="grid gap-2">
      <h3 id="heads" className="text-sm font-medium">
        Heads that mattered most
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
      <section className="overflow-x-auto rounded-lg border" tabIndex={0} aria-label="Heads, scrolls sideways">
        <table className="w-full text-sm tabular-nums">
          <thead>
            <tr className="border-b text-xs text-muted-foreground">
              {["Head", "Effect", "To the token before", "To the first", "To itself", "To the same earlier"].map(
                (name) => (
                  <th key={name} scope="col" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((each) => {
              const isChosen = each.layer === head[0] && each.head === head[1];
              return (
                <tr key={`${each.layer}.${each.head}`} className={cn(isChosen && "bg-muted")}>
                  <td className="px-3 py-1">
                    <button
                      type="button"
                      aria-pressed={isChosen}
                      onClick={() => onHead([each.layer, each.head])}
                      className="rounded-md border border-input bg-card px-2 py-0.5 text-xs hover:bg-muted"
                    >
                      {each.layer}.{each.head}
                    </button>
                  </td>
                  <td className="px-3 py-1" style={{ background: tint(each.attribution, most) }}>
                    {each.attribution >= 0 ? "+" : "−"}
                    {Math.abs(each.attribution).toPrecision(2)}
                  </td>
                  {[each.previous, each.first, each.own, each.same].map((share, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                    <td key={at} className="px-3 py-1">
                      {percent(share)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}
