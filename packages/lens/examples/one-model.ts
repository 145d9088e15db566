import { headScores, Lens, logitAttribution, repeatedTokens } from "@candor/lens";

await using lens = await Lens.open("packages/transformer/fixtures/models/gpt2");
const tokens = [[3, 1, 4, 1, 5]];
const { cache } = await lens.runWithCache(tokens);
console.log(cache.at("blocks.0.attn.hook_pattern").shape);

// The head that adds most to the logit of token 5 over that of token 7, and the model without it.
const parts = await logitAttribution(lens, tokens, [
  [
    [5, 1],
    [7, -1],
  ],
]);
const heads = parts.filter(({ part }) => /^\d+\.\d+$/.test(part));
const [first] = heads.toSorted((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0));
const [layer, head] = (first?.part ?? "0.0").split(".").map(Number);
await lens.run(tokens, { edits: [{ at: `blocks.${layer}.attn.hook_z`, heads: [head ?? 0], to: 0 }] });

const rows = repeatedTokens(Math.random, { rows: 4, length: 8, vocab: lens.config.vocab });
console.log((await headScores(lens, rows)).length);
