/** Which edges carry what tells two prompts apart, and what the model says through some of them. */
import type { LensCircuit, LensCut, LensLook, LensView } from "@candor/server";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Input, Textarea } from "../../ui/field.tsx";
import { Loading } from "../parts.tsx";
import { CircuitPicture } from "./circuit-picture.tsx";
import { SaveFinding } from "./findings.tsx";
import { useSettled, Wrong } from "./parts.tsx";
import { SavePicture } from "./save-picture.tsx";

interface Pair {
  clean: string;
  corrupted: string;
  right: string;
  wrong: string;
}

type Look = Extract<LensLook, { tab: "circuit" }>;

interface Props {
  model: string;
  view: LensView;
  look: Look | undefined;
}

export function CircuitTab({ model, view, look }: Props) {
  const [pair, setPair] = useState<Pair>(() =>
    look
      ? { clean: look.clean, corrupted: look.corrupted, right: look.right, wrong: look.wrong }
      : { clean: view.example, corrupted: "", right: "", wrong: "" },
  );
  const find = useMutation({
    mutationFn: (asked: Pair) => api.post<LensCircuit>(`/api/lens/${model}/circuit`, asked),
  });
  const { mutate } = find;
  // What was kept is found again by itself, once.
  const begun = useRef(false);
  useEffect(() => {
    if (!look || begun.current) return;
    begun.current = true;
    const { clean, corrupted, right, wrong } = look;
    mutate({ clean, corrupted, right, wrong });
  }, [look, mutate]);
  const set = (part: keyof Pair) => (event: { target: { value: string } }) =>
    setPair((before) => ({ ...before, [part]: event.target.value }));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          find.mutate(pair);
        }}
      >
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="Prompt">
            {(id) => <Textarea id={id} rows={4} value={pair.clean} onChange={set("clean")} required />}
          </Field>
          <Field label="The same with something swapped" help="As many tokens.">
            {(id) => <Textarea id={id} rows={4} value={pair.corrupted} onChange={set("corrupted")} required />}
          </Field>
          <Field label="What comes next" help="One token, its space included.">
            {(id) => <Input id={id} value={pair.right} onChange={set("right")} required />}
          </Field>
          <Field label="What comes next after the other">
            {(id) => <Input id={id} value={pair.wrong} onChange={set("wrong")} required />}
          </Field>
        </div>
        <Button type="submit" variant="primary" disabled={find.isPending} className="justify-self-start">
          Find the circuit
        </Button>
      </form>
      {find.isPending && <Loading what="Following the edges" />}
      {find.isError && <Wrong error={find.error} />}
      {find.data && !find.isPending && (
        <Found
          key={find.submittedAt}
          model={model}
          pair={find.variables}
          circuit={find.data}
          layers={view.layers.length}
          look={look}
        />
      )}
    </div>
  );
}

interface FoundProps {
  model: string;
  pair: Pair;
  circuit: LensCircuit;
  layers: number;
  look: Look | undefined;
}

function Found({ model, pair, circuit, layers, look }: FoundProps) {
  const picture = useRef<HTMLDivElement>(null);
  const sizes = circuit.edges.map(({ effect }) => Math.abs(effect)).filter((size) => size > 0);
  const [largest = 1, least = 1e-6] = [sizes[0], sizes.at(-1)];
  // The slider goes over sizes by their logarithms; it begins where a fifth of the edges is kept.
  const begin = sizes[Math.min(sizes.length - 1, Math.ceil(circuit.count / 5))] ?? least;
  const [power, setPower] = useState(Math.log10(look && look.threshold > 0 ? look.threshold : begin));
  const [without, setWithout] = useState<readonly string[]>(look?.without ?? []);
  const settled = useSettled(power, 150);
  const cut = useQuery({
    queryKey: ["lens", model, "cut", pair, settled, without],
    queryFn: () => api.post<LensCut>(`/api/lens/${model}/circuit/cut`, { ...pair, threshold: 10 ** settled, without }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const toggle = (part: string): void =>
    setWithout((before) => (before.includes(part) ? before.filter((each) => each !== part) : [...before, part]));
  return (
    <section aria-labelledby="circuit" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="circuit" className="font-semibold">
        Circuit
      </h2>
      <p className="text-sm text-muted-foreground">
        The model holds <code>{pair.right.trim()}</code> over <code>{pair.wrong.trim()}</code> by{" "}
        <span className="tabular-nums">{circuit.whole.toFixed(2)}</span> logits, and with everything taken from the
        other prompt by <span className="tabular-nums">{circuit.none.toFixed(2)}</span>. {circuit.count} edges, by what
        each carries of that.
      </p>
      <Field label={`Edges of an effect of at least ${(10 ** power).toPrecision(2)}`}>
        {(id) => (
          <input
            id={id}
            type="range"
            min={Math.log10(least)}
            max={Math.log10(largest)}
            step="any"
            value={power}
            onChange={({ target }) => setPower(Number(target.value))}
            className="w-full accent-[var(--primary)]"
          />
        )}
      </Field>
      {cut.isError ? (
        <Wrong error={cut.error} />
      ) : !cut.data ? (
        <Loading what="Cutting" />
      ) : (
        <>
          <p className="text-sm tabular-nums" aria-live="polite">
            {cut.data.kept.length} of {circuit.count} edges say {Math.round(100 * cut.data.faithfulness)} % of what the
            whole model says
            {without.length > 0 && `, without ${without.map(named).join(", ")}`}.
          </p>
          <div ref={picture}>
            <CircuitPicture edges={cut.data.kept} layers={layers} without={without} onPart={toggle} />
          </div>
          <p className="text-xs text-muted-foreground">
            Lines are as wide as their effect; blue speaks for the first token, orange against. Press a part to cut it
            off, and again to put it back.
          </p>
          <SavePicture of={picture} name="circuit" />
          <SaveFinding
            key={`${settled} ${without.join()}`}
            model={model}
            look={{ tab: "circuit", ...pair, threshold: 10 ** settled, without: [...without] }}
          />
        </>
      )}
    </section>
  );
}

const named = (part: string): string =>
  part.startsWith("m") ? `the MLP of layer ${part.slice(1)}` : `head ${part.slice(1)}`;
