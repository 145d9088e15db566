"""TransformerLens on the weights of a safetensors file in this folder's own names: python lens.py FILE LAYERS HEADS HEAD_DIM WIDTH MLP VOCAB CONTEXT

`cache TOKENS`, `attribution CLEAN CORRUPTED TOKEN`, `eap CLEAN CORRUPTED TOKEN` and `acdc CLEAN CORRUPTED`, `acdc-at-once CLEAN CORRUPTED` (lists in JSON
without spaces) answer with seconds and a few numbers to compare. Of a run of ACDC an edge is kept as `is_kept` has it; what the corrupted run says is
known before.
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


def edges_open(is_open):
    model.set_use_attn_result(is_open)
    model.set_use_split_qkv_input(is_open)
    model.set_use_hook_mlp_in(is_open)


# In the order in which they write; readers in groups that see the first so many writers.
WRITERS = ["hook_embed", "hook_pos_embed"]
GROUPS = []
for layer in range(LAYERS):
    block = f"blocks.{layer}"
    GROUPS.append(([(f"{block}.hook_{part}_input", head) for part in "qkv" for head in range(HEADS)], len(WRITERS)))
    WRITERS += [(f"{block}.attn.hook_result", head) for head in range(HEADS)]
    GROUPS.append(([(f"{block}.hook_mlp_in", None)], len(WRITERS)))
    WRITERS.append(f"{block}.hook_mlp_out")
GROUPS.append(([(f"blocks.{LAYERS - 1}.hook_resid_post", None)], len(WRITERS)))
PLACE = {}
for n, writer in enumerate(WRITERS):
    PLACE.setdefault(writer[0] if isinstance(writer, tuple) else writer, n)
is_writer = lambda name: name in PLACE


def is_kept(group, reader, writer):
    return (7 * group + reader + writer) % 3 != 0


def recorder(into):
    """Puts what each writer says into [writers, pos, width]."""
    def record(value, hook):
        start = PLACE[hook.name]
        if hook.name.endswith("hook_result"):
            into[start:start + HEADS] = value[0].detach().permute(1, 0, 2)
        else:
            into[start] = value[0].detach()
    return record


def written(tokens):
    into = torch.zeros(len(WRITERS), tokens.shape[1], WIDTH)
    inputs = {}

    def keep(value, hook):
        inputs[hook.name] = value.detach()
    readers = {name for group, _ in GROUPS for name, _ in group}
    with torch.no_grad(), model.hooks(fwd_hooks=[(is_writer, recorder(into)), (lambda name: name in readers, keep)]):
        model(tokens)
    return into, inputs


def eap(clean, corrupted, token):
    """Syed et al. 2023: (clean - corrupted) x gradient for every edge, by a run of each and one backward pass."""
    other, _ = written(corrupted)
    now, slopes = torch.zeros_like(other), {}

    def slope(value, hook):
        slopes[hook.name] = value.detach()
    readers = {name for group, _ in GROUPS for name, _ in group}
    with model.hooks(fwd_hooks=[(is_writer, recorder(now))], bwd_hooks=[(lambda name: name in readers, slope)]):
        model(clean)[0, -1, token].backward()
    model.zero_grad()
    differences = (now - other).reshape(len(WRITERS), -1)
    total, absolute = 0.0, 0.0
    for group, seen in GROUPS:
        for name in dict.fromkeys(name for name, _ in group):
            given = slopes[name][0]
            rows = given.permute(1, 0, 2).reshape(HEADS, -1) if given.dim() == 3 else given.reshape(1, -1)
            scores = differences[:seen] @ rows.T
            total += float(scores.sum())
            absolute += float(scores.abs().sum())
    return [total, absolute]


MASKS = [torch.tensor([[float(is_kept(g, r, w)) for w in range(seen)] for r in range(len(group))]) for g, (group, seen) in enumerate(GROUPS)]


def acdc(clean, other, inputs, at_once):
    """One run through the edges that are kept (Conmy et al. 2023): each kept edge added to the corrupted input in turn, or all of a reader's at once."""
    now = torch.zeros_like(other)
    hooks = [(is_writer, recorder(now))]
    for g, (group, seen) in enumerate(GROUPS):
        for start, name in enumerate(dict.fromkeys(name for name, _ in group)):
            first = start * HEADS

            def through(value, hook, g=g, seen=seen, first=first):
                split = value.dim() == 4
                if at_once:
                    mask = 1 - MASKS[g][first:first + (HEADS if split else 1)]
                    more = torch.einsum("rw,wpd->prd" if split else "rw,wpd->pd", mask, other[:seen] - now[:seen])
                    return value + more[None]
                taken = inputs[hook.name].clone()
                for r in range(HEADS if split else 1):
                    own = taken[0, :, r] if split else taken[0]
                    for w in range(seen):
                        if is_kept(g, first + r, w):
                            own += now[w] - other[w]
                return taken
            hooks.append((name, through))
    with torch.no_grad(), model.hooks(fwd_hooks=hooks):
        logits = model(clean)
    return logits[0, -1, :8].tolist()


KNOWN = {}
for line in sys.stdin:
    what, *given = line.split()
    rows = [torch.tensor(json.loads(each)) for each in given]
    begun = time.perf_counter()
    if what == "cache":
        with torch.no_grad():
            logits, cache = model.run_with_cache(rows[0])
        seconds = time.perf_counter() - begun
        numbers = logits[0, -1, :4].tolist() + cache["blocks.3.hook_resid_mid"][0, -1, :4].tolist()
    elif what == "eap":
        edges_open(True)
        begun = time.perf_counter()
        numbers = eap(rows[0], rows[1], int(rows[2]))
        seconds = time.perf_counter() - begun
        edges_open(False)
    elif what.startswith("acdc"):
        edges_open(True)
        if line.split()[2] not in KNOWN:
            KNOWN[line.split()[2]] = written(rows[1])
        other, inputs = KNOWN[line.split()[2]]
        begun = time.perf_counter()
        numbers = acdc(rows[0], other, inputs, what == "acdc-at-once")
        seconds = time.perf_counter() - begun
        edges_open(False)
    else:
        total = attribution(rows[0], rows[1], int(rows[2]))
        seconds = time.perf_counter() - begun
        numbers = [total]
    print(json.dumps({"seconds": seconds, "numbers": numbers}), flush=True)
