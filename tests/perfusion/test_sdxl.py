"""Stable Diffusion XL: two text towers, pooled text and sizes, and the same adaptive network."""

import json
import shutil
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from diffusers import StableDiffusionXLPipeline

from studio.domain import CheckpointError, GenerationRequest
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import load_pipeline, save_component, save_pipeline
from studio.perfusion.conditions import packed, pooled_width, unpacked
from studio.perfusion.generator import Generator
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.profile import Profile
from studio.perfusion.sampling import guided_predictor
from studio.perfusion.unet_halves import decode, encode
from tests.hub_layouts import save_in_hub_layout, sd15_pipeline
from tests.tiny_models import HEIGHT_PX, WIDTH_PX, tiny_adaptive_network
from tests.tiny_reward_models import SCHEMA
from tests.tiny_sdxl import FIRST_WIDTH, POOLED_WIDTH, SECOND_WIDTH, save_sdxl, tiny_sdxl_unet

SIZE_PX = (HEIGHT_PX, WIDTH_PX)
WIDTH = FIRST_WIDTH + SECOND_WIDTH
STORE = SCHEMA.field("store_id").values[0]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    return save_sdxl(tmp_path_factory.mktemp("sdxl") / "checkpoint")


@pytest.fixture(scope="module")
def pipeline(checkpoint):
    return load_pipeline(checkpoint)


def stock(pipeline, zeros: bool = True) -> StableDiffusionXLPipeline:
    names = ("vae", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "unet")
    parts = {name: getattr(pipeline, name) for name in (*names, "scheduler")}
    made = StableDiffusionXLPipeline(
        **parts, force_zeros_for_empty_prompt=zeros, add_watermarker=False
    )
    made.set_progress_bar_config(disable=True)
    return made


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_conditions_come_out_as_they_went_in():
    unet, rng = tiny_sdxl_unet(), torch.Generator().manual_seed(0)
    states = torch.randn(2, 7, WIDTH, generator=rng)
    pooled = torch.randn(2, POOLED_WIDTH, generator=rng)

    again, conditions = unpacked(unet, packed(states, pooled, (1024, 832)))

    assert pooled_width(unet) == POOLED_WIDTH
    assert torch.equal(again, states)
    assert torch.equal(conditions["text_embeds"], pooled)
    assert conditions["time_ids"].tolist() == [[1024, 832, 0, 0, 1024, 832]] * 2


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_sizes_survive_half_precision(dtype):
    states, pooled = (
        torch.zeros(1, 2, WIDTH, dtype=dtype),
        torch.zeros(1, POOLED_WIDTH, dtype=dtype),
    )

    for side in range(64, 2048 + 1, 64):
        _, conditions = unpacked(tiny_sdxl_unet(), packed(states, pooled, (side, 64)))
        assert conditions["time_ids"][0, 0] == side


@pytest.mark.parametrize("zeros", [True, False])
@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_it_draws_what_stable_diffusion_xls_own_pipeline_draws(tmp_path, zeros, scale):
    ours = load_pipeline(save_sdxl(tmp_path / "sdxl", zeros=zeros))
    options = {
        "num_inference_steps": 4,
        "guidance_scale": scale,
        "height": HEIGHT_PX,
        "width": WIDTH_PX,
        "output_type": "pt",
    }

    theirs = cast("Any", stock(ours, zeros)("dress, red", generator=seeded(3), **options)).images

    found = cast("Any", ours("dress, red", generator=[seeded(3)], **options)).images
    torch.testing.assert_close(found, theirs, atol=1e-4, rtol=0)


def test_its_two_halves_are_its_u_net_with_and_without_a_store(pipeline):
    unet, rng = pipeline.unet, torch.Generator().manual_seed(1)
    latents = torch.randn(2, 4, 8, 4, generator=rng)
    embeds = pipeline.encode_prompts(["dress", "red skirt"], size_px=SIZE_PX)
    states, conditions = unpacked(unet, embeds)
    network = tiny_adaptive_network(unet)
    user = network.user_latents(torch.zeros(1, len(SCHEMA.fields), 1, dtype=torch.int64))

    with torch.no_grad():
        added = network(latents, torch.tensor(500), embeds, user)
        for residuals in (None, added):
            whole = unet(
                latents,
                500,
                encoder_hidden_states=states,
                added_cond_kwargs=conditions,
                down_block_additional_residuals=residuals and residuals.skips,
                mid_block_additional_residual=residuals and residuals.middle,
                return_dict=False,
            )[0]
            halves = decode(unet, encode(unet, latents, torch.tensor(500), embeds), residuals)
            assert torch.equal(halves, whole)


