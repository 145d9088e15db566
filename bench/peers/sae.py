"""SAELens's top-k autoencoder, trained step by step: python sae.py FOLDER WIDTH FEATURES K BATCH

`go N` answers with the seconds of N steps; `open FOLDER` with what the dictionary of that folder says of rows of ones.
"""
import json
import sys
import time

import torch
from sae_lens import SAE, TopKTrainingSAE, TopKTrainingSAEConfig
from sae_lens.saes.sae import TrainStepInput

WIDTH, FEATURES, K, BATCH = map(int, sys.argv[1:5])
torch.set_num_threads(2)
torch.manual_seed(1)
sae = TopKTrainingSAE(TopKTrainingSAEConfig(d_in=WIDTH, d_sae=FEATURES, k=K, rescale_acts_by_decoder_norm=True))
optimizer = torch.optim.Adam(sae.parameters(), lr=1e-3)
batches = [torch.randn(BATCH, WIDTH) for _ in range(4)]
silent = torch.zeros(FEATURES)


def step(n):
    global silent
    out = sae.training_forward_pass(TrainStepInput(
        sae_in=batches[n % 4], coefficients={}, dead_neuron_mask=silent > 1e9, n_training_steps=n, is_logging_step=False))
    optimizer.zero_grad()
    out.loss.backward()
    optimizer.step()
    with torch.no_grad():
        silent = torch.where((out.feature_acts > 0).any(0), 0, silent + BATCH)


for n in range(3):
    step(n)
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    what, of = line.split()
    if what == "go":
        begun = time.perf_counter()
        for n in range(int(of)):
            step(n)
        print(json.dumps({"seconds": time.perf_counter() - begun}), flush=True)
    else:
        opened = SAE.load_from_disk(of)
        with torch.no_grad():
            acts = opened.encode(torch.ones(1, opened.cfg.d_in))
            print(json.dumps({"made": opened.decode(acts).flatten().tolist()}), flush=True)
