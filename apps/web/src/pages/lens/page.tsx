/** A model looked into: what it is made of, what it makes of a prompt, its circuits and features, and what an edit would change. */
import type { LensLook, LensModel, LensView } from "@candor/server";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import { api } from "../../api/client.ts";
import { Field, Select } from "../../ui/field.tsx";
import { Heading, Loading, Trouble } from "../parts.tsx";
import { CircuitTab } from "./circuit-tab.tsx";
import { EditTab } from "./edit-tab.tsx";
import { FeaturesTab } from "./features-tab.tsx";
import { Findings, LookedAgain, useFindings } from "./findings.tsx";
import { ModelTab } from "./model-tab.tsx";
import { PromptTab } from "./prompt-tab.tsx";

const TABS = ["Model", "Prompt", "Circuit", "Features", "Edit"] as const;

const tabStyle =
  "border-b-2 border-transparent px-2 pt-1 pb-2 text-sm text-muted-foreground hover:text-foreground data-[state=active]:border-primary data-[state=active]:text-foreground";

export function Page() {
  const models = useQuery({ queryKey: ["lens"], queryFn: () => api.get<LensModel[]>("/api/lens") });
  const { id, tab, head, finding: asked } = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (search: { id?: string; tab?: string; head?: string }) => void navigate({ to: "/lens", search });
  const chosen = models.data?.find((model) => model.id === id) ?? models.data?.[0];
  const findings = useFindings(asked === undefined ? undefined : chosen?.id);
  const finding = findings.data?.find((each) => each.id === asked);
  const shown = TABS.find((name) => name.toLowerCase() === tab) ?? "Model";
  return (
    <main className="mx-auto grid w-full max-w-5xl grid-cols-[minmax(0,1fr)] gap-6 px-4 py-6">
      <Heading title="Lens" detail="A model looked into, part by part. What is changed here is changed in a copy." />
      {models.isPending ? (
        <Loading what="Looking for models" />
      ) : models.isError ? (
        <Trouble error={models.error} />
      ) : (
        chosen && (
          <>
            <Field label="Model" help={chosen.folder}>
              {(field) => (
                <Select
                  id={field}
                  value={chosen.id}
                  onChange={({ target }) => go({ id: target.value, tab: shown.toLowerCase() })}
                >
                  {models.data.map((model) => (
                    <option key={model.id} value={model.id}>
                      {model.name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Tabs.Root value={shown} onValueChange={(name) => go({ id: chosen.id, tab: name.toLowerCase() })}>
              <Tabs.List aria-label="Ways to look" className="mb-6 flex gap-1 overflow-x-auto border-b">
                {TABS.map((name) => (
                  <Tabs.Trigger key={name} value={name} className={tabStyle}>
                    {name}
                  </Tabs.Trigger>
                ))}
              </Tabs.List>
              {finding && finding.look.tab === shown.toLowerCase() && (
                <LookedAgain key={finding.id} model={chosen.id} finding={finding} />
              )}
              {/* What a finding was a look at is what the forms begin with. */}
              <Opened key={`${chosen.id} ${finding?.id}`} model={chosen.id} waits={findings.isLoading}>
                {(view) => (
                  <>
                    <Tabs.Content value="Model" className="grid grid-cols-[minmax(0,1fr)] gap-8">
                      <Findings model={chosen.id} />
                      <ModelTab
                        view={view}
                        onHead={(layer, n) => go({ id: chosen.id, tab: "prompt", head: `${layer}.${n}` })}
                      />
                    </Tabs.Content>
                    <Tabs.Content value="Prompt">
                      <PromptTab model={chosen.id} view={view} head={head} look={lookOf("prompt", finding?.look)} />
                    </Tabs.Content>
                    <Tabs.Content value="Circuit">
                      <CircuitTab model={chosen.id} view={view} look={lookOf("circuit", finding?.look)} />
                    </Tabs.Content>
                    <Tabs.Content value="Features">
                      <FeaturesTab model={chosen.id} view={view} look={lookOf("features", finding?.look)} />
                    </Tabs.Content>
                    <Tabs.Content value="Edit">
                      <EditTab model={chosen.id} view={view} look={lookOf("edit", finding?.look)} />
                    </Tabs.Content>
                  </>
                )}
              </Opened>
            </Tabs.Root>
          </>
        )
      )}
    </main>
  );
}

const lookOf = <T extends LensLook["tab"]>(tab: T, look: LensLook | undefined) =>
  look?.tab === tab ? (look as Extract<LensLook, { tab: T }>) : undefined;

interface OpenedProps {
  model: string;
  waits: boolean;
  children(view: LensView): ReactNode;
}

function Opened({ model, waits, children }: OpenedProps) {
  const view = useQuery({
    queryKey: ["lens", model],
    queryFn: () => api.get<LensView>(`/api/lens/${model}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (view.isPending || waits) return <Loading what="Opening the model" />;
  if (view.isError) return <Trouble error={view.error} />;
  return children(view.data);
}
