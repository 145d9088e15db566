export { bundledCases, hardCases } from "./cases/cases.ts";
export { type Checked, checkTrace, type Fired } from "./check.ts";
export { type Figures, figuresOf } from "./figures.ts";
export { type Part, partOf } from "./split.ts";
