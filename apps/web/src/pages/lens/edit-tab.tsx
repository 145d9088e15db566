/** An edit of the model's numbers, tried on a copy: what it changes, and what it leaves. */
import type { LensEdit, LensLook, LensView } from "@candor/server";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Input, Select, Textarea } from "../../ui/field.tsx";
import { Loading } from "../parts.tsx";
import { SaveFinding } from "./findings.tsx";
import { Bars, percent, Wrong } from "./parts.tsx";

const KINDS = {
  "rank-one": "Make another token come next (rank one)",
  heads: "Scale heads, or take them out",
  neurons: "Scale neurons, or take them out",
  direction: "Take a direction out",
} as const;
type Kind = keyof typeof KINDS;

interface Form {
  kind: Kind;
  prompt: string;
  target: string;
  layer: string;
  subject: string;
  parts: string;
  scale: string;
  from: string;
  to: string;
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");

type Look = Extract<LensLook, { tab: "edit" }>;

/** What the form held when it was kept. */
function formOf({ edit, prompt, target }: Look): Form {
  const empty = { layer: "0", subject: "", parts: "", scale: "0", from: "", to: "" };
  const { kind } = edit;
  const own = ((): Partial<Form> => {
    switch (edit.kind) {
      case "rank-one":
        return { layer: String(edit.layer), subject: edit.subject };
      case "heads":
        return { parts: edit.heads.map((head) => head.join(".")).join(" "), scale: String(edit.scale) };
      case "neurons":
        return { layer: String(edit.layer), parts: edit.neurons.join(" "), scale: String(edit.scale) };
      case "direction":
        return { layer: String(edit.layer), from: edit.from.join("\n"), to: edit.to.join("\n") };
    }
  })();
  return { ...empty, ...own, kind, prompt, target };
}

function requestOf({ kind, prompt, target, layer, subject, parts, scale, from, to }: Form) {
  const names = parts.split(/[\s,]+/).filter(Boolean);
  const edit = {
    "rank-one": { kind, layer: Number(layer), subject },
    heads: { kind, heads: names.map((name) => name.split(".").map(Number)), scale: Number(scale) },
    neurons: { kind, layer: Number(layer), neurons: names.map(Number), scale: Number(scale) },
    direction: { kind, layer: Number(layer), from: lines(from), to: lines(to) },
  }[kind];
  return { edit, prompt, target };
}

interface Props {
  model: string;
  view: LensView;
  look: Look | undefined;
}

export function EditTab({ model, view, look }: Props) {
  const [form, setForm] = useState<Form>(() =>
    look
      ? formOf(look)
      : {
          ...{ kind: "rank-one", prompt: view.example, target: "", layer: "0" },
          ...{ subject: "", parts: "", scale: "0", from: "", to: "" },
        },
  );
  const edit = useMutation({
    mutationFn: (asked: Form) => api.post<LensEdit>(`/api/lens/${model}/edit`, requestOf(asked)),
  });
  const { mutate } = edit;
  // What was kept is tried again by itself, once.
  const begun = useRef(false);
  useEffect(() => {
    if (!look || begun.current) return;
    begun.current = true;
    mutate(formOf(look));
  }, [look, mutate]);
  const set = (part: keyof Form) => (event: { target: { value: string } }) =>
    setForm((before) => ({ ...before, [part]: event.target.value }));
  const input = (part: keyof Form, label: string, help?: string): ReactNode => (
    <Field label={label} help={help}>
      {(id) => <Input id={id} value={form[part]} onChange={set(part)} required />}
    </Field>
  );
  const layer = (
    <Field label="Layer">
      {(id) => (
        <Select id={id} value={form.layer} onChange={set("layer")}>
          {view.layers.map((each) => (
            <option key={each.layer}>{each.layer}</option>
          ))}
        </Select>
      )}
    </Field>
  );
  const scale = input("scale", "Times", "0 takes it out, 2 doubles it.");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          edit.mutate(form);
        }}
      >
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="Edit">
            {(id) => (
              <Select id={id} value={form.kind} onChange={set("kind")}>
                {Object.entries(KINDS).map(([kind, name]) => (
                  <option key={kind} value={kind}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {form.kind !== "heads" && layer}
          {form.kind === "rank-one" &&
            input("subject", "What it is about", "Words of the prompt, whose end the edit hangs on.")}
          {form.kind === "heads" && input("parts", "Heads", "0.1 is head 1 of layer 0; several with spaces between.")}
          {form.kind === "neurons" && input("parts", "Neurons", "Their numbers, with spaces between.")}
          {(form.kind === "heads" || form.kind === "neurons") && scale}
          {form.kind === "direction" && (
            <>
              <Field label="Texts without it" help="One a line.">
                {(id) => <Textarea id={id} rows={3} value={form.from} onChange={set("from")} required />}
              </Field>
              <Field label="Texts with it" help="One a line.">
                {(id) => <Textarea id={id} rows={3} value={form.to} onChange={set("to")} required />}
              </Field>
            </>
          )}
        </div>
        <Field label="Prompt">
          {(id) => <Textarea id={id} rows={3} value={form.prompt} onChange={set("prompt")} required />}
        </Field>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          {input(
            "target",
            form.kind === "rank-one" ? "What is to come next" : "What may come next",
            "One token, its space included.",
          )}
        </div>
        <Button type="submit" variant="primary" disabled={edit.isPending} className="justify-self-start">
          Try it on a copy
        </Button>
      </form>
      {edit.isPending && <Loading what="Editing, and asking both models" />}
      {edit.isError && <Wrong error={edit.error} />}
      {edit.data && !edit.isPending && (
        <>
          <Report report={edit.data} />
          <SaveFinding
            key={edit.submittedAt}
            model={model}
            look={{ tab: "edit", ...requestOf(edit.variables) } as LensLook}
          />
        </>
      )}
    </div>
  );
}

function Report({ report: { title, target, next, neighbourhood, heldOut, texts } }: { report: LensEdit }) {
  return (
    <section aria-labelledby="edited" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h2 id="edited" className="font-semibold first-letter:uppercase">
        {title}
      </h2>
      <dl className="grid gap-4 text-sm tabular-nums sm:grid-cols-3">
        <Figure name="The token" help="its probability after the prompt">
          {percent(target.before.probability)} → {percent(target.after.probability)}
        </Figure>
        <Figure name="Other texts" help={`${texts} that it is not about: the same token comes next`}>
          {percent(neighbourhood.same)}
        </Figure>
        <Figure name="Loss on them" help="nats a token">
          {heldOut.before.toFixed(3)} → {heldOut.after.toFixed(3)}
        </Figure>
      </dl>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 sm:grid-cols-[repeat(2,minmax(0,1fr))]">
        <Bars label="Before" rows={next.before} />
        <Bars label="After" rows={next.after} />
      </div>
      <p className="text-xs text-muted-foreground">The model on your disk is as it was.</p>
    </section>
  );
}

const Figure = ({ name, help, children }: { name: string; help: string; children: ReactNode }) => (
  <div className="rounded-lg border bg-card p-3">
    <dt className="text-xs text-muted-foreground">{name}</dt>
    <dd className="text-base">{children}</dd>
    <dd className="text-xs text-muted-foreground">{help}</dd>
  </div>
);
