/** Writes permissions, or starts from a preset, and shows what they would have done on a past run. */
import type { Simulation } from "@candor/server";
import { useState } from "react";
import { useRuns } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Select, Textarea } from "../../ui/field.tsx";
import { plural } from "../../ui/words.ts";
import { Loading, Trouble } from "../parts.tsx";
import { usePresets, useSimulation } from "./queries.ts";

export function Simulator() {
  const presets = usePresets();
  const runs = useRuns();
  const [chosen, setChosen] = useState("careful");
  const [edited, setEdited] = useState<string>();
  const [run, setRun] = useState("");
  const simulate = useSimulation();
  if (presets.isPending || runs.isPending) return <Loading />;
  if (presets.isError) return <Trouble error={presets.error} />;
  const text = edited ?? presets.data.find(({ name }) => name === chosen)?.text ?? "";
  const rows = runs.data ?? [];
  const target = run || rows[0]?.run || "";
  return (
    <div className="grid gap-6">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          simulate.mutate({ run: target, text });
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Begin with">
            {(id) => (
              <Select
                id={id}
                value={chosen}
                onChange={(event) => {
                  setChosen(event.target.value);
                  setEdited(undefined);
                }}
              >
                {presets.data.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Run">
            {(id) => (
              <Select id={id} value={target} onChange={(event) => setRun(event.target.value)}>
                {rows.map(({ run: id, goal, startedAt }) => (
                  <option key={id} value={id}>
                    {`${new Date(startedAt).toLocaleString()}: ${goal.slice(0, 60)}`}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Field
          label="Permissions"
          help="YAML or JSON. Save what you like to a file and give it to candor run --permissions."
        >
          {(id) => (
            <Textarea
              id={id}
              value={text}
              spellCheck={false}
              rows={12}
              className="font-mono text-[0.8125rem]"
              onChange={(event) => setEdited(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" className="justify-self-start" disabled={!target || simulate.isPending}>
          Show what they would have done
        </Button>
        {rows.length === 0 && <p className="text-sm text-muted-foreground">There is no run to try them on yet.</p>}
      </form>
      {simulate.data?.problems && (
        <ul role="alert" className="grid gap-2 rounded-lg border border-bad p-3 text-sm">
          {simulate.data.problems.map(({ line, column, message, hint }) => (
            <li key={`${line} ${column} ${message}`}>
              <span className="font-medium">
                Line {line}, column {column}:
              </span>{" "}
              {message} <span className="text-muted-foreground">{hint}</span>
            </li>
          ))}
        </ul>
      )}
      {simulate.data?.simulation && <Outcome simulation={simulate.data.simulation} />}
    </div>
  );
}

const WORDS = { allow: "allowed", ask: "asked", deny: "denied" } as const;
const TONE = { allow: "text-good", ask: "text-warn", deny: "text-bad" } as const;
/** Steps drawn; candor permissions test prints all. */
const MOST = 300;

function Outcome({ simulation: { steps, totals, divergesAt, was, would } }: { simulation: Simulation }) {
  const [all, setAll] = useState(false);
  const shown = steps.filter(({ changed }) => all || changed);
  return (
    <div className="grid gap-4" aria-live="polite">
      <p>
        Of {plural(totals.steps, "step")}, {totals.changed} would have gone otherwise.
        {divergesAt !== undefined &&
          ` After step ${divergesAt} the run would have taken another way, so the rest is a guess.`}
      </p>
      <table className="w-full max-w-xl text-sm">
        <thead className="text-left text-muted-foreground">
          <tr>
            <th className="py-1 font-normal">Permissions</th>
            {Object.values(WORDS).map((word) => (
              <th key={word} className="py-1 pl-4 text-right font-normal">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y border-y tabular-nums">
          {(
            [
              [`as it was: ${was}`, totals.was],
              [`these: ${would}`, totals.would],
            ] as const
          ).map(([name, counts]) => (
            <tr key={name}>
              <td className="py-1.5">{name}</td>
              <td className="py-1.5 pl-4 text-right">{counts.allow}</td>
              <td className="py-1.5 pl-4 text-right">{counts.ask}</td>
              <td className="py-1.5 pl-4 text-right">{counts.deny}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={all}
          onChange={(event) => setAll(event.target.checked)}
          className="size-4 accent-primary"
        />
        Show the steps that stay the same too
      </label>
      {shown.length > 0 && (
        <ol className="divide-y rounded-lg border bg-card text-sm">
          {shown.slice(0, MOST).map(({ step, decision, was: before, would: after, rule, hypothetical }) => (
            <li
              key={step}
              className={`grid gap-1 p-3 sm:grid-cols-[3rem_1fr_10rem] sm:gap-4 ${hypothetical ? "opacity-70" : ""}`}
            >
              <span className="text-muted-foreground tabular-nums">{step}</span>
              <div className="min-w-0">
                <p className="break-all">
                  {decision.tool} {String(Object.values(decision.args)[0] ?? "").slice(0, 160)}
                </p>
                <p className="break-words text-muted-foreground">
                  {after.reason} {rule ? `(${rule.text})` : ""}
                </p>
              </div>
              <p className="sm:text-right">
                <span className="text-muted-foreground">{WORDS[before.outcome]} → </span>
                <span className={TONE[after.outcome]}>{WORDS[after.outcome]}</span>
                {hypothetical && <span className="block text-xs text-muted-foreground">if it had come to that</span>}
              </p>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
