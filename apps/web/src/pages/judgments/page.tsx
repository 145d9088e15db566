/** Judgments: what waits for one's thumb, what raters hold, how far they agree, and how to take it all elsewhere. */
import { Tabs } from "radix-ui";
import { Heading } from "../parts.tsx";
import { Agreement } from "./agreement.tsx";
import { Exchange } from "./exchange.tsx";
import { useQueue } from "./queries.ts";
import { Queue } from "./queue.tsx";
import { Raters } from "./raters.tsx";
import { Results } from "./results.tsx";

const PARTS = [
  { id: "queue", name: "Queue", Part: Queue },
  { id: "results", name: "Results", Part: Results },
  { id: "agreement", name: "Agreement", Part: Agreement },
  { id: "raters", name: "Raters", Part: Raters },
  { id: "exchange", name: "Export and import", Part: Exchange },
] as const;

export function Page() {
  const rater = useQueue().data?.rater;
  // Another rater's token opens the queue and nothing else.
  const parts = rater === undefined || rater === "operator" ? PARTS : PARTS.slice(0, 1);
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-6 px-4 py-6">
      <Heading
        title="Judgments"
        detail="Good or bad on steps, answers and findings. They train what Candor learns from, and show where people disagree."
      />
      <Tabs.Root defaultValue="queue" className="grid gap-6">
        <Tabs.List aria-label="Parts of this page" className="flex gap-1 overflow-x-auto border-b">
          {parts.map(({ id, name }) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="shrink-0 -outline-offset-2 border-b-2 border-transparent px-3 py-2 text-sm text-muted-foreground hover:text-foreground data-[state=active]:border-primary data-[state=active]:text-foreground"
            >
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {parts.map(({ id, Part }) => (
          <Tabs.Content key={id} value={id}>
            <Part />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </main>
  );
}
