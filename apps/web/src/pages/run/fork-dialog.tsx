/** Replays a run up to a step into a new one, which goes on another way. */
import type { Fork } from "@candor/server";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { api } from "../../api/client.ts";
import type { Trace } from "../../trace/trace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Input, Select } from "../../ui/field.tsx";

interface Props {
  trace: Trace;
  step: number;
  onClose(): void;
  onForked(run: string): void;
}

export function ForkDialog({ trace, step, onClose, onForked }: Props) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: (fork: Fork) => api.post<{ run: string }>(`/api/runs/${trace.run}/fork`, fork),
    onSuccess: ({ run }) => onForked(run),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const permissions = String(form.get("permissions"));
    mutate({
      step: Number(form.get("step")),
      budget: { steps: Number(form.get("steps")) },
      ...(form.get("mind") === "scout" && { mind: { kind: "scout" } }),
      ...(permissions !== "same" && { permissions }),
    });
  };
  const steps = trace.started?.budget.steps ?? trace.steps;
  const isScout = trace.started?.mind.kind === "scout";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Fork from here"
      description="A new run repeats this one up to the step, without doing anything twice, and goes on from there."
    >
      <form onSubmit={submit} className="grid gap-4">
        <div className="grid grid-cols-2 gap-4">
          <Field label="After step">
            {(id) => <Input id={id} name="step" type="number" min={0} max={trace.steps} defaultValue={step} required />}
          </Field>
          <Field label="Steps it may take">
            {(id) => <Input id={id} name="steps" type="number" min={1} defaultValue={steps} required />}
          </Field>
        </div>
        {!isScout && (
          <Field label="Mind">
            {(id) => (
              <Select id={id} name="mind" defaultValue="same">
                <option value="same">The same</option>
                <option value="scout">scout</option>
              </Select>
            )}
          </Field>
        )}
        <Field label="Permissions">
          {(id) => (
            <Select id={id} name="permissions" defaultValue="same">
              <option value="same">The same</option>
              <option value="normal">normal</option>
              <option value="careful">careful: asks more</option>
              <option value="watch">watch: asks before everything outside</option>
            </Select>
          )}
        </Field>
        {error && (
          <p role="alert" className="text-sm text-bad">
            {error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" aria-disabled={isPending}>
            Fork
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
