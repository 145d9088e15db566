/** What is wrong with a graph, and who wrote it. */

/** A graph that cannot be: names the operation, the shapes, and the line that asked for it. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super();
    this.operation = operation;
    const line = this.stack?.split("\n").find((frame) => /^\s+at /.test(frame) && !OWN.test(frame));
    const place = line?.match(/\(?((?:file:\/\/)?\/[^()]+:\d+):\d+\)?$/)?.[1]?.replace("file://", "");
    this.message = `${operation}: ${problem}${place ? ` (built at ${place})` : ""}`;
  }
}

/** Frames of this package; its tests are somebody else's. */
const OWN = /\/graph\/src\/(?!.*\.test\.ts)/;
