/** Where each host stands on the map: its kind is its direction, how far the agent got with it its distance. */
import type { Journey } from "@candor/server";

type Host = Journey["hosts"][number];

export interface Place extends Host {
  x: number;
  y: number;
}

/** Distance in pixels from the middle, and how many hosts stand there before the next ring begins. */
const RINGS = { visited: 190, seen: 360, unknown: 520 } as const;
const RING_GAP = 64;
/** Pixels along a ring that one host and its name need. */
const WIDTH = 96;

const ringOf = (host: Host): keyof typeof RINGS => (host.visits > 0 ? "visited" : host.seen ? "seen" : "unknown");

/** Deterministic: the same journey gives the same map. Hosts of one kind stand beside each other. */
export function layOut(hosts: readonly Host[]): Place[] {
  const places: Place[] = [];
  let outer = 0;
  for (const ring of ["visited", "seen", "unknown"] as const) {
    const here = hosts
      .filter((host) => host.host !== "search" && ringOf(host) === ring)
      .toSorted((a, b) => (a.kind ?? "").localeCompare(b.kind ?? "") || a.host.localeCompare(b.host));
    let radius = Math.max(RINGS[ring], outer + RING_GAP);
    for (let first = 0; first < here.length; ) {
      const room = Math.max(1, Math.floor((2 * Math.PI * radius) / WIDTH));
      const some = here.slice(first, first + room);
      for (const [at, host] of some.entries()) {
        const angle = (2 * Math.PI * at) / some.length - Math.PI / 2;
        places.push({ ...host, x: Math.round(radius * Math.cos(angle)), y: Math.round(radius * Math.sin(angle)) });
      }
      first += some.length;
      outer = radius;
      radius += RING_GAP;
    }
  }
  const search = hosts.find(({ host }) => host === "search");
  if (search) places.unshift({ ...search, x: 0, y: 0 });
  return places;
}
