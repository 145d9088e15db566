/** What was seen in a model, kept under a name: saved, listed, and looked at again. */
import type { LensFinding, LensFindingAgain, LensLook } from "@candor/server";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { Loading } from "../parts.tsx";
import { Wrong } from "./parts.tsx";

const key = (model: string) => ["lens", model, "findings"];

export const useFindings = (model: string | undefined) =>
  useQuery({
    queryKey: key(model ?? ""),
    queryFn: () => api.get<LensFinding[]>(`/api/lens/${model}/findings`),
    enabled: model !== undefined,
  });

/** The link of a finding: whoever runs the same Candor on the same home sees the same. */
const searchOf = ({ id, model, look }: LensFinding) => ({ id: model, tab: look.tab, finding: id });

export function SaveFinding({ model, look }: { model: string; look: LensLook }) {
  const [name, setName] = useState("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.post<LensFinding>(`/api/lens/${model}/findings`, { name, look }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(model) }),
  });
  if (save.data)
    return (
      <p className="text-sm" role="status">
        Kept as{" "}
        <Link to="/lens" search={searchOf(save.data)} className="underline">
          {save.data.name}
        </Link>
        : {save.data.seen}
      </p>
    );
  return (
    <form
      className="grid max-w-md grid-cols-[minmax(0,1fr)_auto] items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label="Keep what you see, under a name">
        {(id) => (
          <Input id={id} value={name} onChange={({ target }) => setName(target.value)} required maxLength={120} />
        )}
      </Field>
      <Button type="submit" disabled={save.isPending}>
        Keep
      </Button>
      {save.isError && (
        <div className="col-span-2">
          <Wrong error={save.error} />
        </div>
      )}
    </form>
  );
}

const dateOf = (at: string): string => new Date(at).toLocaleDateString("en", { dateStyle: "medium" });

export function Findings({ model }: { model: string }) {
  const findings = useFindings(model);
  const client = useQueryClient();
  const forget = useMutation({
    mutationFn: (id: string) => api.delete(`/api/lens/${model}/findings/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: key(model) }),
  });
  if (!findings.data || findings.data.length === 0) return null;
  return (
    <section aria-labelledby="findings" className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h2 id="findings" className="font-semibold">
        Findings
      </h2>
      <ul className="grid divide-y rounded-lg border bg-card">
        {findings.data.map((finding) => (
          <li key={finding.id} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-2 px-3 py-2 text-sm">
            <span className="grid min-w-0">
              <Link to="/lens" search={searchOf(finding)} className="truncate font-medium hover:underline">
                {finding.name}
              </Link>
              <span className="break-words text-muted-foreground">{finding.seen}</span>
              <span className="text-xs text-muted-foreground">
                {dateOf(finding.at)}, {finding.look.tab}, model <code>{finding.modelHash}</code>, Candor{" "}
                {finding.version}
              </span>
            </span>
            <Button
              size="sm"
              variant="ghost"
              aria-label={`Forget ${finding.name}`}
              onClick={() => forget.mutate(finding.id)}
            >
              <Trash2 />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Above a look that was kept: what was seen then, and what is to be seen now. */
export function LookedAgain({ model, finding }: { model: string; finding: LensFinding }) {
  const again = useQuery({
    queryKey: [...key(model), finding.id, "again"],
    queryFn: () => api.post<LensFindingAgain>(`/api/lens/${model}/findings/${finding.id}/again`),
    retry: false,
  });
  const { name, at, seen, modelHash, dataHash, version } = finding;
  return (
    <section aria-label="Finding" className="mb-6 grid gap-1 rounded-lg border bg-card px-4 py-3 text-sm">
      <h2 className="font-semibold">{name}</h2>
      <p>
        <span className="text-muted-foreground">{dateOf(at)}:</span> {seen}
      </p>
      {again.isError ? (
        <Wrong error={again.error} />
      ) : !again.data ? (
        <Loading what="Looking again" />
      ) : (
        <p role="status">
          <span className="text-muted-foreground">Now:</span> {again.data.seen === seen ? "the same." : again.data.seen}
          {again.data.changed.model && <span className="text-warn"> The model is another one than it was.</span>}
          {again.data.changed.data && (
            <span className="text-warn"> The texts that it is looked at with are others than they were.</span>
          )}
          {again.data.changed.version && <span className="text-warn"> This is another version of Candor.</span>}
        </p>
      )}
      <p className="text-xs break-words text-muted-foreground">
        model <code>{modelHash}</code>
        {dataHash && (
          <>
            , texts <code>{dataHash}</code>
          </>
        )}
        , Candor {version}
      </p>
    </section>
  );
}
