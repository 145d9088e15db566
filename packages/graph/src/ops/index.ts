/** Everything that a graph is built of. */
export * from "./cached-attention.ts";
export * from "./convolution.ts";
export * from "./elementwise.ts";
export * from "./gather.ts";
export * from "./matmul.ts";
export * from "./matmul-int8.ts";
export * from "./normalise.ts";
export * from "./random.ts";
export * from "./reduce.ts";
export * from "./shape.ts";
