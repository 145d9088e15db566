/** Permissions: what a run may do by itself, tried on a run that is over; what was allowed for good; and earned autonomy. */

import { Section } from "../explain/section.tsx";
import { Heading } from "../parts.tsx";
import { Autonomy } from "./autonomy.tsx";
import { Simulator } from "./simulator.tsx";
import { Standing } from "./standing.tsx";

export function Page() {
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-10 px-4 py-6">
      <Heading
        title="Permissions"
        detail="Fixed rules first, which nothing lifts; then whatever is denied; then the most specific of ask and allow."
      />
      <Section title="Try permissions on a past run" detail="Nothing is done again: only the judgments are made anew.">
        <Simulator />
      </Section>
      <Section title="Always allowed" detail="What you have answered with “always here”.">
        <Standing />
      </Section>
      <Section
        title="Autonomy"
        detail="How far each mind goes by itself, by what it has shown. One severe signal takes it away."
      >
        <Autonomy />
      </Section>
    </main>
  );
}
