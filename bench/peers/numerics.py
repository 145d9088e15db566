"""The peer of `numerics`: nanoGPT's model and step in PyTorch on the same weights and tokens.

python numerics.py FOLDER STEPS eager|compile
"""
import json
import os
import sys
import time

import torch

from nanogpt_model import Model, read

torch.set_num_threads(2)
folder, steps, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
task = json.load(open(os.path.join(folder, "task.json")))
c = task["config"]
D, H, V, T, L = c["width"], c["heads"], c["vocab"], c["context"], c["layers"]


def tensor(name, *shape, dtype=torch.float32):
    return read(folder, name, dtype).reshape(shape)


model = Model(V, T, L, H, D)
with torch.no_grad():
    model.wte.weight.copy_(tensor("embed.weight", V, D))
    model.wpe.weight.copy_(tensor("positions.weight", T, D))
    model.norm.weight.copy_(tensor("norm.weight", D))
    for n, block in enumerate(model.blocks):
        at = f"blocks.{n}."
        block.ln1.weight.copy_(tensor(at + "norm1.weight", D))
        block.ln2.weight.copy_(tensor(at + "norm2.weight", D))
        block.attn.weight.copy_(torch.cat([tensor(f"{at}attn.{p}.weight", D, D).T for p in "qkv"]))
        block.o.weight.copy_(tensor(at + "attn.o.weight", D, D).T)
        block.fc.weight.copy_(tensor(at + "mlp.in.weight", D, 4 * D).T)
        block.proj.weight.copy_(tensor(at + "mlp.out.weight", 4 * D, D).T)

adam = task["adam"]
optimiser = torch.optim.AdamW(
    model.groups(adam["weightDecay"]),
    lr=task["rate"], betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"],
)
tokens = tensor("tokens", task["batch"], task["time"], dtype=torch.int64)
targets = tensor("targets", task["batch"], task["time"], dtype=torch.int64)
forward = torch.compile(model) if mode == "compile" else model
losses, times = [], []
for step in range(steps):
    began = time.perf_counter()
    loss = forward(tokens, targets)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    losses.append(loss.item())
    times.append((time.perf_counter() - began) * 1e3)
    if step == 0:
        print(json.dumps({"first": True}), flush=True)
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
print(json.dumps({"losses": losses, "times": times, "peak_mb": peak}), flush=True)
