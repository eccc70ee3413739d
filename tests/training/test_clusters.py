import re
import subprocess
from pathlib import Path

import pytest
from accelerate.commands.config.config_args import load_config_from_file
from accelerate.commands.launch import launch_command_parser

from training.config import PARTS, load_config
from training.finetune import parser

FOLDER = Path(__file__).resolve().parents[2] / "training" / "clusters"
CONFIGS = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "kubernetes.yaml")
SCRIPTS = [FOLDER / "slurm.sh", FOLDER / "kubernetes.yaml"]
RECIPE = FOLDER.parent / "recipes" / "sd15.toml"


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_accelerate_reads_every_configuration(path):
    config = load_config_from_file(str(path))

    assert config.mixed_precision in ("no", "bf16")
    assert config.distributed_type.name in ("MULTI_GPU", "MULTI_CPU")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_options_that_exist(path):
    text = path.read_text(encoding="utf-8")
    launched = text.split("accelerate launch", 1)[1]
    own = re.findall(r"--[a-z_]+", launched.split("training.finetune", 1)[1])
    accelerate = re.findall(r"--[a-z_]+", launched.split("-m training.finetune", 1)[0])

    assert set(own) <= set(parser()._option_string_actions)
    assert set(accelerate) <= set(launch_command_parser()._option_string_actions)
    assert "training/clusters/nodes.yaml" in launched


def test_the_slurm_script_is_a_shell_script():
    subprocess.run(["bash", "-n", str(FOLDER / "slurm.sh")], check=True)


@pytest.mark.parametrize("part", sorted(PARTS))
def test_the_recipe_of_the_papers_size_can_be_used(part):
    assert load_config(part, RECIPE).mixed_precision == "bf16"
