import json
import shutil
from pathlib import Path

import pytest
import torch
from diffusers import UNet2DConditionModel
from huggingface_hub import constants

from studio.domain import CheckpointError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import load_pipeline, save_component, save_pipeline
from studio.perfusion.reward_model import PerFusionRM
from tests.tiny_models import TINY_DEFAULTS, tiny_adaptive_network, tiny_pipeline
from tests.tiny_reward_models import (
    ANNA,
    random_images,
    save_tiny_backbone,
    shake,
    tiny_reward_model,
)
from training.publish import Publication, lay_out, main, push

REPO = "somebody/personal"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with everything: generator, adaptive network, reward model and backbone."""
    folder = tmp_path_factory.mktemp("whole") / "checkpoint"
    pipeline = tiny_pipeline()
    save_pipeline(pipeline, folder, defaults=TINY_DEFAULTS)
    save_component(folder, "adaptive_network", tiny_adaptive_network(pipeline.unet))
    save_tiny_backbone("clip", folder / "clip")
    shake(tiny_reward_model()).save_pretrained(folder / "reward_model")
    (folder / "reward_model" / "pytorch_model.bin").write_bytes(b"a pickle")
    (folder / "reward_model" / "modeling.py").write_text("raise SystemExit")
    return folder


class FolderApi:
    """Takes the place of the hub: a repository is a folder in its cache's own layout."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def create_repo(self, repo_id: str, *, private: bool, exist_ok: bool) -> None:
        assert private
        assert exist_ok

    def upload_folder(self, *, repo_id: str, folder_path: Path) -> None:
        home = self.cache / f"models--{repo_id.replace('/', '--')}"
        shutil.copytree(
            folder_path, home / "snapshots" / "0123456789abcdef0123456789abcdef01234567"
        )
        (home / "refs").mkdir()
        (home / "refs" / "main").write_text("0123456789abcdef0123456789abcdef01234567")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderApi:
    """Everything that is pushed can be loaded by its id, without a network."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return FolderApi(tmp_path / "cache")


def test_what_is_published_opens_with_plain_from_pretrained(checkpoint, tmp_path):
    parts = ("unet", "adaptive_network", "reward_model", "clip")
    folder = tmp_path / "published"
    lay_out(Publication(checkpoint=checkpoint, parts=parts), folder)

    unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet")
    network = PersonalisedAdaptiveNetwork.from_pretrained(folder, subfolder="adaptive_network")
    reward_model = PerFusionRM.from_pretrained(folder, subfolder="reward_model")

    own = load_pipeline(checkpoint)
    assert torch.equal(unet.conv_in.weight.float(), own.unet.conv_in.weight)
    network.check_fits(own.unet)
    first = PerFusionRM.from_pretrained(checkpoint / "reward_model")
    images = random_images(2)
    expected = first.score(images, "red dress", ANNA).total
    assert torch.equal(reward_model.score(images, "red dress", ANNA).total, expected)


def test_the_frozen_encoder_copy_is_a_stock_unet_inside():
    network = tiny_adaptive_network(tiny_pipeline().unet)

    assert type(network.encoder) is UNet2DConditionModel


def test_a_repository_is_filled_and_opened_by_its_id(checkpoint, hub):
    assert main([str(checkpoint), REPO], lambda: hub) == 0

    backbone = checkpoint / "clip"
    loaded = PerFusionRM.from_pretrained(REPO, subfolder="reward_model", backbone=backbone)
    first = PerFusionRM.from_pretrained(checkpoint / "reward_model")
    images = random_images(2)
    assert torch.equal(
        loaded.score(images, "red dress", ANNA).total, first.score(images, "red dress", ANNA).total
    )
    network = PersonalisedAdaptiveNetwork.from_pretrained(
        REPO, subfolder="adaptive_network", cache_dir=hub.cache
    )
    assert network.config.sample_size == [8, 4] or network.config.sample_size == (8, 4)


def test_only_weights_and_their_descriptions_are_published(checkpoint, tmp_path):
    lay_out(Publication(checkpoint=checkpoint), tmp_path / "published")

    files = {path.name for path in (tmp_path / "published").rglob("*") if path.is_file()}
    assert "pytorch_model.bin" not in files
    assert "modeling.py" not in files
    assert not (tmp_path / "published" / "unet").exists()


def test_the_card_says_what_it_was_made_of_and_under_which_licence(checkpoint, tmp_path):
    publication = Publication(
        checkpoint=checkpoint, licence="creativeml-openrail-m", base_models=("a/b", "c/d")
    )
    lay_out(publication, tmp_path / "published")

    card = (tmp_path / "published" / "README.md").read_text()
    head = dict(line.split(": ", 1) for line in card.split("---\n")[1].splitlines())
    assert json.loads(head["license"]) == "creativeml-openrail-m"
    assert json.loads(head["base_model"]) == ["a/b", "c/d"]
    assert "KDD'26" in card
    assert "`adaptive_network/`" in card


def test_a_second_publication_replaces_the_first_one_as_a_whole(checkpoint, tmp_path):
    lay_out(Publication(checkpoint=checkpoint), tmp_path / "published")
    lay_out(Publication(checkpoint=checkpoint, parts=("unet",)), tmp_path / "published")

    assert not (tmp_path / "published" / "adaptive_network").exists()


@pytest.mark.parametrize("parts", ["safety", "adaptive_network"])
def test_a_part_that_is_not_there_is_a_sentence(tmp_path, parts, capsys):
    (tmp_path / "empty").mkdir()

    assert main([str(tmp_path / "empty"), str(tmp_path / "out"), "--parts", parts]) == 2
    assert "Train first" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_hub_that_refuses_is_a_sentence(checkpoint):
    class Closed(FolderApi):
        def create_repo(self, repo_id: str, *, private: bool, exist_ok: bool) -> None:
            raise OSError("You are not logged in")

    with pytest.raises(CheckpointError, match="hf auth login"):
        push(Publication(checkpoint=checkpoint), REPO, Closed(checkpoint))


def test_a_reward_model_that_the_hub_does_not_have_is_a_sentence(hub):
    with pytest.raises(CheckpointError, match="nobody/nothing"):
        PerFusionRM.from_pretrained("nobody/nothing")
