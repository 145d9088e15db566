/** SAELens's folders: `cfg.json` and `sae_weights.safetensors`, read and written. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromFloat32, openSafetensors, writeAtomically, writeSafetensors } from "@candor/transformer";
import { z } from "zod";
import { LensError } from "../lens-error.ts";
import { Dictionary } from "./dictionary.ts";
import { type DictionaryShape, dictionaryWeights, type Gate } from "./shape.ts";

const CONFIG_FILE = "cfg.json";
const WEIGHTS_FILE = "sae_weights.safetensors";

const Config = z.object({
  architecture: z.string(),
  d_in: z.number().int().positive(),
  d_sae: z.number().int().positive(),
  d_out: z.number().int().positive().optional(),
  k: z.number().int().positive().optional(),
  rescale_acts_by_decoder_norm: z.boolean().optional(),
  apply_b_dec_to_input: z.boolean().default(true),
  normalize_activations: z.string().default("none"),
  reshape_activations: z.string().default("none"),
  metadata: z
    .object({
      hook_name: z.string().optional(),
      hook_name_out: z.string().nullish(),
      candor_model: z.string().nullish(),
    })
    .loose()
    .default({}),
});

/** Architectures of SAELens that are read; what is not here is not told apart by the gate alone. */
const GATES: Record<string, (k: number | undefined) => { gate: Gate; transcodes: boolean }> = {
  standard: () => ({ gate: { kind: "relu" }, transcodes: false }),
  topk: (k = 100) => ({ gate: { kind: "topk", k }, transcodes: false }),
  jumprelu: () => ({ gate: { kind: "jumprelu" }, transcodes: false }),
  gated: () => ({ gate: { kind: "gated" }, transcodes: false }),
  transcoder: () => ({ gate: { kind: "relu" }, transcodes: true }),
  jumprelu_transcoder: () => ({ gate: { kind: "jumprelu" }, transcodes: true }),
};

/**
 * @param model the hash of the model that it is to be used with, where the folder, as SAELens's own, does not say
 * @throws {LensError} when it is none, or of a kind that is not known here
 */
export async function openDictionary(
  folder: string,
  { model, threads }: { model?: string; threads?: number } = {},
): Promise<Dictionary> {
  const path = join(folder, CONFIG_FILE);
  const text = await readFile(path, "utf8").catch(() => {
    throw new LensError(
      `${folder} holds no dictionary: there is no ${CONFIG_FILE}`,
      "Give a folder that SAELens or `candor lens dictionary` wrote.",
    );
  });
  const config = parsed(text, path);
  const known = GATES[config.architecture];
  if (!known)
    throw new LensError(
      `${path}: architecture ${config.architecture} is not known`,
      `Known are ${Object.keys(GATES).join(", ")}.`,
    );
  const { gate, transcodes } = known(config.k);
  if (config.normalize_activations !== "none" || config.reshape_activations !== "none")
    throw new LensError(
      `${path}: activations that are normalised or reshaped are not read`,
      "Fold the normalisation in SAELens and save again.",
    );
  const shape: DictionaryShape = {
    ...{ gate, transcodes, inWidth: config.d_in, features: config.d_sae },
    outWidth: config.d_out ?? config.d_in,
  };
  const weights = new Map<string, Float32Array>();
  await using file = await openSafetensors(join(folder, WEIGHTS_FILE));
  for (const [name, extents] of dictionaryWeights(shape)) {
    const found = file.tensors.get(name);
    if (!found || found.shape.join() !== extents.join())
      throw new LensError(
        `${folder}: ${name} is ${found ? found.shape.join(" x ") : "missing"}, not ${extents.join(" x ")}`,
      );
    weights.set(name, await file.float32(name));
  }
  mustBeScaled(shape, weights, config.rescale_acts_by_decoder_norm ?? false, path);
  if (!transcodes && !config.apply_b_dec_to_input) uncentred(shape, weights);
  const { hook_name: reads = "", hook_name_out, candor_model } = config.metadata;
  return new Dictionary(
    shape,
    weights,
    { reads, writes: hook_name_out ?? reads, model: candor_model ?? model ?? "" },
    { ...(threads !== undefined && { threads }) },
  );
}

