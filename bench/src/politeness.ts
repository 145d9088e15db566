/** The polite model opened: the direction that judging moved it along, the parts that carry it, and one edit that flips it either way. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { biasEdit, differenceOfMeans, Lens, meanRow, rowsAt } from "@candor/lens";
import {
  answer,
  demonstrate,
  demonstrations,
  type OpenModel,
  openModel,
  profileOf,
  prompts,
  readRounds,
  roundFolder,
  speakingOf,
  splitConcepts,
} from "@candor/training";
import { type Bench, figure, goal, option, type Row } from "./bench.ts";

/** How many times the direction is added or taken away; which, and where, is chosen on concepts that were judged. */
const STRENGTHS = [0.5, 1, 1.5, 2, 3, 4];

export const politeness: Bench = {
  name: "politeness",
  description:
    "the direction that judging moved a model along, the parts that carry it, flipped by one edit (--state DIR of candor train rlhf, --seed N, --small)",
  duration: "4 min",
  run: async ({ args, note }) => {
    const seed = Number(option(args, "seed") ?? 1);
    const out = option(args, "state") ?? "rlhf-politeness";
    if (!existsSync(join(out, "before.json")))
      note(`teaching into ${out} first (--state names a folder of candor train rlhf) ...`);
    const preset = args.includes("--small") ? demonstrations.small : demonstrations.full;
    await demonstrate({ preset, out, seed }, { stage: note });
    const raw = await openModel(join(out, "raw/last"));
    const taught = await openModel(join(roundFolder(out, readRounds(out).length), "policy"));
    const { taught: judged, heldOut } = splitConcepts(seed);
    const known = [0, 1].flatMap((n) => prompts(judged.slice(0, 48), { seed: seed * 16 + n }));
    const fresh = [0, 1, 2].flatMap((n) => prompts(heldOut, { seed: seed * 16 + n, heldOut: true }));
    const manners = async (model: OpenModel, weights: OpenModel["weights"], asked: typeof known) => {
      const { rude, polite } = profileOf(await answer({ ...speakingOf(model), weights }, asked, { seed, threads: 2 }));
      return { rude, polite };
    };
    const rows: Row[] = [];
    const tell = (name: string, { rude, polite }: { rude: number; polite: number }): void => {
      note(`${name}: rude ${rude.toFixed(3)}, polite ${polite.toFixed(3)}`);
      rows.push(figure("rude", name, rude), figure("polite", name, polite));
    };
    const [before, after] = [await manners(raw, raw.weights, fresh), await manners(taught, taught.weights, fresh)];
    tell("raw", before);
    tell("taught", after);

    // Where judging moved the stream, at the last token of a question.
    await using inRaw = lensOf(raw);
    await using inTaught = lensOf(taught);
    const asked = known.map(({ text }) => raw.tokenizer.encode(text, { added: "text" }));
    const { layers } = raw.config.decoder;
    const directions: Float32Array[] = [];
    for (let layer = 0; layer < layers; layer++) {
      const place = `blocks.${layer}.hook_resid_post`;
      const [a, b] = [await rowsAt(inRaw, place, asked), await rowsAt(inTaught, place, asked)];
      const direction = differenceOfMeans(a, b);
      directions.push(direction);
      const half = (rest: number): Float32Array =>
        meanRow(b.flatMap((row, n) => (n % 2 === rest ? [row.map((x, k) => x - (a[n]?.[k] ?? 0))] : [])));
      rows.push(
        figure(
          "direction_agreement",
          `layer ${layer}, cosine of two halves of the questions`,
          cosine(half(0), half(1)),
        ),
      );
    }

    // One bias, either way: the strength and the layer that flip most of what was judged.
    for (const [name, model, sign, wanted] of [
      ["raw, made polite by one bias", raw, 1, "polite"],
      ["taught, made rude by one bias", taught, -1, "rude"],
    ] as const) {
      let best = { share: -1, layer: 0, strength: 0, weights: model.weights };
      for (const [layer, direction] of directions.entries())
        for (const strength of STRENGTHS) {
          const edited = edit(model, layer, direction, sign * strength);
          const share = (await manners(model, edited, known))[wanted];
          if (share > best.share) best = { share, layer, strength, weights: edited };
        }
      const now = await manners(model, best.weights, fresh);
      tell(`${name} (layer ${best.layer}, ${best.strength} times)`, now);
      rows.push(
        goal(
          `flipped_${wanted}`,
          `of the other model's ${wanted} answers, on concepts that nobody judged`,
          now[wanted] / (sign === 1 ? after : before)[wanted],
          ">= 0.5",
        ),
      );
    }

    // Which parts carry it: each of the taught model's put back as it was in the raw one.
    for (const [name, is] of parts(layers)) {
      const back = new Map(
        [...taught.weights].map(([key, values]) => [key, is(key) ? (raw.weights.get(key) ?? values) : values]),
      );
      tell(`taught, ${name} as it was`, await manners(taught, back, fresh));
    }
    return rows;
  },
};

const lensOf = ({ config, weights }: OpenModel): Lens => new Lens(config.decoder, weights, { threads: 2 });

function edit(
  { config, weights }: OpenModel,
  layer: number,
  direction: Float32Array,
  times: number,
): Map<string, Float32Array> {
  const model = { config: config.decoder, weights };
  const { changes } = biasEdit(
    model,
    layer,
    direction.map((x) => times * x),
  );
  return new Map([...weights, ...changes]);
}

function* parts(layers: number): Generator<[string, (name: string) => boolean]> {
  yield ["the embedding", (name) => name === "embed.weight"];
  for (let layer = 0; layer < layers; layer++) {
    yield [`attention ${layer}`, (name) => name.startsWith(`blocks.${layer}.attn.`)];
    yield [`MLP ${layer}`, (name) => name.startsWith(`blocks.${layer}.mlp.`)];
  }
  yield ["all norms", (name) => /norm/.test(name)];
}

function cosine(a: Float32Array, b: Float32Array): number {
  const along = a.reduce((sum, x, n) => sum + x * (b[n] as number), 0);
  return along / (Math.hypot(...a) * Math.hypot(...b));
}
