import pytest

from studio.domain import CheckpointError
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.scoring import REWARD_FOLDER, load_reward_model
from tests.tiny_reward_models import ANNA, random_images, save_tiny_backbone, shake
from tests.tiny_reward_models import tiny_reward_model as tiny


def save_reward_model(folder) -> PerFusionRM:
    save_tiny_backbone("clip", folder / "clip")
    model = shake(tiny())
    model.save_pretrained(folder / REWARD_FOLDER)
    return model


def test_the_reward_model_of_a_checkpoint_scores_as_the_one_that_was_saved(tmp_path):
    saved = save_reward_model(tmp_path)

    loaded = load_reward_model(tmp_path, device="cpu")

    assert loaded is not None
    images = random_images(3)
    assert loaded.score(images, "dress", ANNA).total.tolist() == pytest.approx(
        saved.score(images, "dress", ANNA).total.tolist(), abs=1e-4
    )


def test_a_checkpoint_may_have_no_reward_model(tmp_path):
    assert load_reward_model(tmp_path) is None


def test_a_damaged_reward_model_is_told(tmp_path):
    save_reward_model(tmp_path)
    (tmp_path / REWARD_FOLDER / "model.safetensors").write_bytes(b"cut short")

    with pytest.raises(CheckpointError, match="reward model"):
        load_reward_model(tmp_path)
