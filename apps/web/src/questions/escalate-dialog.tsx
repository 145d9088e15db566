/** Passes a question on: it stays open, for somebody else to answer. */
import type { FormEvent } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";

export function EscalateDialog({ onClose, onSend }: { onClose(): void; onSend(to: string): void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const to = String(new FormData(event.currentTarget).get("to") ?? "").trim();
    if (to) onSend(to);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Ask somebody else"
      description="The question stays open, with their name on it, and the run goes on waiting."
    >
      <form onSubmit={submit} className="grid gap-4">
        <Field label="Who is to answer">{(id) => <Input id={id} name="to" required maxLength={200} />}</Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Pass it on
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
