import numpy as np
from PIL import Image

from studio.design.spec import DesignSpec
from tests.training.tiny_world import draw_blocks, tiny_tiles
from training.config import TilesConfig
from training.data import tiles as tiles_module
from training.data.tiles import Images, load_tiles, picture_fingerprint, squeezed, tile
from training.loops.clip import image_processor


def draw_dark_blocks(design: DesignSpec) -> Images:
    return 255 - draw_blocks(design)


def test_a_tile_shows_the_design_that_its_numbers_name(tmp_path):
    tiles = tiny_tiles(tmp_path, count=5)

    for index in range(5):
        drawn = squeezed(draw_blocks(tiles.designs.spec(index)))
        assert np.array_equal(tiles.images([index])[0], drawn)
        assert tiles.designs.spec(index).outfit == tiles.outfit(index)


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
    drawn = squeezed(draw_blocks(tiles.designs.spec(size)))
    assert np.array_equal(tiles.images([size])[0], drawn)
    assert tiles.tensors([size + 1]).shape == (1, 3, 160, 160)


def test_tiles_of_another_drawing_are_not_mixed_up(tmp_path):
    assert picture_fingerprint(draw_blocks) == picture_fingerprint(draw_blocks)
    assert picture_fingerprint(draw_blocks) != picture_fingerprint(draw_dark_blocks)
    config = TilesConfig(folder=str(tmp_path), count=2, workers=1)

    for draw in (draw_blocks, draw_dark_blocks):
        tiles = load_tiles(config, "train", draw)
        assert np.array_equal(tiles.images([0])[0], squeezed(draw(tiles.designs.spec(0))))


def test_a_tile_is_what_the_image_processor_makes_of_the_drawing(tmp_path):
    spec = tiny_tiles(tmp_path).designs.spec(0)

    processed = image_processor(tiles_module.SQUARE_PX)(
        Image.fromarray(tile(spec)), return_tensors="pt"
    )["pixel_values"][0]

    assert tile(spec).shape == tiles_module.TILE_SHAPE
    seen = (processed + 1) / 2 * 255
    np.testing.assert_allclose(seen.permute(1, 2, 0), squeezed(tile(spec)), atol=0.01)
