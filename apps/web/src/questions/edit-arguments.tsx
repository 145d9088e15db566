/** Edits the arguments of an action before it is allowed: a field each, as what each is. */
import type { WaitingQuestion } from "@candor/server";
import { type FormEvent, useState } from "react";
import { verb } from "../trace/action.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input, Textarea } from "../ui/field.tsx";

interface Props {
  decision: WaitingQuestion["decision"];
  onClose(): void;
  onSave(args: Record<string, unknown>): void;
}

export function EditArguments({ decision, onClose, onSave }: Props) {
  const [problem, setProblem] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const args: Record<string, unknown> = {};
    for (const [name, was] of Object.entries(decision.args)) {
      const read = readAs(was, form.get(name));
      if (read instanceof Error) return setProblem(`${name}: ${read.message}`);
      args[name] = read;
    }
    onSave(args);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${verb(decision.tool)}, with your changes`}
      description="What you write is judged like what the agent wrote: what is forbidden stays forbidden."
    >
      <form onSubmit={submit} className="grid gap-4">
        {Object.entries(decision.args).map(([name, value]) => (
          <Field key={name} label={name}>
            {(id) => <ArgumentInput id={id} name={name} value={value} />}
          </Field>
        ))}
        {problem && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Approve with these
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function ArgumentInput({ id, name, value }: { id: string; name: string; value: unknown }) {
  if (typeof value === "boolean")
    return <input id={id} name={name} type="checkbox" defaultChecked={value} className="size-4 accent-primary" />;
  if (typeof value === "number") return <Input id={id} name={name} type="number" step="any" defaultValue={value} />;
  if (typeof value === "string" && value.length <= 60) return <Input id={id} name={name} defaultValue={value} />;
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <Textarea
      id={id}
      name={name}
      rows={Math.min(10, text.split("\n").length + 2)}
      defaultValue={text}
      className={typeof value === "string" ? "" : "font-mono"}
    />
  );
}

/** What was typed, as the kind of value that was there. */
function readAs(was: unknown, typed: FormDataEntryValue | null): unknown {
  if (typeof was === "boolean") return typed !== null;
  const text = typeof typed === "string" ? typed : "";
  if (typeof was === "string") return text;
  if (typeof was === "number") return text.trim() === "" ? new Error("a number is missing") : Number(text);
  try {
    return JSON.parse(text);
  } catch {
    return new Error("this is no valid JSON");
  }
}