/** @throws {LensError} for a dictionary that SAELens has no form for */
export async function saveDictionary(folder: string, dictionary: Dictionary): Promise<void> {
  const { shape, origin, weights } = dictionary;
  const { gate, transcodes } = shape;
  const architecture = Object.keys(GATES).find((name) => {
    const known = GATES[name]?.(1);
    return known?.transcodes === transcodes && known.gate.kind === gate.kind;
  });
  if (!architecture)
    throw new LensError(
      `SAELens has no ${gate.kind} transcoder to save it as`,
      "Train a transcoder of the kinds relu or jumprelu.",
    );
  const tensors = Array.from(dictionaryWeights(shape), ([name, extents]) => {
    const values = weights.get(name) ?? new Float32Array();
    return [name, { dtype: "F32" as const, shape: extents, bytes: fromFloat32(values, "F32") }] as const;
  });
  const config = {
    architecture,
    ...{ d_in: shape.inWidth, d_sae: shape.features, dtype: "float32", device: "cpu" },
    ...(transcodes && { d_out: shape.outWidth }),
    ...(gate.kind === "topk" && { k: gate.k, rescale_acts_by_decoder_norm: true }),
    ...{ apply_b_dec_to_input: !transcodes, normalize_activations: "none", reshape_activations: "none" },
    metadata: {
      ...{ hook_name: origin.reads, ...(transcodes && { hook_name_out: origin.writes }) },
      candor_model: origin.model,
    },
  };
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, WEIGHTS_FILE), new Map(tensors));
  await writeAtomically(join(folder, CONFIG_FILE), (file) =>
    file.writeFile(`${JSON.stringify(config, undefined, 2)}\n`),
  );
}

function parsed(text: string, path: string): z.infer<typeof Config> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new LensError(`${path} is not JSON`);
  }
  const { data, error } = Config.safeParse(json);
  if (!data) throw new LensError(`${path}: ${error.issues[0]?.path.join(".")} ${error.issues[0]?.message}`);
  return data;
}

/** Without rescaling, rows of the decoder count as they are long: here each counts as of length 1, so that they must be. */
function mustBeScaled(
  { gate, features, outWidth }: DictionaryShape,
  weights: ReadonlyMap<string, Float32Array>,
  rescaled: boolean,
  path: string,
): void {
  if (gate.kind !== "topk" || rescaled) return;
  const rows = weights.get("W_dec") ?? new Float32Array();
  for (let feature = 0; feature < features; feature++)
    if (Math.abs(Math.hypot(...rows.subarray(feature * outWidth, (feature + 1) * outWidth)) - 1) > 1e-3)
      throw new LensError(
        `${path}: rows of W_dec are not of length 1, and activations are not rescaled by it`,
        "Fold the decoder's norm in SAELens and save again.",
      );
}

/** What is not taken from the input is as if it were, with another bias. */
function uncentred({ inWidth, features, gate }: DictionaryShape, weights: Map<string, Float32Array>): void {
  const [encoder, centre] = [weights.get("W_enc"), weights.get("b_dec")];
  if (!encoder || !centre) return;
  const shift = new Float32Array(features);
  for (let n = 0; n < inWidth; n++)
    for (let feature = 0; feature < features; feature++)
      shift[feature] = (shift[feature] as number) + (centre[n] as number) * (encoder[n * features + feature] as number);
  if (gate.kind === "gated") {
    const scale = weights.get("r_mag") ?? new Float32Array(features);
    weights.set(
      "b_gate",
      (weights.get("b_gate") ?? shift).map((bias, n) => bias + (shift[n] as number)),
    );
    weights.set(
      "b_mag",
      (weights.get("b_mag") ?? shift).map((bias, n) => bias + Math.exp(scale[n] as number) * (shift[n] as number)),
    );
  } else
    weights.set(
      "b_enc",
      (weights.get("b_enc") ?? shift).map((bias, n) => bias + (shift[n] as number)),
    );
}
