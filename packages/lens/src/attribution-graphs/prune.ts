/** An attribution graph made small enough to look at: the nodes and edges of most of the influence; nodes that are one thing made one. */
import type { AttributionGraph, GraphNode } from "./attribution-graph.ts";

export interface PruneOptions {
  /** Share of all influence that the nodes that are kept have. */
  nodes?: number;
  /** Share of the weight of what flows between those that the edges that are kept have. */
  edges?: number;
  /** And no more than so many of either. */
  most?: { nodes?: number; edges?: number };
}

export function pruneGraph(
  graph: AttributionGraph,
  { nodes = 0.8, edges = 0.9, most: limit = {} }: PruneOptions = {},
): AttributionGraph {
  const order = graph.influence
    .map((value, n) => ({ value, n }))
    .filter(({ n }) => graph.nodes[n]?.kind !== "answer")
    .sort((a, b) => b.value - a.value);
  const kept = new Set(
    most(order, ({ value }) => value, nodes)
      .slice(0, limit.nodes)
      .map(({ n }) => n),
  );
  for (const [n, node] of graph.nodes.entries()) if (node.kind === "answer") kept.add(n);
  const between = graph.edges
    .filter(({ from, to }) => kept.has(from) && kept.has(to))
    .map((edge) => ({ edge, flow: Math.abs(edge.weight) * shareOf(graph, edge.to) }))
    .sort((a, b) => b.flow - a.flow);
  return restricted(
    graph,
    kept,
    most(between, ({ flow }) => flow, edges)
      .slice(0, limit.edges)
      .map(({ edge }) => edge),
  );
}

/** Influence of a reader for each unit that it is given. */
function shareOf({ edges, influence }: AttributionGraph, to: number): number {
  const all = edges.reduce((sum, edge) => (edge.to === to ? sum + Math.abs(edge.weight) : sum), 0);
  return all === 0 ? 0 : (influence[to] as number) / all;
}

/** The first of some that together have a share of all. */
function most<T>(ordered: readonly T[], of: (each: T) => number, share: number): T[] {
  const all = ordered.reduce((sum, each) => sum + of(each), 0);
  const kept: T[] = [];
  let so = 0;
  for (const each of ordered) {
    if (so >= share * all) break;
    kept.push(each);
    so += of(each);
  }
  return kept;
}

function restricted(
  graph: AttributionGraph,
  kept: ReadonlySet<number>,
  edges: readonly AttributionGraph["edges"][number][],
): AttributionGraph {
  const places = [...kept].sort((a, b) => a - b);
  const placeOf = new Map(places.map((old, n) => [old, n]));
  return {
    ...graph,
    nodes: places.map((n) => graph.nodes[n] as GraphNode),
    influence: places.map((n) => graph.influence[n] as number),
    edges: edges.map(({ from, to, weight }) => ({
      ...{ from: placeOf.get(from) as number, to: placeOf.get(to) as number, weight },
    })),
  };
}

/**
 * Nodes of one name made one: by default a feature of all positions, the errors of a layer, and tokens that are the same. Weights between groups
 * add up; what a group gives itself is left out.
 */
export function groupGraph(
  graph: AttributionGraph,
  nameOf: (node: GraphNode) => string = groupName,
): AttributionGraph & { members: number[] } {
  const names = graph.nodes.map(nameOf);
  const groups = [...new Set(names)];
  const placeOf = new Map(groups.map((name, n) => [name, n]));
  const weights = new Map<string, { from: number; to: number; weight: number }>();
  for (const { from, to, weight } of graph.edges) {
    const [a, b] = [placeOf.get(names[from] as string) as number, placeOf.get(names[to] as string) as number];
    if (a === b) continue;
    const before = weights.get(`${a} ${b}`);
    weights.set(`${a} ${b}`, { from: a, to: b, weight: (before?.weight ?? 0) + weight });
  }
  return {
    ...graph,
    nodes: groups.map((name) => graph.nodes[names.indexOf(name)] as GraphNode),
    influence: groups.map((name) =>
      graph.influence.reduce((sum, value, n) => (names[n] === name ? sum + value : sum), 0),
    ),
    edges: [...weights.values()],
    members: groups.map((name) => names.filter((each) => each === name).length),
  };
}

const groupName = (node: GraphNode): string => {
  switch (node.kind) {
    case "token":
      return `token ${node.token}`;
    case "feature":
      return `feature ${node.layer}.${node.feature}`;
    case "error":
      return `error ${node.layer}`;
    case "answer":
      return "answer";
  }
};
