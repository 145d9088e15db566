"""The peer of `numerics`: nanoGPT's model and step in PyTorch on the same weights and tokens.

python numerics.py FOLDER STEPS eager|compile
"""
import json
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(2)
folder, steps, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
task = json.load(open(os.path.join(folder, "task.json")))
c = task["config"]
D, H, V, T, L = c["width"], c["heads"], c["vocab"], c["context"], c["layers"]


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(D, bias=False), nn.LayerNorm(D, bias=False)
        self.attn, self.o = nn.Linear(D, 3 * D, bias=False), nn.Linear(D, D, bias=False)
        self.fc, self.proj = nn.Linear(D, 4 * D, bias=False), nn.Linear(4 * D, D, bias=False)

    def forward(self, x):
        b, t, _ = x.shape
        q, k, v = (part.view(b, t, H, D // H).transpose(1, 2) for part in self.attn(self.ln1(x)).split(D, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(b, t, D))
        return x + self.proj(F.gelu(self.fc(self.ln2(x))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, D), nn.Embedding(T, D)
        self.blocks = nn.ModuleList(Block() for _ in range(L))
        self.norm, self.head = nn.LayerNorm(D, bias=False), nn.Linear(D, V, bias=False)
        self.head.weight = self.wte.weight

    def forward(self, tokens, targets):
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return F.cross_entropy(self.head(self.norm(x)).view(-1, V), targets.view(-1))


def read(name, *shape, dtype=torch.float32):
    return torch.frombuffer(bytearray(open(os.path.join(folder, name + ".bin"), "rb").read()), dtype=dtype).reshape(shape)


model = Model()
with torch.no_grad():
    model.wte.weight.copy_(read("embed.weight", V, D))
    model.wpe.weight.copy_(read("positions.weight", T, D))
    model.norm.weight.copy_(read("norm.weight", D))
    for n, block in enumerate(model.blocks):
        at = f"blocks.{n}."
        block.ln1.weight.copy_(read(at + "norm1.weight", D))
        block.ln2.weight.copy_(read(at + "norm2.weight", D))
        block.attn.weight.copy_(torch.cat([read(f"{at}attn.{p}.weight", D, D).T for p in "qkv"]))
        block.o.weight.copy_(read(at + "attn.o.weight", D, D).T)
        block.fc.weight.copy_(read(at + "mlp.in.weight", D, 4 * D).T)
        block.proj.weight.copy_(read(at + "mlp.out.weight", 4 * D, D).T)

adam = task["adam"]
matrices = [p for p in model.parameters() if p.dim() >= 2]
vectors = [p for p in model.parameters() if p.dim() < 2]
optimiser = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": adam["weightDecay"]}, {"params": vectors, "weight_decay": 0.0}],
    lr=task["rate"], betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"],
)
tokens = read("tokens", task["batch"], task["time"], dtype=torch.int64)
targets = read("targets", task["batch"], task["time"], dtype=torch.int64)
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
