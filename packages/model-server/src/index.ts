export { type ModelServer, type ServeModelOptions, serveModel } from "./serve-model.ts";
