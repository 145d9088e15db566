"""TransformerLens on the weights of a safetensors file in this folder's own names: python lens.py FILE LAYERS HEADS HEAD_DIM WIDTH MLP VOCAB CONTEXT

`cache TOKENS` and `attribution CLEAN CORRUPTED TOKEN` (lists in JSON without spaces) answer with seconds and a few numbers to compare.
"""
import json
import sys
import time

import torch
from safetensors.torch import load_file
from transformer_lens import HookedTransformer, HookedTransformerConfig

torch.set_num_threads(2)
LAYERS, HEADS, HEAD, WIDTH, MLP, VOCAB, CONTEXT = map(int, sys.argv[2:9])
model = HookedTransformer(HookedTransformerConfig(
    n_layers=LAYERS, n_heads=HEADS, d_head=HEAD, d_model=WIDTH, d_mlp=MLP, d_vocab=VOCAB, n_ctx=CONTEXT, act_fn="gelu_new",
    normalization_type="LN", eps=1e-5, seed=1))
given = load_file(sys.argv[1])
state = {"embed.W_E": given["embed.weight"], "pos_embed.W_pos": given["positions.weight"],
         "unembed.W_U": given["embed.weight"].T.contiguous(), "unembed.b_U": torch.zeros(VOCAB),
         "ln_final.w": given["norm.weight"], "ln_final.b": given["norm.bias"]}
for layer in range(LAYERS):
    own, theirs = f"blocks.{layer}", f"blocks.{layer}"
    for n in "12":
        state[f"{theirs}.ln{n}.w"] = given[f"{own}.norm{n}.weight"]
        state[f"{theirs}.ln{n}.b"] = given[f"{own}.norm{n}.bias"]
    for part in "qkv":
        state[f"{theirs}.attn.W_{part.upper()}"] = given[f"{own}.attn.{part}.weight"].reshape(WIDTH, HEADS, HEAD).permute(1, 0, 2).contiguous()
        state[f"{theirs}.attn.b_{part.upper()}"] = given[f"{own}.attn.{part}.bias"].reshape(HEADS, HEAD)
    state[f"{theirs}.attn.W_O"] = given[f"{own}.attn.o.weight"].reshape(HEADS, HEAD, WIDTH)
    state[f"{theirs}.attn.b_O"] = given[f"{own}.attn.o.bias"]
    for side in ("in", "out"):
        state[f"{theirs}.mlp.W_{side}"] = given[f"{own}.mlp.{side}.weight"]
        state[f"{theirs}.mlp.b_{side}"] = given[f"{own}.mlp.{side}.bias"]
missing = model.load_state_dict(state, strict=False).missing_keys
assert all("mask" in key or "IGNORE" in key for key in missing), missing
print(json.dumps({"ready": True}), flush=True)


def attribution(clean, corrupted, token):
    """(clean - corrupted) x gradient at every z, by one cached run and one backward pass."""
    _, cache = model.run_with_cache(clean, names_filter=lambda name: name.endswith("hook_z"))
    kept, slopes = {}, {}

    def keep(value, hook):
        kept[hook.name] = value.detach()

    def slope(value, hook):
        slopes[hook.name] = value.detach()
    is_z = lambda name: name.endswith("hook_z")
    with model.hooks(fwd_hooks=[(is_z, keep)], bwd_hooks=[(is_z, slope)]):
        model(corrupted)[0, -1, token].backward()
    model.zero_grad()
    return sum(float(((cache[name] - kept[name]) * slopes[name]).sum()) for name in kept)


for line in sys.stdin:
    what, *given = line.split()
    rows = [torch.tensor(json.loads(each)) for each in given]
    begun = time.perf_counter()
    if what == "cache":
        with torch.no_grad():
            logits, cache = model.run_with_cache(rows[0])
        seconds = time.perf_counter() - begun
        numbers = logits[0, -1, :4].tolist() + cache["blocks.3.hook_resid_mid"][0, -1, :4].tolist()
    else:
        total = attribution(rows[0], rows[1], int(rows[2]))
        seconds = time.perf_counter() - begun
        numbers = [total]
    print(json.dumps({"seconds": seconds, "numbers": numbers}), flush=True)
