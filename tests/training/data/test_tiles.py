import random

import numpy as np

from tests.training.tiny_world import draw_blocks, tiny_tiles
from training.atelier.attributes import sample_outfit
from training.config import TilesConfig
from training.data import tiles as tiles_module
from training.data.tiles import load_tiles, outfit_from_indices, world_fingerprint


def test_a_tile_shows_the_outfit_that_its_attributes_name(tmp_path):
    tiles = tiny_tiles(tmp_path, count=5)

    for index in range(5):
        assert np.array_equal(tiles.images([index])[0], draw_blocks(tiles.outfit(index)))


def test_class_indices_and_outfits_turn_into_each_other():
    outfit = sample_outfit(random.Random(3))

    assert outfit_from_indices(outfit.class_indices()) == outfit


def test_more_tiles_keep_the_ones_there_were(tmp_path):
    few, many = tiny_tiles(tmp_path, count=3), tiny_tiles(tmp_path, count=6)

    assert np.array_equal(few.images(range(3)), many.images(range(3)))


def test_training_and_held_out_tiles_differ(tmp_path):
    train, held_out = tiny_tiles(tmp_path), tiny_tiles(tmp_path, part="held-out")

    assert {train.outfit(i) for i in range(24)}.isdisjoint(held_out.outfit(i) for i in range(24))


def test_a_second_opening_draws_nothing(tmp_path):
    tiny_tiles(tmp_path, count=3)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}

    tiny_tiles(tmp_path, count=3)

    assert written == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}


def test_shards_follow_each_other_and_two_workers_draw_the_same(tmp_path):
    size = tiles_module.SHARD_TILES
    config = TilesConfig(folder=str(tmp_path), count=size + 2, workers=2)

    tiles = load_tiles(config, "train", draw_blocks)

    assert len(tiles) == size + 2
    assert np.array_equal(tiles.images([size])[0], draw_blocks(tiles.outfit(size)))
    assert tiles.tensors([size + 1]).shape == (1, 3, 256, 128)


def test_the_fingerprint_changes_with_what_is_drawn():
    assert world_fingerprint(draw_blocks) == world_fingerprint(draw_blocks)
    assert world_fingerprint(draw_blocks) != world_fingerprint(
        lambda outfit: 255 - draw_blocks(outfit)
    )
