"""A design of the small model becomes the start and the prompt of a large one's pictures."""

import hashlib
import random
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import ControlNetModel
from PIL import Image

from studio import photograph as command
from studio.design.spec import DesignSpec
from studio.domain import CheckpointError, GenerationRequest, RecipeError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.checkpoint import load_pipeline, save_component, save_defaults
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.control import Control, lines_of
from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from studio.services.photographs import Wanted, photographs, words_of
from studio.services.png_texts import texts_of_png
from studio.services.recipe import Recipe, png_with_recipe, recipe_from_texts
from tests.hub_layouts import save_in_hub_layout, sd15_pipeline
from tests.tiny_models import HEIGHT_PX, WIDTH_PX, tiny_adaptive_network
from tests.tiny_reward_models import SCHEMA
from tests.tiny_sdxl import save_sdxl
from training.atelier.world import sample_design

DESIGN = sample_design(random.Random(3), category="dress", pattern="floral", colour="navy")
STORE = Profile.of(store_id=SCHEMA.field("store_id").values[0])
DEFAULTS = GenerationDefaults(
    height_px=HEIGHT_PX, width_px=WIDTH_PX, num_inference_steps=4, guidance_scale=2.0
)
FAMILIES = ("sd15", "sdxl")


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory) -> Path:
    """A tiny one of each family, with a store's network."""
    folder = tmp_path_factory.mktemp("checkpoints")
    save_in_hub_layout(sd15_pipeline(), folder / "sd15")
    save_sdxl(folder / "sdxl")
    for name in FAMILIES:
        unet = load_pipeline(folder / name).unet
        save_component(folder / name, "adaptive_network", tiny_adaptive_network(unet))
        save_defaults(folder / name, DEFAULTS)
    return folder


@pytest.fixture
def pick(tmp_path) -> Path:
    """A design's file, as the studio saves it."""
    recipe = Recipe(
        request=GenerationRequest(prompt="dress"),
        prompt="dress",
        seed=5,
        num_inference_steps=12,
        guidance_scale=1.0,
        checkpoint="atelier",
        profile=STORE.to_json(),
        design=DESIGN.to_json(),
    )
    path = tmp_path / "PF-000001-1.png"
    path.write_bytes(png_with_recipe(picture(draw_croquis(DESIGN), 256), recipe))
    return path


def opened(folder: Path) -> Generator:
    return Generator.load(folder, device="cpu")


def pixels(content: bytes) -> np.ndarray:
    with Image.open(BytesIO(content)) as image:
        return np.asarray(image.convert("RGB")).astype(float)


def test_a_design_s_words_say_what_it_is_first_and_nothing_that_is_absent():
    words = words_of(DESIGN)

    assert words[0] == "fashion photograph"
    assert words[1].startswith("navy floral")
    assert words[1].endswith("dress")
    assert not {"none", "solid", ""} & set(words)
    assert DESIGN["hair"] in words


@pytest.mark.parametrize("family", FAMILIES)
def test_the_recipe_keeps_how_it_was_made_and_the_design_that_it_shows(checkpoints, pick, family):
    wanted = Wanted(count=2, seed=9, variation=0.5)

    made = photographs(pick, opened(checkpoints / family), wanted, family)

    for number, content in enumerate(made):
        found = recipe_from_texts(texts_of_png(BytesIO(content)))
        assert found is not None
        assert DesignSpec.from_json(found.design) == DESIGN
        assert found.start_images == (hashlib.sha256(pick.read_bytes()).hexdigest(),)
        assert (found.checkpoint, found.seed, found.profile) == (
            family,
            9 + number,
            STORE.to_json(),
        )
        assert (found.request.variation, "dress" in found.prompt) == (0.5, True)
    assert made == photographs(pick, opened(checkpoints / family), wanted, family)
    assert not np.array_equal(pixels(made[0]), pixels(made[1]))


