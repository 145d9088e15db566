/** The package as a browser sees it: the same names, on ONNX Runtime's WebAssembly. */
export * from "./portable.ts";
export { Runner } from "./runtime/browser-runner.ts";
export { Session } from "./runtime/browser-session.ts";
