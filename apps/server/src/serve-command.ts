/** How a server is started in a process of its own: with a fraction of the memory that Node would take unasked. */

/**
 * Arguments for Node: the embedded database compiles once, quickly (its optimised form takes 500 MB to make), and the
 * heap collects its garbage instead of growing with the machine.
 */
export const SERVE_FLAGS: readonly string[] = [
  "--liftoff-only",
  "--max-semi-space-size=2",
  "--max-old-space-size=1024",
];

/** Environment: glibc would keep a pool of freed memory for each of a dozen threads. */
export const SERVE_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: "2" };
