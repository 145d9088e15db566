"""The peer of `generation`: `transformers` on the same weights, prompts and threads.

python generation.py FOLDER BATCH TOKENS eager|compile|int8

Reads prompts of one length from FOLDER/prompts.json, answers greedily, and says per line what it measured: the tokens, the logits
after the first prompt, and for each line `go` on its standard input the seconds of one whole answer.
"""
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(2)
folder, batch, tokens, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
prompts = torch.tensor(json.load(open(os.path.join(folder, "prompts.json")))[:batch])
if mode == "int8":
    # GPT-2's Conv1D is no Linear: dynamic quantisation would leave it as it is.
    from torch import nn
    from transformers.pytorch_utils import Conv1D

    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv1D):
                linear = nn.Linear(child.weight.shape[0], child.weight.shape[1])
                linear.weight.data, linear.bias.data = child.weight.data.T.contiguous(), child.bias.data
                setattr(module, name, linear)
    model = torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
given = dict(max_new_tokens=tokens, min_new_tokens=tokens, do_sample=False, pad_token_id=0, attention_mask=torch.ones_like(prompts))
if mode == "compile":
    # `generate` compiles by itself on accelerators only.
    given["cache_implementation"] = "static"
    model.forward = torch.compile(model.forward, dynamic=False)
with torch.inference_mode():
    answer = model.generate(prompts, **given)[:, prompts.shape[1]:].tolist()
    logits = model(prompts[:1]).logits[0, -1, :8].tolist() if mode != "compile" else []
    print(json.dumps({"tokens": answer, "logits": logits}), flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        model.generate(prompts, **given)
        print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)