def test_before_training_the_network_changes_nothing_and_the_size_is_seen(pipeline):
    network = PersonalisedAdaptiveNetwork.from_unet(pipeline.unet, SCHEMA, field_width=4)
    latents, timestep = torch.randn(1, 4, 8, 4, generator=seeded(0)), torch.tensor(700)
    small, large = (
        pipeline.encode_prompts(["dress"], size_px=size) for size in (SIZE_PX, (512, 512))
    )
    user = network.user_latents(torch.zeros(1, len(SCHEMA.fields), 1, dtype=torch.int64))

    with torch.no_grad():
        plain = guided_predictor(pipeline.unet, small, None, 1.0)(latents, timestep)
        residuals = network(latents, timestep, small, user)
        assert all(not bool(each.any()) for each in (*residuals.skips, residuals.middle))
        other = guided_predictor(pipeline.unet, large, None, 1.0)(latents, timestep)
    assert not torch.equal(plain, other)


def test_a_store_changes_what_is_drawn_and_all_of_it_survives_saving(checkpoint, tmp_path):
    folder = shutil.copytree(checkpoint, tmp_path / "sdxl")
    save_component(folder, "adaptive_network", tiny_adaptive_network(load_pipeline(folder).unet))
    save_pipeline(load_pipeline(folder), tmp_path / "again", dtype=torch.float32)

    index = json.loads((tmp_path / "again" / "model_index.json").read_text(encoding="utf-8"))
    assert index["force_zeros_for_empty_prompt"] is True
    request = GenerationRequest(prompt="dress, red", num_candidates=1, num_inference_steps=3)
    drawn = [
        Generator.load(each, device="cpu").generate(request, profile=profile).candidates[0].image
        for each in (folder, tmp_path / "again")
        for profile in (None, Profile.of(store_id=STORE))
    ]
    plain, personal, plain_again, personal_again = (image.tobytes() for image in drawn)
    assert plain != personal
    assert plain == plain_again
    assert personal == personal_again
    called: Any = PerFusionPipeline.from_pretrained(tmp_path / "again")(
        "dress, red", {"store_id": STORE}, num_inference_steps=3, generator=seeded(0)
    )
    assert called.images[0].tobytes() == personal


def test_in_half_precision_its_autoencoder_stays_in_single(checkpoint, tmp_path):
    half = load_pipeline(checkpoint, dtype=torch.float16)
    assert (half.unet.dtype, half.vae.dtype) == (torch.float16, torch.float32)

    folder = shutil.copytree(checkpoint, tmp_path / "fixed")
    config = json.loads((folder / "vae" / "config.json").read_text(encoding="utf-8"))
    (folder / "vae" / "config.json").write_text(json.dumps({**config, "force_upcast": False}))
    assert load_pipeline(folder, dtype=torch.float16).vae.dtype == torch.float16


def test_parts_of_another_family_are_refused_in_a_sentence(checkpoint, tmp_path):
    alone = shutil.copytree(checkpoint, tmp_path / "alone")
    shutil.rmtree(alone / "text_encoder_2")
    with pytest.raises(CheckpointError, match=r"is Stable Diffusion XL's.*no text_encoder_2"):
        load_pipeline(alone)

    save_in_hub_layout(sd15_pipeline(), tmp_path / "sd15")
    for name in ("text_encoder_2", "tokenizer_2"):
        shutil.copytree(checkpoint / name, tmp_path / "sd15" / name)
    with pytest.raises(CheckpointError, match=r"second text tower.*another family"):
        load_pipeline(tmp_path / "sd15")

    other = shutil.copytree(checkpoint, tmp_path / "other")
    tiny_sdxl_unet(pooled=12).save_pretrained(other / "unet")
    with pytest.raises(CheckpointError, match=r"unet and text_encoder_2 .*12 against 20"):
        load_pipeline(other)


def test_a_network_of_stable_diffusion_1_5_is_refused_by_xl(checkpoint, tmp_path):
    folder = shutil.copytree(checkpoint, tmp_path / "mixed")
    save_component(folder, "adaptive_network", tiny_adaptive_network(sd15_pipeline().unet))

    with pytest.raises(CheckpointError, match="trained on another U-Net"):
        load_pipeline(folder)
