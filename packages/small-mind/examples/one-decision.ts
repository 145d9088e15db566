import { small } from "@candor/agent/small";
import { emptyView } from "@candor/agent/testing/minds";
import { SmallModel } from "@candor/small-mind";

await using model = await SmallModel.open();
const decision = await small.decide(emptyView(), { infer: (request) => model.infer(request) });
console.log(decision.thought, decision.tool);
