export { type ModelServer, type ServeModelOptions, serveModel } from "./serve-model.ts";
export { type RewardServer, type ServeRewardsOptions, serveRewards } from "./serve-rewards.ts";
