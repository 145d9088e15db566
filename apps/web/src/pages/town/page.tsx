/** The map of a run: which sites there were and where the agent went, step by step. */
import type { Journey } from "@candor/server";
import { Background, Controls, type Edge, type Node, ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useEffect, useMemo, useState } from "react";
import { useTheme } from "../../app/theme.ts";
import { useWide } from "../../ui/wide.ts";
import { Empty, Heading, Loading, Trouble } from "../parts.tsx";
import { Camera } from "./camera.tsx";
import { HostNode, type HostNodeData } from "./host-node.tsx";
import { layOut } from "./layout.ts";
import { useJourney } from "./queries.ts";

const nodeTypes = { host: HostNode };
/** Milliseconds between two visits of a replay. */
const PACE_MS = 350;
/** Where there is room the map is as much wider than high as its box. */
const STRETCH = 1.9;

export function Page() {
  const journey = useJourney();
  if (journey.isPending) return <Loading />;
  if (journey.isError) return <Trouble error={journey.error} />;
  if (journey.data.visits.length === 0)
    return <Empty title="Nowhere yet" text="This run has opened no page, so there is no way to show." />;
  return <TownMap journey={journey.data} />;
}

function TownMap({ journey }: { journey: Journey }) {
  const { visits, hosts } = journey;
  const { theme } = useTheme();
  const [at, setAt] = useState(visits.length);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    if (at >= visits.length) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => setAt(at + 1), PACE_MS);
    return () => clearTimeout(timer);
  }, [playing, at, visits.length]);
  const wide = useWide();
  const { nodes, edges } = useMemo(() => draw(journey, at, wide ? STRETCH : 1), [journey, at, wide]);
  const visited = hosts.filter((host) => host.visits > 0).length;
  const now = visits[at - 1];
  return (
    <main className="mx-auto grid w-full max-w-6xl gap-4 px-4 py-6">
      <Heading
        title={`${visits.length} pages on ${visited} of ${hosts.filter(({ host }) => host !== "search").length} sites`}
        detail="Nearest: sites that were opened. Further out: sites that were only offered, then those it never heard of."
      />
      <div className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="rounded-md border px-3 py-1.5 text-sm font-medium"
          onClick={() => {
            if (at >= visits.length) setAt(0);
            setPlaying(!playing);
          }}
        >
          {playing ? "Pause" : "Replay"}
        </button>
        <input
          type="range"
          min={0}
          max={visits.length}
          value={at}
          onChange={(event) => {
            setPlaying(false);
            setAt(Number(event.target.value));
          }}
          aria-label="Visit"
          aria-valuetext={now ? `Visit ${at}: ${now.host}` : "Before the first visit"}
          className="min-w-40 grow accent-primary"
        />
        <output className="w-full truncate text-sm tabular-nums text-muted-foreground sm:w-80">
          {now
            ? `Step ${now.step}: ${now.url}${now.status === "ok" ? "" : ` (${now.status})`}`
            : "Before the first visit"}
        </output>
      </div>
      <div className="h-[65vh] min-h-80 overflow-hidden rounded-lg border bg-card">
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          colorMode={theme}
          minZoom={0.2}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          proOptions={{ hideAttribution: true }}
          aria-label="Map of sites; the list of visits below says the same in words"
        >
          <Camera
            places={nodes.map(({ position }) => position)}
            at={wide ? undefined : nodes.find(({ data }) => data.state === "current")?.position}
          />
          <Background gap={32} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
      <Visits journey={journey} current={at} onChoose={setAt} />
    </main>
  );
}

function Visits({ journey, current, onChoose }: { journey: Journey; current: number; onChoose(at: number): void }) {
  return (
    <details>
      <summary className="cursor-pointer text-sm font-medium">All visits as a list</summary>
      <ol className="mt-2 divide-y rounded-lg border bg-card text-sm">
        {journey.visits.map((visit, index) => (
          <li key={`${visit.step} ${visit.url}`}>
            <button
              type="button"
              aria-current={current === index + 1}
              onClick={() => onChoose(index + 1)}
              className="flex w-full gap-3 px-3 py-1.5 text-left aria-current:bg-muted"
            >
              <span className="w-10 shrink-0 tabular-nums text-muted-foreground">{visit.step}</span>
              <span className="min-w-0 grow break-all">{visit.url}</span>
              {visit.status !== "ok" && <span className="text-muted-foreground">{visit.status}</span>}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}

function draw(
  { hosts, links, visits }: Journey,
  at: number,
  stretch: number,
): { nodes: Node<HostNodeData>[]; edges: Edge[] } {
  const reached = new Set(visits.slice(0, at).map(({ host }) => host));
  const current = visits[at - 1]?.host;
  const nodes = layOut(hosts, stretch).map(({ x, y, ...host }): Node<HostNodeData> => {
    const state =
      host.host === current ? "current" : reached.has(host.host) ? "reached" : host.seen ? "seen" : "unknown";
    return { id: host.host, type: "host", position: { x, y }, data: { ...host, state } };
  });
  const order = new Map(visits.map(({ host }, index) => [host, index]));
  const edges = links
    .filter(({ to }) => order.has(to))
    .map(({ from, to, times }): Edge => {
      const walked = reached.has(to) && (from === "search" || reached.has(from));
      return {
        id: `${from} ${to}`,
        source: from,
        target: to,
        type: "straight",
        style: {
          stroke: "var(--foreground)",
          strokeWidth: Math.min(3, 0.5 + times / 3),
          opacity: to === current ? 0.7 : walked ? 0.18 : 0.05,
        },
      };
    });
  return { nodes, edges };
}