def test_less_drawn_anew_stays_nearer_to_the_croquis_and_the_store_is_seen(checkpoints, pick):
    generator = opened(checkpoints / "sd15")

    def made(**changes) -> np.ndarray:
        return pixels(photographs(pick, generator, Wanted(count=1, **changes), "sd15")[0])

    decoder = generator.pipeline.decoder
    croquis = picture(draw_croquis(DESIGN), HEIGHT_PX)
    latents = decoder.start_latents([croquis], [], (HEIGHT_PX, WIDTH_PX))
    kept = decoder.images(latents, (HEIGHT_PX, WIDTH_PX))[0].permute(1, 2, 0).numpy() * 255
    far = [np.abs(made(variation=share) - kept).mean() for share in (0.25, 1.0)]
    assert far[0] < far[1]
    assert not np.array_equal(made(strength=0.0), made(strength=2.0))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_controlnet_holds_to_lines_beside_the_store(checkpoints, pick, tmp_path, family):
    generator = opened(checkpoints / family)
    torch.manual_seed(0)
    network = ControlNetModel.from_unet(
        generator.pipeline.unet, conditioning_embedding_out_channels=(4, 8, 8, 8)
    )
    network.save_pretrained(tmp_path / "fresh")  # its outgoing layers are zero
    with torch.no_grad():
        for layer in (*network.controlnet_down_blocks, network.controlnet_mid_block):
            torch.nn.init.normal_(layer.weight, std=0.3)
    network.save_pretrained(tmp_path / "trained")

    def made(**changes) -> np.ndarray:
        return pixels(photographs(pick, generator, Wanted(count=1, **changes), family)[0])

    without = made()
    fresh, trained = (made(controlnet=str(tmp_path / name)) for name in ("fresh", "trained"))
    assert np.array_equal(fresh, without)
    assert not np.array_equal(trained, without)
    loose = made(controlnet=str(tmp_path / "trained"), control_scale=0.0)
    assert np.array_equal(loose, without)
    plain = made(controlnet=str(tmp_path / "trained"), strength=0.0)
    assert not np.array_equal(plain, trained)


def test_lines_are_white_on_black():
    lines = np.asarray(lines_of(picture(draw_croquis(DESIGN), 256)))

    assert set(np.unique(lines)) == {0, 255}
    assert 0.005 < (lines > 0).mean() < 0.4


def test_a_controlnet_of_another_family_or_none_is_a_sentence(checkpoints, pick, tmp_path):
    sd15, sdxl = (opened(checkpoints / name) for name in FAMILIES)
    ControlNetModel.from_unet(
        sd15.pipeline.unet, conditioning_embedding_out_channels=(4, 8, 8, 8)
    ).save_pretrained(tmp_path / "control")

    with pytest.raises(CheckpointError, match=r"another family.*Stable Diffusion XL"):
        photographs(pick, sdxl, Wanted(controlnet=str(tmp_path / "control")), "sdxl")
    with pytest.raises(CheckpointError, match="no ControlNet at"):
        Control.load(tmp_path / "nowhere", Image.new("RGB", (8, 8)))


def test_what_is_no_design_or_draws_designs_is_refused(checkpoints, pick, tmp_path, generator):
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")

    with pytest.raises(RecipeError, match="holds no design"):
        photographs(tmp_path / "plain.png", opened(checkpoints / "sd15"), Wanted(), "sd15")
    with pytest.raises(CheckpointError, match="draws designs"):
        photographs(pick, generator, Wanted(), "tiny")


def test_the_command_writes_pictures_beside_each_other(checkpoints, pick, tmp_path):
    line = [str(pick), "--checkpoint", str(checkpoints / "sd15"), "--out", str(tmp_path / "out")]

    command.main([*line, "--count", "2", "--device", "cpu"])

    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"PF-000001-1-photograph-{number}.png" for number in (1, 2)]
    with pytest.raises(SystemExit, match="no checkpoint folder"):
        command.main([*line[:1], "--checkpoint", str(tmp_path / "nowhere")])
