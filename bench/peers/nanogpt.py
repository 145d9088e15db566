"""The peer of `shakespeare`: nanoGPT's CPU setting in PyTorch, trained from its own weights on its own batches.

python nanogpt.py FOLDER SEED STEPS

FOLDER holds train.bin and validation.bin, uint16 tokens, as `bench/src/shakespeare.ts` writes them.
"""
import json
import math
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(2)
folder, seed, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(seed)
V, L, H, D, T, B = 65, 4, 4, 128, 64, 12


def read(name):
    data = bytearray(open(os.path.join(folder, name + ".bin"), "rb").read())
    return torch.frombuffer(data, dtype=torch.uint16).to(torch.int64)


train, validation = read("train"), read("validation")


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(D, bias=False), nn.LayerNorm(D, bias=False)
        self.attn, self.proj_attn = nn.Linear(D, 3 * D, bias=False), nn.Linear(D, D, bias=False)
        self.fc, self.proj_mlp = nn.Linear(D, 4 * D, bias=False), nn.Linear(4 * D, D, bias=False)

    def forward(self, x):
        b, t, _ = x.shape
        q, k, v = (part.view(b, t, H, D // H).transpose(1, 2) for part in self.attn(self.ln1(x)).split(D, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj_attn(y.transpose(1, 2).reshape(b, t, D))
        return x + self.proj_mlp(F.gelu(self.fc(self.ln2(x))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, D), nn.Embedding(T, D)
        self.blocks = nn.ModuleList(Block() for _ in range(L))
        self.norm, self.head = nn.LayerNorm(D, bias=False), nn.Linear(D, V, bias=False)
        self.head.weight = self.wte.weight
        for name, p in self.named_parameters():
            if p.dim() >= 2:
                nn.init.normal_(p, 0.0, 0.02 / math.sqrt(2 * L) if "proj" in name else 0.02)

    def forward(self, tokens, targets, reduction="mean"):
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return F.cross_entropy(self.head(self.norm(x)).view(-1, V), targets.reshape(-1), reduction=reduction)


def rate(step):
    if step < 100:
        return 1e-3 * (step + 1) / 100
    return 1e-4 + 0.5 * (1 + math.cos(math.pi * (step - 100) / (steps - 100))) * (1e-3 - 1e-4)


model = Model()
groups = [
    {"params": [p for p in model.parameters() if p.dim() >= 2], "weight_decay": 0.1},
    {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
]
optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.99))
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
