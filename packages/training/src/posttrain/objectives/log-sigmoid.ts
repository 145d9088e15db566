import { abs, add, exp, log, minimum, neg, sub, type Tensor } from "@candor/graph";

/** log(1 / (1 + exp(-x))), without overflow on either side. */
export const logSigmoid = (x: Tensor): Tensor => sub(minimum(x, 0), log(add(exp(neg(abs(x))), 1)));
