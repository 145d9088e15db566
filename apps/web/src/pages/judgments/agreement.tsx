/** How far raters agree: overall, two by two, by discipline, and with items whose answer is known. */
import type { AgreementView } from "@candor/server";
import { plural } from "../../ui/words.ts";
import { Section } from "../explain/section.tsx";
import { percent } from "../explain/words.ts";
import { Loading, Trouble } from "../parts.tsx";
import { raterName, raterNames } from "./names.ts";
import { useAgreement } from "./queries.ts";

type Task = AgreementView["rated"];
type Figure = Task["alpha"];

export function Agreement() {
  const agreement = useAgreement();
  if (agreement.isPending) return <Loading />;
  if (agreement.isError) return <Trouble error={agreement.error} />;
  const { rated, compared, gold } = agreement.data;
  return (
    <div className="grid gap-10">
      <p className="max-w-2xl text-sm text-muted-foreground">
        Alpha and kappa take off what chance alone would give: 1 is full agreement, 0 is chance, below 0 is worse than
        chance.
      </p>
      <Section title="Good or bad">
        <OfTask task={rated} />
      </Section>
      <Section title="The better of two">
        <OfTask task={compared} />
      </Section>
      <Section title="Against known answers">
        {gold.length === 0 ? (
          <p className="text-sm text-muted-foreground">No item has a known answer that anyone has judged.</p>
        ) : (
          <ul className="grid gap-1 text-sm">
            {gold.map(({ rater, items, right, share }) => (
              <li key={rater}>
                {raterName(rater)}: {right} of {plural(items, "item")} right ({percent(share)})
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

function OfTask({ task }: { task: Task }) {
  const { items, shared, raters, percent: same, alpha, interval, fleiss, cohen, byDiscipline } = task;
  if (items === 0) return <p className="text-sm text-muted-foreground">Nobody has judged any yet.</p>;
  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted-foreground">
        {plural(items, "item")} by {raterNames(raters)}; {shared} with two raters or more.
      </p>
      <dl className="grid gap-px overflow-hidden rounded-lg border bg-border sm:grid-cols-3">
        <Value label="Krippendorff's alpha" figure={alpha}>
          {interval && `95 % between ${interval.low.toFixed(2)} and ${interval.high.toFixed(2)} (bootstrap)`}
        </Value>
        <Value label="Fleiss' kappa" figure={fleiss}>
          {fleiss.value !== null && `${plural(fleiss.items, "item")} with ${fleiss.ratings} ratings each`}
        </Value>
        <Value label="Same verdict" figure={same} show={percent} />
      </dl>
      {cohen.length > 0 && (
        <details className="text-sm">
          <summary>Two by two (Cohen's kappa)</summary>
          <ul className="mt-2 grid gap-1">
            {cohen.map((figure) => (
              <li key={figure.raters.join(" ")}>
                {raterNames(figure.raters)}: {said(figure)} on {plural(figure.items, "item")}
              </li>
            ))}
          </ul>
        </details>
      )}
      {byDiscipline.length > 1 && (
        <ul className="grid gap-1 text-sm">
          {byDiscipline.map((each) => (
            <li key={each.discipline}>
              {each.discipline || "no discipline"}: alpha {said(each.alpha)} on {plural(each.shared, "shared item")}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Value({
  label,
  figure,
  show = (value) => value.toFixed(2),
  children,
}: {
  label: string;
  figure: Figure;
  show?: (value: number) => string;
  children?: React.ReactNode;
}) {
  return (
    <div className="flex flex-col-reverse justify-end gap-1 bg-card p-3">
      <dt className="text-xs text-muted-foreground">
        {label}
        {children && <span className="block">{children}</span>}
      </dt>
      <dd className={figure.value === null ? "text-sm text-muted-foreground" : "text-2xl font-semibold tabular-nums"}>
        {figure.value === null ? figure.why : show(figure.value)}
      </dd>
    </div>
  );
}

const said = (figure: Figure): string => (figure.value === null ? figure.why : figure.value.toFixed(2));
