"""One process of a run that two share: reads its configuration from a file."""

import json
import sys
from pathlib import Path

import torch
from accelerate import Accelerator

from training.config import RewardConfig
from training.loops.reward import run

if __name__ == "__main__":
    torch.set_num_threads(1)
    values = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    del values["tiles"]
    accelerator = Accelerator(cpu=True)
    if accelerator.num_processes != 2:
        sys.exit(f"There are {accelerator.num_processes} processes here, not 2.")
    run(RewardConfig(**values), accelerator)
