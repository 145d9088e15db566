import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../checkpoint/open-checkpoint.ts";
import { writeSafetensors } from "../checkpoint/write-safetensors.ts";
import { type DecoderConfig, weightShapes } from "../config/decoder-config.ts";
import { familyOf, modelConfigToJson, parseModelConfig } from "../config/model-config.ts";
import { bytesTokenizer } from "../tokenizers/simple-tokenizers.ts";
import { openPretrained, openTokenizer } from "./open-pretrained.ts";
import { savePretrained } from "./save-pretrained.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models/", import.meta.url));
const NAMES = [
  "gpt2",
  "gpt2-untied-relu",
  "gpt_neox",
  "gpt_neox-serial",
  "llama",
  "llama-biased-tied",
  "qwen2",
  "qwen2-bf16",
  "qwen2-f16",
  "qwen2-sharded",
  "qwen3",
];

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-pretrained-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function weightsOf(path: string) {
  await using model = await openPretrained(path);
  const weights = new Map<string, Float32Array>();
  for await (const { name, values } of model.weights()) weights.set(name, values);
  return { config: model.config, weights };
}

describe.each(NAMES)("the model %s of transformers", (name) => {
  it("gives every weight that its decoder needs, and no other", async () => {
    const { config, weights } = await weightsOf(join(MODELS, name));
    const sizes = [...weights].map(([weight, { length }]) => [weight, length]);
    const wanted = [...weightShapes(config.decoder)].map(([weight, shape]) => [
      weight,
      shape.reduce((a, b) => a * b, 1),
    ]);
    expect(Object.fromEntries(sizes)).toEqual(Object.fromEntries(wanted));
    expect(familyOf(config.decoder)).toBe(config.family);
  });

  it("is the same, tensor by tensor, after it has been read and saved", async () => {
    const read = await weightsOf(join(MODELS, name));
    const path = join(folder, name);
    await savePretrained(path, read, { maxShardBytes: name === "qwen2-sharded" ? 30_000 : 5e9 });
    await using theirs = await openCheckpoint(join(MODELS, name));
    await using ours = await openCheckpoint(path);
    expect(new Set(ours.tensors.keys())).toEqual(new Set(theirs.tensors.keys()));
    for (const [tensor, { shape }] of theirs.tensors) {
      expect(ours.tensors.get(tensor)?.shape).toEqual(shape);
      expect(await ours.float32(tensor)).toEqual(await theirs.float32(tensor));
    }
    expect(await weightsOf(path)).toEqual(read);
  });
});

const config = async (name: string) => JSON.parse(await readFile(join(MODELS, name, "config.json"), "utf8"));

describe("config.json", () => {
  it("reads what transformers wrote", async () => {
    expect(parseModelConfig(await config("llama-biased-tied")).decoder).toMatchInlineSnapshot(`
      {
        "activation": "silu",
        "biases": {
          "mlp": true,
          "o": true,
          "qkv": true,
        },
        "context": 32,
        "gated": true,
        "headDim": 16,
        "heads": 4,
        "kvHeads": 2,
        "layers": 2,
        "mlpWidth": 48,
        "norm": {
          "bias": false,
          "epsilon": 0.000001,
          "kind": "rms",
        },
        "normPlacement": "pre",
        "parallelResidual": false,
        "positions": {
          "base": 10000,
          "fraction": 1,
          "kind": "rotary",
          "scaling": {
            "kind": "none",
          },
        },
        "qkNorm": false,
        "tied": true,
        "vocab": 96,
        "width": 32,
      }
    `);
    expect(parseModelConfig(await config("gpt_neox-serial")).decoder.positions).toEqual({
      kind: "rotary",
      base: 10_000,
      fraction: 0.5,
      scaling: { kind: "none" },
    });
  });

  it("reads rotary fields as transformers 4 wrote them", () => {
    const llama = {
      model_type: "llama",
      vocab_size: 96,
      max_position_embeddings: 32,
      hidden_size: 32,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 48,
      rope_theta: 500_000,
      rope_scaling: {
        rope_type: "llama3",
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 16,
      },
    };
    expect(parseModelConfig(llama).decoder.positions).toEqual({
      kind: "rotary",
      base: 500_000,
      fraction: 1,
      scaling: { kind: "llama3", factor: 8, lowFrequency: 1, highFrequency: 4, originalContext: 16 },
    });
  });

  it.each(NAMES)("of %s is the same decoder after it has been written", async (name) => {
    const read = parseModelConfig(await config(name));
    expect(parseModelConfig(modelConfigToJson(read, "float32"))).toEqual(read);
  });

  it.each([
    ["gpt2", { model_type: "mamba" }, 'model_type is "mamba"; supported are gpt2, gpt_neox, llama, qwen2, qwen3'],
    ["gpt2", { n_head: 5 }, "n_embd 32 cannot be divided among n_head 5"],
    ["gpt2", { n_layer: "two" }, "n_layer: Invalid input: expected number, received string"],
    ["gpt2", { n_layer: undefined }, "n_layer: Invalid input: expected number, received undefined"],
    [
      "gpt2",
      { scale_attn_by_inverse_layer_idx: true },
      "scale_attn_by_inverse_layer_idx is true, which is not supported",
    ],
    ["gpt2", { activation_function: "mish" }, "activation_function: Invalid option"],
    ["llama", { num_key_value_heads: 3 }, "4 heads cannot share 3 heads of keys and values"],
    ["llama", { rope_parameters: { rope_type: "yarn", factor: 4 } }, 'rope_type is "yarn"; only default and llama3'],
    [
      "llama",
      { rope_parameters: { rope_type: "llama3", factor: 4 } },
      "rope_type llama3 needs factor, low_freq_factor",
    ],
    ["llama", { head_dim: 7 }, "is 7 rotary dimensions: they go in pairs"],
    ["llama", { quantization_config: {} }, "quantization_config: is set: quantised weights are not supported"],
    ["qwen2", { use_sliding_window: true }, "use_sliding_window is true, which is not supported"],
    ["qwen3", { layer_types: ["sliding_attention"] }, 'layer_types has "sliding_attention", which is not supported'],
  ])("of %s with %o is refused in one line", async (name, change, message) => {
    const document = { ...(await config(name)), ...change };
    expect(() => parseModelConfig(document, "c.json")).toThrow(message);
    expect(() => parseModelConfig(document, "c.json")).toThrow(/^c\.json: [^\n]+$/);
  });
});

