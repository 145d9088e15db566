export { bundledCases, hardCases } from "./cases/cases.ts";
export { type Checked, check, type Fired } from "./check.ts";
export { type Figures, figures } from "./figures.ts";
export { type Part, partOf } from "./split.ts";
