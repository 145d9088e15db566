/**
 * One seed for every property test, so that a landing never hinges on luck.
 * `CANDOR_TEST_SEED=random npm test` searches anew; `CANDOR_TEST_SEED=N` repeats what it found.
 */
import fc from "fast-check";

const given = process.env.CANDOR_TEST_SEED ?? "20261124";
fc.configureGlobal(given === "random" ? {} : { seed: Number(given) });