describe("weights that contradict the config", () => {
  it.each([
    ["vocab_size", 97, /tensor transformer\.wte\.weight is \[96, 32\], but config\.json asks for \[97, 32\]/],
    ["n_inner", 64, /h\.0\.mlp\.c_fc\.weight is \[32, 128\], but config\.json asks for \[32, 64\]/],
    ["n_layer", 3, /tensor transformer\.h\.2\.ln_1\.weight \[32\] is missing/],
    ["n_layer", 1, /tensor transformer\.h\.1\.[a-z_.0-9]+ \[[0-9, ]+\] is not of a gpt2 as config\.json says/],
    ["tie_word_embeddings", false, /tensor lm_head\.weight \[96, 32\] is missing/],
  ])("are refused with tensor and shapes: %s %s", async (field, value, message) => {
    const path = join(folder, "contradiction");
    await cp(join(MODELS, "gpt2"), path, { recursive: true });
    await writeFile(join(path, "config.json"), JSON.stringify({ ...(await config("gpt2")), [field]: value }));
    await expect(openPretrained(path)).rejects.toThrow(message);
  });

  it("are fine without prefix, with a mask or a repeated unembedding, as the hub's GPT-2 is stored", async () => {
    const read = await weightsOf(join(MODELS, "gpt2"));
    await using store = await openCheckpoint(join(MODELS, "gpt2"));
    const tensors = new Map<string, { dtype: "F32"; shape: readonly number[]; bytes: Uint8Array }>();
    for (const [name, { shape }] of store.tensors)
      tensors.set(name.replace("transformer.", ""), { dtype: "F32", shape, bytes: await store.bytes(name) });
    const mask = { dtype: "F32" as const, shape: [1], bytes: new Uint8Array(4) };
    const path = join(folder, "bare");
    await cp(join(MODELS, "gpt2"), path, { recursive: true });
    const wte = tensors.get("wte.weight");
    await writeSafetensors(
      join(path, "model.safetensors"),
      new Map([...tensors, ["h.0.attn.bias", mask], ...(wte ? [["lm_head.weight", wte] as const] : [])]),
    );
    expect(await weightsOf(path)).toEqual(read);
  });
});

describe("saving", () => {
  const bare: DecoderConfig = {
    layers: 1,
    heads: 2,
    kvHeads: 2,
    headDim: 4,
    width: 8,
    mlpWidth: 16,
    vocab: 256,
    context: 4,
    positions: { kind: "none" },
    norm: { kind: "layer", epsilon: 1e-5, bias: false },
    normPlacement: "pre",
    parallelResidual: false,
    activation: "gelu",
    gated: false,
    biases: { qkv: false, o: false, mlp: false },
    qkNorm: false,
    tied: true,
  };
  const weights = new Map(
    [...weightShapes(bare)].map(([name, shape]) => [
      name,
      new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5),
    ]),
  );

  it("writes a decoder without biases and positions as a GPT-2 with zeros there, tokenizer beside it", async () => {
    const path = join(folder, "bare-gpt2");
    const family = familyOf(bare);
    const model = { config: { family, decoder: bare, tokens: { end: [0] } }, weights, tokenizer: bytesTokenizer() };
    await savePretrained(path, model, { maxShardBytes: 2_000 });
    await savePretrained(path, model);
    expect((await readdir(path)).sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
    const back = await weightsOf(path);
    expect(back.weights.get("blocks.0.attn.q.bias")).toEqual(new Float32Array(8));
    expect(back.weights.get("positions.weight")).toEqual(new Float32Array(32));
    expect(back.weights.get("blocks.0.mlp.in.weight")).toEqual(new Float32Array(128).fill(0.5));
    expect((await openTokenizer(path, 256)).encode("a")).toEqual([97]);
    await expect(openTokenizer(path, 100)).rejects.toThrow("has 256 tokens, the model only 100");
  });

  it("refuses before it writes: no family, a weight missing, of another size, or extra", async () => {
    expect(() => familyOf({ ...bare, normPlacement: "post" })).toThrow("gpt2: its norms come after;");
    const path = join(folder, "never");
    const config = { family: "gpt2" as const, decoder: bare, tokens: { end: [] } };
    const changed = (change: [string, Float32Array][]) =>
      savePretrained(path, { config, weights: new Map([...weights, ...change]) });
    await expect(savePretrained(path, { config, weights: new Map() })).rejects.toThrow(
      "Weight embed.weight [256, 8] is missing",
    );
    await expect(changed([["norm.weight", new Float32Array(3)]])).rejects.toThrow(
      "Weight norm.weight [8] has 3 numbers",
    );
    await expect(changed([["x", new Float32Array(3)]])).rejects.toThrow("Weight x is not of such a decoder");
    const tokenizer = bytesTokenizer({ special: ["<|end|>"] });
    await expect(savePretrained(path, { config, weights, tokenizer })).rejects.toThrow(
      "has 257 tokens, the model only 256",
    );
    expect(await readdir(folder)).not.toContain("never");
  });
});
