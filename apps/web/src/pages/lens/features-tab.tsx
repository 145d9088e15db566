/** Where neurons, or features of a dictionary, speak loudest, and what they make more and less likely. */
import type { LensFeatures, LensLook, LensView } from "@candor/server";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { Field, Input, Select } from "../../ui/field.tsx";
import { Empty, Loading } from "../parts.tsx";
import { SaveFinding } from "./findings.tsx";
import { percent, shownToken, tint, useSettled, Wrong } from "./parts.tsx";

interface Props {
  model: string;
  view: LensView;
  look: Extract<LensLook, { tab: "features" }> | undefined;
}

export function FeaturesTab({ model, view, look }: Props) {
  const choices = [
    ...view.dictionaries.map(({ reads, writes, features }, n) => ({
      key: `d${n}`,
      name: `${features} features of ${reads === writes ? reads : `${reads} to ${writes}`}`,
      of: { dictionary: n },
    })),
    ...(view.shape.mlpWidth > 0
      ? view.layers.map(({ layer }) => ({
          key: `l${layer}`,
          name: `${view.shape.mlpWidth} neurons of layer ${layer}`,
          of: { layer },
        }))
      : []),
  ];
  const [key, setKey] = useState(
    look ? ("layer" in look.of ? `l${look.of.layer}` : `d${look.of.dictionary}`) : (choices[0]?.key ?? ""),
  );
  const [wanted, setWanted] = useState(look?.feature === undefined ? "" : String(look.feature));
  const settled = useSettled(wanted);
  const of = choices.find((choice) => choice.key === key)?.of;
  const feature = /^\d+$/.test(settled) ? Number(settled) : undefined;
  const found = useQuery({
    queryKey: ["lens", model, "features", key, feature],
    queryFn: () =>
      api.post<LensFeatures>(`/api/lens/${model}/features`, { of, ...(feature !== undefined && { feature }) }),
    enabled: of !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!of) return <Empty title="No features" text="This model has no neurons, and no dictionary was trained for it." />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Of">
          {(id) => (
            <Select id={id} value={key} onChange={({ target }) => setKey(target.value)}>
              {choices.map((choice) => (
                <option key={choice.key} value={choice.key}>
                  {choice.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Number" help="The loudest are shown where none is given.">
          {(id) => (
            <Input
              id={id}
              inputMode="numeric"
              value={wanted}
              onChange={({ target }) => setWanted(target.value.trim())}
            />
          )}
        </Field>
      </div>
      {found.isError ? (
        <Wrong error={found.error} />
      ) : !found.data ? (
        <Loading what="Listening" />
      ) : (
        <>
          <ul className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
            {found.data.features.map((each) => (
              <Board key={each.feature} board={each} />
            ))}
          </ul>
          <SaveFinding
            key={`${key} ${feature}`}
            model={model}
            look={{ tab: "features", of, ...(feature !== undefined && { feature }) }}
          />
        </>
      )}
    </div>
  );
}

function Board({ board }: { board: LensFeatures["features"][number] }) {
  const tallest = Math.max(...board.histogram, 1);
  return (
    <li className="grid content-start gap-3 rounded-lg border bg-card p-3">
      <header className="flex items-end justify-between gap-4">
        <h3 className="text-sm font-medium tabular-nums">{board.feature}</h3>
        <div className="flex h-6 items-end gap-px" role="img" aria-label="How often it speaks, by loudness">
          {board.histogram.map((count, bin) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={bin}
              className="w-2 bg-[var(--chart-4)]"
              style={{ height: `${count === 0 ? 0 : Math.max(8, (100 * Math.log1p(count)) / Math.log1p(tallest))}%` }}
            />
          ))}
        </div>
        <p className="text-xs text-muted-foreground tabular-nums">
          speaks at {percent(board.density)}, at most {board.most.toPrecision(2)}
        </p>
      </header>
      {board.examples.length === 0 ? (
        <p className="text-sm text-muted-foreground">It speaks nowhere in these texts.</p>
      ) : (
        <ul className="grid gap-1 text-sm">
          {board.examples.map(({ tokens, value }, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an example is its rank
            <li key={n} className="break-words">
              {tokens.map((token, at) => (
                <span
                  // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
                  key={at}
                  className="rounded-sm px-px"
                  style={{ background: tint(Math.max(0, token.value), value) }}
                  title={token.value.toPrecision(2)}
                >
                  {token.text.replace(/\n/g, "⏎")}
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
      {board.raises.length > 0 && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-xs">
          <dt className="text-muted-foreground">likelier</dt>
          <dd className="break-words">{board.raises.map(shownToken).join("  ")}</dd>
          <dt className="text-muted-foreground">less likely</dt>
          <dd className="break-words">{board.lowers.map(shownToken).join("  ")}</dd>
        </dl>
      )}
    </li>
  );
}
