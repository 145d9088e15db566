/** Where each host stands on the map: its kind is its direction, how far the agent got with it its distance. */
import type { Journey } from "@candor/server";

type Host = Journey["hosts"][number];

export interface Place extends Host {
  x: number;
  y: number;
}

/** Pixels from the middle to the first ring, from there to the next, and between rings of mere dots. */
const INNERMOST = 96;
const RING_GAP = 84;
const DOTS_GAP = 48;
/** Pixels that one host with its name needs across and down. */
const WIDTH = 116;
const HEIGHT = 56;

const ringOf = (host: Host): "visited" | "seen" | "unknown" =>
  host.visits > 0 ? "visited" : host.seen ? "seen" : "unknown";

/**
 * Deterministic: the same journey gives the same map. Hosts of one kind stand beside each other.
 *
 * @param stretch how many times wider than high the rings are, at least 1
 */
export function layOut(hosts: readonly Host[], stretch = 1): Place[] {
  const places: Place[] = [];
  let radius = INNERMOST;
  let turned = false;
  for (const ring of ["visited", "seen", "unknown"] as const) {
    const here = hosts
      .filter((host) => host.host !== "search" && ringOf(host) === ring)
      .toSorted((a, b) => (a.kind ?? "").localeCompare(b.kind ?? "") || a.host.localeCompare(b.host));
    for (let first = 0; first < here.length; ) {
      const room = Math.max(1, Math.floor(2 * Math.PI * radius * Math.min(stretch / WIDTH, 1 / HEIGHT)));
      const some = here.slice(first, first + room);
      for (const [at, host] of some.entries()) {
        // Every other ring is turned by half a place, so that names stand between those of the next.
        const angle = (2 * Math.PI * (at + (turned ? 0.5 : 0))) / some.length - Math.PI / 2;
        places.push({
          ...host,
          x: Math.round(stretch * radius * Math.cos(angle)),
          y: Math.round(radius * Math.sin(angle)),
        });
      }
      first += some.length;
      radius += ring === "unknown" ? DOTS_GAP : RING_GAP;
      turned = !turned;
    }
  }
  const search = hosts.find(({ host }) => host === "search");
  if (search) places.unshift({ ...search, x: 0, y: 0 });
  return places;
}
