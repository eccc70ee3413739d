import json
import math
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.domain import CheckpointError
from studio.perfusion.checkpoint import load_pipeline, save_pipeline
from studio.perfusion.sound_models import check_sizes
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook


@pytest.fixture(scope="module")
def saved(tmp_path_factory, pipeline):
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    save_pipeline(pipeline, folder, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    return folder


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("scheduler/scheduler_config.json", {"num_train_timesteps": 10**9}),
        ("scheduler/scheduler_config.json", {"beta_end": math.nan}),
        ("unet/config.json", {"layers_per_block": 10**6}),
        ("unet/config.json", {"block_out_channels": [10**400]}),
        ("unet/config.json", {"block_out_channels": [32] * 100_000}),
        ("text_encoder/config.json", {"num_hidden_layers": 10**6}),
        ("text_encoder/config.json", {"hidden_size": math.inf}),
        ("codec/config.json", {"width": 10**12}),
    ],
)
def test_a_model_that_no_machine_could_build_is_refused_at_once(saved, tmp_path, part, change):
    folder = shutil.copytree(saved, tmp_path / "hostile")
    config = json.loads((folder / part).read_text())
    (folder / part).write_text(json.dumps(config | change))

    with pytest.raises(CheckpointError, match="can't be built"):
        load_pipeline(folder)


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5_000, '{"a": ' + "9" * 5_000 + "}"])
def test_a_configuration_that_cannot_be_parsed_is_refused(saved, tmp_path, text):
    folder = shutil.copytree(saved, tmp_path / "hostile")
    (folder / "unet" / "config.json").write_text(text)

    with pytest.raises(CheckpointError, match="no valid JSON"):
        load_pipeline(folder)


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("part", ["unet", "text_encoder/model"])
def test_weights_that_are_no_numbers_are_refused(saved, tmp_path, part, value):
    folder = shutil.copytree(saved, tmp_path / "broken")
    path = next((folder / part.split("/")[0]).glob("*.safetensors"))
    weights = load_file(path)
    name = sorted(weights)[0]
    weights[name].view(-1)[0] = value
    path.unlink()
    save_file(weights, path, metadata={"format": "pt"})

    with pytest.raises(CheckpointError, match="no numbers"):
        load_pipeline(folder, dtype=torch.float32)


def test_infinity_where_diffusers_itself_writes_it_is_fine(tmp_path):
    check_sizes(tmp_path, {"lambda_min_clipped": -math.inf, "sample_size": 64, "name": "x"})
