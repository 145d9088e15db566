/** The agent's own model: how it is taught, and how it answers. */
export { writeBase } from "./base.ts";
export { StepExplainer, type StepExplanation } from "./explain-step.ts";
export { imitate } from "./imitation.ts";
export { EXAMPLES, SHIPPED, SmallModel } from "./model.ts";
export { Practice, type PractisedRow } from "./practice.ts";
export {
  FIRST_TOWN,
  lessonSettings,
  practiceRounds,
  practiceSettings,
  rewardSettings,
  TOWNS,
  writeMind,
} from "./recipe.ts";
export { restless } from "./restless.ts";
export { StepRewards } from "./step-rewards.ts";
