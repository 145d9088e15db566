/** One click begins an audit of the bundled persona in the simulated town; everything else is a choice below. */
import type { StartRun } from "@candor/server";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type FormEvent, useState } from "react";
import { ApiError, api } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Input, Select, Textarea } from "../../ui/field.tsx";
import { toRequest } from "./start-request.ts";

export function StartForm({ first }: { first: boolean }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: (request: StartRun) => api.post<{ run: string }>("/api/runs", request),
    onSuccess: ({ run }) => {
      void client.invalidateQueries({ queryKey: ["runs"] });
      void navigate({ to: "/runs/$run", params: { run } });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!start.isPending) start.mutate(toRequest(new FormData(event.currentTarget)));
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <header className="grid gap-1.5">
        <h1 className="text-2xl font-semibold tracking-tight text-balance">What can be found out about you?</h1>
        <p className="max-w-2xl text-pretty text-muted-foreground">
          {first
            ? "Candor looks at the web as a stranger would, shows you each step, and tells you how to take down what it finds. Begin in the simulated town: nobody real is looked for."
            : "An agent looks at the web as a stranger would. You see each step, and stop it when you like."}
        </p>
      </header>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" size="lg" aria-disabled={start.isPending}>
          <Search /> Start an audit
        </Button>
        {start.error && <Refusal error={start.error} />}
      </div>
      <details
        className="rounded-lg border bg-card"
        // A field that is missing must be in view for the browser to point at it.
        onInvalidCapture={(event) => {
          event.currentTarget.open = true;
        }}
      >
        <summary className="px-4 py-2.5 text-sm text-muted-foreground">
          Choose the world, the mind, the budget and how far it goes by itself
        </summary>
        <Choices />
      </details>
    </form>
  );
}

function Refusal({ error }: { error: Error }) {
  return (
    <p role="alert" className="text-sm">
      <span className="text-bad">{error.message}.</span>{" "}
      {error instanceof ApiError && error.hint && <span className="text-muted-foreground">{error.hint}</span>}
    </p>
  );
}

/** What a mind needs, for those that need no more choices. */
const MINDS: Record<string, string> = {
  scout: "Plans by itself and needs no model.",
  small: "A model of a million numbers that runs here and learns from your thumbs.",
};

function Choices() {
  const [kind, setKind] = useState("audit");
  const [world, setWorld] = useState("town");
  const [mind, setMind] = useState("scout");
  return (
    <div className="grid gap-x-6 gap-y-4 border-t p-4 sm:grid-cols-2">
      <Field label="Work">
        {(id) => (
          <Select
            id={id}
            name="kind"
            value={kind}
            onChange={(event) => {
              setKind(event.target.value);
              // It knows audits only.
              if (mind === "small") setMind("scout");
            }}
          >
            <option value="audit">Audit: what the web shows about me</option>
            <option value="run">A goal of my own</option>
          </Select>
        )}
      </Field>
      <Field label="World" help={world === "web" ? "Only after candor me set and candor me prove." : undefined}>
        {(id) => (
          <Select id={id} name="world" value={world} onChange={(event) => setWorld(event.target.value)}>
            <option value="town">The simulated town</option>
            <option value="web">The web</option>
          </Select>
        )}
      </Field>
      {kind === "run" && (
        <div className="sm:col-span-2">
          <Field label="Goal" help="Runs about other people are refused.">
            {(id) => <Textarea id={id} name="goal" required minLength={3} maxLength={4_000} />}
          </Field>
        </div>
      )}
      {world === "town" && (
        <Field label="Town" help="Each number is another town.">
          {(id) => <Input id={id} name="seed" type="number" min={0} step={1} defaultValue={7} required />}
        </Field>
      )}
      <Field label="Mind" help={MINDS[mind]}>
        {(id) => (
          <Select id={id} name="mind" value={mind} onChange={(event) => setMind(event.target.value)}>
            <option value="scout">scout</option>
            {kind === "audit" && <option value="small">small</option>}
            <option value="llm">A language model</option>
          </Select>
        )}
      </Field>
      {mind === "llm" && (
        <>
          <Field label="Model" help="anthropic:NAME, ollama:NAME or openai-compatible:NAME">
            {(id) => (
              <Input
                id={id}
                name="model"
                required
                pattern="(anthropic|ollama|openai-compatible):.+"
                placeholder="ollama:qwen3"
              />
            )}
          </Field>
          <Field label="Address of the model's server">
            {(id) => <Input id={id} name="baseUrl" type="url" placeholder="http://127.0.0.1:11434/v1" />}
          </Field>
        </>
      )}
      <Field label="May do">
        {(id) => (
          <Select id={id} name="permissions" defaultValue="normal">
            <option value="normal">normal: reads, takes notes, messages you</option>
            <option value="careful">careful: asks before it messages or writes</option>
            <option value="watch">watch: asks before everything outside</option>
          </Select>
        )}
      </Field>
      <Field label="Goes by itself">
        {(id) => (
          <Select id={id} name="mode" defaultValue="continuous">
            <option value="continuous">Until it is done</option>
            <option value="few">A few steps, then waits</option>
            <option value="step">One step, then waits</option>
            <option value="propose">Not at all: asks before each step</option>
            <option value="earned">As far as its mind has earned</option>
          </Select>
        )}
      </Field>
      <fieldset className="grid grid-cols-2 gap-x-6 gap-y-4 sm:col-span-2 sm:grid-cols-4">
        <legend className="mb-1 text-sm font-medium">
          May spend <span className="font-normal text-muted-foreground">(empty: the usual)</span>
        </legend>
        <Limit name="steps" label="Steps" />
        <Limit name="pages" label="Pages" />
        <Limit name="minutes" label="Minutes" />
        <Limit name="usd" label="US dollars" step="0.01" />
      </fieldset>
    </div>
  );
}

const Limit = ({ name, label, step = "1" }: { name: string; label: string; step?: string }) => (
  <Field label={label}>
    {(id) => <Input id={id} name={name} type="number" min={step} step={step} inputMode="decimal" />}
  </Field>
);
