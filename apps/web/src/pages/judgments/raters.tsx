/** Who judges beside the operator: each by a token that opens the queue and nothing else. */
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { plural } from "../../ui/words.ts";
import { Loading, Trouble } from "../parts.tsx";
import { useRaterChanges, useRaters } from "./queries.ts";

export function Raters() {
  const raters = useRaters();
  const { add, revoke } = useRaterChanges();
  const [name, setName] = useState("");
  if (raters.isPending) return <Loading />;
  if (raters.isError) return <Trouble error={raters.error} />;
  return (
    <div className="grid max-w-2xl gap-6">
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) add.mutate(name.trim(), { onSuccess: () => setName("") });
        }}
      >
        <Field label="Name of a new rater">
          {(id) => <Input id={id} value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Button type="submit" variant="primary" disabled={add.isPending || !name.trim()}>
          Add
        </Button>
      </form>
      {add.data && (
        <div role="status" className="grid gap-1 rounded-lg border bg-card p-4 text-sm">
          <p>Send {add.data.name} this address. It is shown only now:</p>
          <code className="break-all select-all">{`${location.origin}/judgments#token=${add.data.token}`}</code>
        </div>
      )}
      <ul className="divide-y rounded-lg border bg-card text-sm">
        {raters.data.map(({ name: rater, since, revoked, judged }) => (
          <li key={rater} className="flex items-center gap-3 p-3">
            <span className={revoked ? "line-through opacity-60" : ""}>{rater}</span>
            <span className="grow text-muted-foreground">
              {plural(judged, "judgment")}, since {new Date(since).toLocaleDateString()}
            </span>
            {revoked ? (
              <span className="text-muted-foreground">revoked</span>
            ) : (
              <Button size="sm" variant="ghost" onClick={() => revoke.mutate(rater)} aria-label={`Revoke ${rater}`}>
                Revoke
              </Button>
            )}
          </li>
        ))}
        {raters.data.length === 0 && <li className="p-3 text-muted-foreground">Nobody but you so far.</li>}
      </ul>
    </div>
  );
}
