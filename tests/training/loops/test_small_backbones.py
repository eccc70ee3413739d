from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.perfusion.reward_backbone import wrap_backbone
from studio.perfusion.reward_model import load_backbone
from tests.training.tiny_world import draw_blocks
from training.atelier.grammar import build_phrasebook
from training.config import SmallBackboneConfig, TilesConfig
from training.data.tiles import Tiles, load_tiles
from training.data.tokenizer import build_tokenizer
from training.loops.clip import FAMILY_SIZES
from training.loops.small_backbones import build, losses_of_step, make_backbone

KINDS = ("clip", "siglip", "vilt")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallBackboneConfig, Tiles]:
    folder = tmp_path_factory.mktemp("world")
    tokenizer = build_tokenizer(build_phrasebook().phrases, 77)
    tokenizer.save_pretrained(folder / "checkpoint" / "tokenizer")
    config = SmallBackboneConfig(
        checkpoint=str(folder / "checkpoint"),
        steps=2,
        batch_size=4,
        width=16,
        layers=1,
        heads=2,
        image_size_px=32,
        log_steps=1,
    )
    tiles = TilesConfig(folder=str(folder / "tiles"), count=8, held_out=2, workers=1)
    return config, load_tiles(tiles, "train", draw_blocks)


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_backbone_carries_the_reward_model(
    world: tuple[SmallBackboneConfig, Tiles], tmp_path: Path, kind: str
):
    config, tiles = world

    folder = make_backbone(kind, config, tiles, tmp_path / kind)

    model, processor = load_backbone(str(folder))
    backbone = wrap_backbone(model, "input")
    ids, mask = processor.prompts(["dress, red"])
    pixels = processor.pictures(list(tiles.images([0, 1])))
    tokens = backbone.embed_images(pixels)
    assert backbone.score(tokens.unsqueeze(0), ids, mask, {}).shape == (1, 2)
    assert processor.max_tokens == config.context_tokens


@pytest.mark.parametrize("kind", KINDS)
def test_matching_and_naming_are_learnt(world: tuple[SmallBackboneConfig, Tiles], kind: str):
    config, tiles = world
    torch.manual_seed(0)
    tokenizer = build_tokenizer(build_phrasebook().phrases, config.context_tokens)
    module = build(kind, config, tokenizer)
    optimiser = torch.optim.AdamW(module.parameters(), 5e-3)

    def losses(step: int) -> tuple[torch.Tensor, torch.Tensor]:
        return losses_of_step(module, config, tokenizer, tiles, step)

    first = [loss.item() for loss in losses(0)]
    for step in range(40):
        matching, naming = losses(step % 2)
        (matching + naming).backward()
        optimiser.step()
        optimiser.zero_grad()
    last = [loss.item() for loss in losses(0)]

    assert last[1] < first[1]
    if kind != "vilt":  # one tower needs thousands of steps before it reads the captions
        assert last[0] < first[0]


def test_vilt_names_attributes_beside_a_strangers_caption(
    world: tuple[SmallBackboneConfig, Tiles],
):
    config, _ = world
    tokenizer = build_tokenizer(build_phrasebook().phrases, config.context_tokens)
    module = build("vilt", config, tokenizer).eval()
    pixels = torch.zeros(3, 3, 32, 32)
    ids, mask = (
        tokenizer(["dress, red", "skirt", "coat"], padding=True, return_tensors="pt")[name]
        for name in ("input_ids", "attention_mask")
    )

    _, logits = module(pixels, ids, mask)
    _, other = module(pixels, ids[[0, 1, 1]], mask[[0, 1, 1]])

    assert logits.shape == (3, sum(FAMILY_SIZES))
    assert torch.allclose(logits[1], other[1], atol=1e-5)  # beside the first caption
    assert not torch.allclose(logits[0], other[0], atol=1e-5)  # beside the third


def test_a_finished_backbone_is_not_trained_again(
    world: tuple[SmallBackboneConfig, Tiles], tmp_path: Path
):
    config, tiles = world
    folder = make_backbone("clip", config, tiles, tmp_path / "clip")
    weights = (folder / "model.safetensors").read_bytes()

    make_backbone("clip", replace(config, seed=1), tiles, folder)

    assert (folder / "model.safetensors").read_bytes() == weights
