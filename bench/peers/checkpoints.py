"""The peer of `checkpoints`: opens what Candor wrote in `transformers`, and writes models of its own beside it.

python checkpoints.py FOLDER   (FOLDER holds ours/FAMILY and tokens.json; theirs/FAMILY and FAMILY.json with both logits come in)
"""
import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM

folder = pathlib.Path(sys.argv[1])
tokens = torch.tensor(json.loads((folder / "tokens.json").read_text()))


@torch.no_grad()
def logits(model):
    return model.eval()(tokens).logits.flatten().tolist()


for ours in sorted((folder / "ours").iterdir()):
    model, info = AutoModelForCausalLM.from_pretrained(
        ours, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    strays = sorted([*info["missing_keys"], *info["unexpected_keys"]])
    opened = logits(model)
    torch.manual_seed(5)
    for name, parameter in model.named_parameters():
        with torch.no_grad():
            parameter.normal_(1.0 if parameter.dim() == 1 and name.endswith("weight") else 0.0, 0.1)
    model.save_pretrained(folder / "theirs" / ours.name)
    written = logits(model)
    (folder / f"{ours.name}.json").write_text(json.dumps({"strays": strays, "opened": opened, "written": written}))
