"""The peer of `rlhf`: TRL on the same model, data and settings.

python rlhf.py FOLDER ppo|grpo|dpo|reward STEPS

Says {"times": milliseconds of each step, "peak_mb": ...}. PPO needs trl 1.10.0, the last that has it; the others any later one.
"""
import json
import os
import resource
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
os.environ.update(TRL_EXPERIMENTAL_SILENCE="1", HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", CUDA_VISIBLE_DEVICES="")
# Standard output is for the answer alone.
answer = os.dup(1)
os.dup2(2, 1)
import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer, TrainerCallback

torch.set_num_threads(2)
folder, algorithm, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
settings = json.load(open(os.path.join(folder, "settings.json")))[algorithm]
lines = lambda name: [json.loads(line) for line in open(os.path.join(folder, name))]
side = "left" if algorithm in ("ppo", "grpo") else "right"
tokenizer = AutoTokenizer.from_pretrained(os.path.join(folder, "model"), padding_side=side)
model = AutoModelForCausalLM.from_pretrained(os.path.join(folder, "model"), dtype=torch.float32)
times, last = [], time.perf_counter()


def lap():
    global last
    now = time.perf_counter()
    times.append(1000 * (now - last))
    last = now


class Laps(TrainerCallback):
    def on_train_begin(self, *args, **kwargs):
        global last
        last = time.perf_counter()

    def on_step_end(self, *args, **kwargs):
        lap()


def scorer():
    scored = AutoModelForSequenceClassification.from_pretrained(os.path.join(folder, "reward"), num_labels=1, dtype=torch.float32)
    scored.config.pad_token_id = tokenizer.pad_token_id
    return scored


with tempfile.TemporaryDirectory() as out:
    shared = dict(
        output_dir=out, learning_rate=1e-5, lr_scheduler_type="constant", report_to=[], use_cpu=True, save_strategy="no", disable_tqdm=True,
        bf16=False, max_grad_norm=1.0, logging_steps=1, seed=1,
    )
    if algorithm == "grpo":
        from trl import GRPOConfig, GRPOTrainer

        args = GRPOConfig(
            **shared, per_device_train_batch_size=settings["batch"], max_steps=steps, beta=settings["beta"], gradient_checkpointing=False,
            num_generations=settings["num_generations"], max_completion_length=settings["max_completion_length"], temperature=1.0,
        )
        trainer = GRPOTrainer(
            model=model, reward_funcs=scorer(), args=args, train_dataset=Dataset.from_list(lines("prompts.jsonl")), processing_class=tokenizer,
            reward_processing_classes=tokenizer, callbacks=[Laps()],
        )
        trainer.train()
    elif algorithm == "dpo":
        from trl import DPOConfig, DPOTrainer

        args = DPOConfig(
            **shared, per_device_train_batch_size=settings["batch"], max_steps=steps, beta=settings["beta"], gradient_checkpointing=False,
            precompute_ref_log_probs=True,
        )
        reference = AutoModelForCausalLM.from_pretrained(os.path.join(folder, "model"), dtype=torch.float32)
        trainer = DPOTrainer(
            model=model, ref_model=reference, args=args, train_dataset=Dataset.from_list(lines("pairs.jsonl")), processing_class=tokenizer,
            callbacks=[Laps()],
        )
        trainer.train()
    elif algorithm == "reward":
        from trl import RewardConfig, RewardTrainer

        args = RewardConfig(**shared, per_device_train_batch_size=settings["batch"], max_steps=steps, gradient_checkpointing=False)
        trainer = RewardTrainer(
            model=scorer(), args=args, train_dataset=Dataset.from_list(lines("pairs.jsonl")), processing_class=tokenizer, callbacks=[Laps()]
        )
        trainer.train()
    else:
        from trl.experimental.ppo import PPOConfig, PPOTrainer

        shared.pop("logging_steps")
        args = PPOConfig(
            **shared, per_device_train_batch_size=settings["batch"], gradient_accumulation_steps=1, total_episodes=steps * settings["batch"],
            num_mini_batches=settings["num_mini_batches"], num_ppo_epochs=settings["num_ppo_epochs"], kl_coef=settings["kl_coef"],
            response_length=settings["max_completion_length"], temperature=1.0, num_sample_generations=0, stop_token="eos",
            local_rollout_forward_batch_size=settings["batch"],
        )
        reference = AutoModelForCausalLM.from_pretrained(os.path.join(folder, "model"), dtype=torch.float32)
        rows = [{"input_ids": tokenizer(row["prompt"])["input_ids"]} for row in lines("prompts.jsonl")]
        trainer = PPOTrainer(
            args=args, processing_class=tokenizer, model=model, ref_model=reference, reward_model=scorer(), value_model=scorer(),
            train_dataset=Dataset.from_list(rows),
        )
        trainer.log = lambda *_: lap()
        last = time.perf_counter()
        trainer.train()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
os.write(answer, (json.dumps({"times": times, "peak_mb": peak}) + "\n").encode())
