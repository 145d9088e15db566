/** Programs that read a model as it is: its loss on given tokens, and what it would say next. */
import { compile, gather, input, logProbability, mul, type Program, reshape, sum } from "@candor/graph";
import { type DecoderConfig, decoder, weightInputs } from "@candor/transformer";

/**
 * Inputs: `tokens` and `targets`, int64 [batch, time], `weights`, float32 [batch, time], and the model's weights by name.
 * Output: `nats`, the sum over all places of what each weighs.
 */
export function lossProgram(config: DecoderConfig, batch: number, time: number): Program {
  const { weights } = weightInputs(config);
  const shape = [batch, time];
  const { logits } = decoder({ config, weights, tokens: input("tokens", shape, "int64") });
  const told = logProbability(logits, input("targets", shape, "int64"));
  return compile({ outputs: { nats: sum(mul(reshape(told, shape), mul(input("weights", shape), -1))) } });
}

/**
 * Inputs: `tokens`, int64 [batch, time], of which each row counts from its start, `last`, int64 [batch], the place of each
 * row's last token counted through all rows, and the model's weights by name. Output: `logits`, [batch, vocab].
 */
export function nextProgram(config: DecoderConfig, batch: number, time: number): Program {
  const { weights } = weightInputs(config);
  const { logits } = decoder({ config, weights, tokens: input("tokens", [batch, time], "int64") });
  const rows = reshape(logits, [batch * time, config.vocab]);
  return compile({ outputs: { logits: gather(rows, input("last", [batch], "int64")) } });
}
