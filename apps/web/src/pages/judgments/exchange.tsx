/** Judgments out, for TRL or for another Candor, and in. */
import type { ExportQuery, ExportView, ImportView } from "@candor/server";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { announce } from "../../ui/announce.tsx";
import { Button } from "../../ui/button.tsx";
import { Field, Input, Select } from "../../ui/field.tsx";
import { plural } from "../../ui/words.ts";
import { Section } from "../explain/section.tsx";

type Format = ExportQuery["format"];

const FORMATS: Record<Format, string> = {
  preference: "TRL preference: prompt, chosen, rejected",
  unpaired: "TRL unpaired preference: prompt, completion, label",
  "prompt-only": "TRL prompt only",
  candor: "Candor: everything, for another Candor",
};

export function Exchange() {
  return (
    <div className="grid max-w-2xl gap-10">
      <Export />
      <Import />
    </div>
  );
}

function Export() {
  const [format, setFormat] = useState<Format>("unpaired");
  const [minRaters, setMinRaters] = useState("1");
  const take = useMutation({
    mutationFn: () => api.get<ExportView>(`/api/judgments/export?${new URLSearchParams({ format, minRaters })}`),
    onSuccess: ({ lines }) => {
      if (lines.length > 0) save(`judgments-${format}.jsonl`, `${lines.join("\n")}\n`);
    },
    onError: (error) => announce(error.message, "trouble"),
  });
  return (
    <Section title="Export" detail="Lines of JSON, masked as the agent saw them; disagreements settled, ties left out.">
      <div className="grid gap-3 sm:grid-cols-[1fr_8rem_auto] sm:items-end">
        <Field label="Format">
          {(id) => (
            <Select id={id} value={format} onChange={(event) => setFormat(event.target.value as Format)}>
              {Object.entries(FORMATS).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Raters, at least">
          {(id) => (
            <Input
              id={id}
              type="number"
              min={1}
              max={100}
              value={minRaters}
              onChange={(event) => setMinRaters(event.target.value)}
            />
          )}
        </Field>
        <Button variant="primary" disabled={take.isPending} onClick={() => take.mutate()}>
          Save the file
        </Button>
      </div>
      {take.data && (
        <p role="status" className="text-sm text-muted-foreground">
          {plural(take.data.lines.length, "line")}
          {Object.entries(take.data.leftOut).map(([why, count]) => `; ${count} left out: ${why}`)}.
        </p>
      )}
    </Section>
  );
}

function Import() {
  const client = useQueryClient();
  const bring = useMutation({
    mutationFn: async (file: File) => api.post<ImportView>("/api/judgments/import", { text: await file.text() }),
    onError: (error) => announce(error.message, "trouble"),
    onSettled: () => client.invalidateQueries({ queryKey: ["judgments"] }),
  });
  return (
    <Section title="Import" detail="TRL's formats or Candor's own. Bringing the same file twice adds nothing.">
      <Field label="A file of JSON lines">
        {(id) => (
          <Input
            id={id}
            type="file"
            accept=".jsonl,.ndjson,.json"
            className="h-auto py-2"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file) bring.mutate(file);
              event.target.value = "";
            }}
          />
        )}
      </Field>
      {bring.data && (
        <p role="status" className="text-sm text-muted-foreground">
          {bring.data.added} added, {bring.data.already} known already.
        </p>
      )}
    </Section>
  );
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
