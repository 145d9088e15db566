/** Views and a small web, for whoever tests a mind. */
export { simulate, smallWeb } from "./simulation.ts";
export { emptyView, leadView } from "./views.ts";
