"""The peer of `shakespeare`: nanoGPT's CPU setting in PyTorch, trained from its own weights on its own batches.

python nanogpt.py FOLDER SEED STEPS

FOLDER holds train.bin and validation.bin, uint16 tokens, as `bench/src/shakespeare.ts` writes them.
"""
import json
import math
import sys
import time

import torch
from torch import nn

from nanogpt_model import Model, read

torch.set_num_threads(2)
folder, seed, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(seed)
V, L, H, D, T, B = 65, 4, 4, 128, 64, 12
train, validation = (read(folder, name, torch.uint16).to(torch.int64) for name in ("train", "validation"))


def rate(step):
    if step < 100:
        return 1e-3 * (step + 1) / 100
    return 1e-4 + 0.5 * (1 + math.cos(math.pi * (step - 100) / (steps - 100))) * (1e-3 - 1e-4)


model = Model(V, T, L, H, D)
for name, p in model.named_parameters():
    if p.dim() >= 2:
        nn.init.normal_(p, 0.0, 0.02 / math.sqrt(2 * L) if name.endswith((".o.weight", ".proj.weight")) else 0.02)
optimiser = torch.optim.AdamW(model.groups(0.1), betas=(0.9, 0.99))
began = time.perf_counter()
for step in range(steps):
    for group in optimiser.param_groups:
        group["lr"] = rate(step)
    places = torch.randint(len(train) - T, (B,))
    tokens = torch.stack([train[i : i + T] for i in places])
    targets = torch.stack([train[i + 1 : i + 1 + T] for i in places])
    loss = model(tokens, targets)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
seconds = time.perf_counter() - began

# Each token but the first is a target once, in windows that follow each other; the last window is short.
nats = 0.0
with torch.no_grad():
    whole = (len(validation) - 1) // T
    tokens, targets = validation[: whole * T].view(-1, T), validation[1 : whole * T + 1].view(-1, T)
    for some in range(0, whole, 32):
        nats += model(tokens[some : some + 32], targets[some : some + 32], "sum").item()
    rest = validation[whole * T :]
    if len(rest) > 1:
        nats += model(rest[None, :-1], rest[None, 1:], "sum").item()
print(json.dumps({"validation_loss": nats / (len(validation) - 1), "seconds": seconds}))
