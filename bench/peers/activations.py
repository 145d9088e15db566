"""The peer of `activations`: the same GPT-2 in TransformerLens, run with its cache.

python activations.py FOLDER

FOLDER holds task.json, the weights, the tokens, and the activations to compare with, each NAME.bin. Says the largest difference
of each activation; then for each line on standard input the milliseconds of one run.
"""
import json
import os
import sys
import time

import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig

torch.set_num_threads(2)
torch.set_grad_enabled(False)
folder = sys.argv[1]
task = json.load(open(os.path.join(folder, "task.json")))
c = task["config"]
D, H, F, L = c["width"], c["heads"], c["mlpWidth"], c["layers"]
K = D // H


def read(name, *shape, dtype=torch.float32):
    with open(os.path.join(folder, name + ".bin"), "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype).reshape(shape)


model = HookedTransformer(
    HookedTransformerConfig(
        n_layers=L, d_model=D, n_ctx=c["context"], d_head=K, n_heads=H, d_mlp=F, d_vocab=c["vocab"],
        act_fn="gelu_new", normalization_type="LN", eps=c["norm"]["epsilon"], device="cpu", init_weights=False,
    )
)
state = {
    "embed.W_E": read("embed.weight", c["vocab"], D),
    "pos_embed.W_pos": read("positions.weight", c["context"], D),
    "ln_final.w": read("norm.weight", D),
    "ln_final.b": read("norm.bias", D),
    "unembed.W_U": read("embed.weight", c["vocab"], D).T.contiguous(),
    "unembed.b_U": torch.zeros(c["vocab"]),
}
for n in range(L):
    b = f"blocks.{n}."
    for norm in "12":
        state[f"{b}ln{norm}.w"] = read(f"{b}norm{norm}.weight", D)
        state[f"{b}ln{norm}.b"] = read(f"{b}norm{norm}.bias", D)
    for part in "qkv":
        weight = read(f"{b}attn.{part}.weight", D, H, K)
        state[f"{b}attn.W_{part.upper()}"] = weight.permute(1, 0, 2).contiguous()
        state[f"{b}attn.b_{part.upper()}"] = read(f"{b}attn.{part}.bias", H, K)
    state[f"{b}attn.W_O"], state[f"{b}attn.b_O"] = read(f"{b}attn.o.weight", H, K, D), read(f"{b}attn.o.bias", D)
    state[f"{b}mlp.W_in"], state[f"{b}mlp.b_in"] = read(f"{b}mlp.in.weight", D, F), read(f"{b}mlp.in.bias", F)
    state[f"{b}mlp.W_out"], state[f"{b}mlp.b_out"] = read(f"{b}mlp.out.weight", F, D), read(f"{b}mlp.out.bias", D)
missing, unexpected = model.load_state_dict(state, strict=False)
missing = [name for name in missing if not name.endswith((".mask", ".IGNORE"))]
assert not missing and not unexpected, (missing, unexpected)
tokens = read("tokens", task["batch"], task["time"], dtype=torch.int64)

logits, cache = model.run_with_cache(tokens)
differences = {}
for name, theirs in cache.items():
    # What leaves the unembedding goes by its plain name here.
    name = "logits" if name == "unembed.hook_out" else name
    if name not in task["names"]:
        differences[name] = None
        continue
    ours = read(f"activation.{name}", *task["names"][name]).broadcast_to(theirs.shape)
    # Masked scores are -Infinity on both sides.
    seen = torch.isfinite(theirs)
    assert torch.equal(seen, torch.isfinite(ours)), name
    differences[name] = (ours[seen] - theirs[seen]).abs().max().item()
del logits, cache
print(json.dumps(differences), flush=True)
for _ in sys.stdin:
    began = time.perf_counter()
    model.run_with_cache(tokens)
    print(json.dumps((time.perf_counter() - began) * 1e3), flush=True)
