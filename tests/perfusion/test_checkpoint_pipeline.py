import numpy as np
import pytest
import torch
from diffusers import (
    AutoencoderKL,
    DiffusionPipeline,
    EulerDiscreteScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)

from studio.design.spec import spec_of_values
from studio.domain import PromptTooLongError
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.design_codec import OPEN
from studio.perfusion.sampling import initial_noise
from tests.tiny_models import HEIGHT_PX, TEXT_WIDTH, WIDTH_PX, tiny_pipeline

SIZE = {"height": HEIGHT_PX, "width": WIDTH_PX}


@pytest.fixture(scope="module")
def of_pictures() -> CheckpointPipeline:
    """A pipeline of pictures that no test may change."""
    return tiny_pipeline(decoder="vae")


def generators(*seeds: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def draw(pipeline, **options):
    given = {
        "num_inference_steps": 3,
        "guidance_scale": 3.0,
        "output_type": "pt",
        "generator": generators(0),
        **SIZE,
        **options,
    }
    return pipeline("dress, red", **given).images


def test_text_states_have_a_row_per_prompt_and_equal_prompts_equal_rows(pipeline):
    embeds = pipeline.encode_prompts(["dress", "", "dress"])

    assert embeds.shape == (3, pipeline.tokenizer.model_max_length, TEXT_WIDTH)
    assert torch.equal(embeds[0], embeds[2])
    assert not torch.allclose(embeds[0], embeds[1])


def test_a_distinct_prompt_is_encoded_once(pipeline):
    rows = []
    hook = pipeline.text_encoder.register_forward_hook(
        lambda module, args, output: rows.append(output.last_hidden_state.shape[0])
    )

    pipeline.encode_prompts(["dress"] * 7 + [""] * 7)
    hook.remove()

    assert rows == [2]


def test_a_prompt_that_the_text_tower_cannot_read_names_the_first_phrase_too_many(pipeline):
    with pytest.raises(PromptTooLongError, match=r"“ccccccccc” and what follows"):
        pipeline.encode_prompts(["a" * 30 + ", " + "b" * 40 + ", " + "c" * 9 + ", d"])


@pytest.mark.parametrize("decoder", ["codec", "vae"])
def test_the_call_gives_every_output_type(decoder):
    pipeline = tiny_pipeline(decoder=decoder)

    tensor = draw(pipeline)
    array = draw(pipeline, output_type="np")
    picture = draw(pipeline, output_type="pil")[0]
    latents = draw(pipeline, output_type="latent")

    assert tensor.shape == (1, 3, HEIGHT_PX, WIDTH_PX)
    np.testing.assert_array_equal(array, tensor.permute(0, 2, 3, 1).numpy())
    assert picture.size == (WIDTH_PX, HEIGHT_PX)
    assert latents.shape == (1, *pipeline.latent_shape(HEIGHT_PX, WIDTH_PX))
    torch.testing.assert_close(pipeline.decoder.images(latents, (HEIGHT_PX, WIDTH_PX)), tensor)


def test_without_a_size_each_kind_draws_its_own(of_pictures):
    own = {"height": None, "width": None}

    assert draw(of_pictures, **own).shape == (1, 3, HEIGHT_PX, WIDTH_PX)
    assert draw(tiny_pipeline(), **own, output_type="pil")[0].size == (512, 1024)


def test_without_a_guidance_scale_designs_are_not_guided_and_pictures_are(of_pictures):
    designs = tiny_pipeline()
    latent = {"output_type": "latent"}

    assert torch.equal(
        draw(designs, guidance_scale=None, **latent), draw(designs, guidance_scale=1.0, **latent)
    )
    assert torch.equal(
        draw(of_pictures, guidance_scale=None), draw(of_pictures, guidance_scale=7.5)
    )


def test_prompts_and_images_per_prompt_multiply(of_pictures):
    images = of_pictures(
        ["dress", "skirt"],
        num_images_per_prompt=2,
        generator=generators(0, 1, 0, 1),
        num_inference_steps=2,
        output_type="pt",
        return_dict=False,
    )[0]

    assert images.shape[0] == 4
    assert not torch.allclose(images[0], images[2])


def test_the_noise_to_start_from_may_be_given(of_pictures):
    noise = initial_noise(generators(0), of_pictures.latent_shape(HEIGHT_PX, WIDTH_PX))

    assert torch.equal(draw(of_pictures, latents=noise), draw(of_pictures))
    assert not torch.allclose(draw(of_pictures, latents=0.5 * noise), draw(of_pictures))
    with pytest.raises(ValueError, match="latents must be of shape"):
        draw(of_pictures, latents=noise[:, :1])


def test_another_size_may_be_asked_for_and_an_impossible_one_not(pipeline, of_pictures):
    assert draw(of_pictures, height=32, width=48).shape == (1, 3, 32, 48)
    with pytest.raises(ValueError, match="multiples of 8"):
        draw(of_pictures, height=60)
    assert draw(pipeline, height=96, width=48).shape == (1, 3, 96, 48)
    with pytest.raises(ValueError, match="twice as high"):
        draw(pipeline, height=32, width=48)


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
def test_any_scheduler_of_diffusers_can_be_put_in(prediction_type):
    pipeline = tiny_pipeline(prediction_type=prediction_type, decoder="vae")
    solved = draw(pipeline, num_inference_steps=20)
    pipeline.scheduler = EulerDiscreteScheduler.from_config(
        pipeline.scheduler.config, final_sigmas_type="zero"
    )

    other = draw(pipeline, num_inference_steps=60)

    assert float((solved - other).abs().mean()) < 0.03


def test_it_draws_what_stable_diffusions_own_pipeline_draws():
    ours = tiny_pipeline(prediction_type="epsilon", decoder="vae")
    stock = StableDiffusionPipeline(
        vae=ours.vae,
        text_encoder=ours.text_encoder,
        tokenizer=ours.tokenizer,
        unet=ours.unet,
        scheduler=ours.scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    stock.set_progress_bar_config(disable=True)
    options = {"num_inference_steps": 5, "guidance_scale": 4.0}

    theirs = stock(
        "dress, red", generator=generators(3), output_type="pt", **options, **SIZE
    ).images

    torch.testing.assert_close(
        draw(ours, generator=generators(3), **options), theirs, atol=1e-4, rtol=0
    )


def test_no_guidance_needs_no_unconditional_rows(pipeline):
    rows = []
    hook = pipeline.unet.register_forward_pre_hook(lambda module, args: rows.append(len(args[0])))

    draw(pipeline, guidance_scale=1.0)
    draw(pipeline, guidance_scale=2.0)
    hook.remove()

    assert rows == [1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("decoder", ["codec", "vae"])
def test_it_survives_diffusers_own_saving_and_loading(decoder, tmp_path):
    pipeline = tiny_pipeline(decoder=decoder)
    pipeline.save_pretrained(tmp_path)

    again = CheckpointPipeline.from_pretrained(tmp_path)
    again.set_progress_bar_config(disable=True)

    assert isinstance(again, DiffusionPipeline)
    assert (again.vae is None) is (decoder == "codec")
    torch.testing.assert_close(draw(again), draw(pipeline))


def test_stock_diffusers_opens_the_stock_parts(tmp_path):
    tiny_pipeline(decoder="vae").save_pretrained(tmp_path)

    unet = UNet2DConditionModel.from_pretrained(tmp_path, subfolder="unet")
    vae = AutoencoderKL.from_pretrained(tmp_path, subfolder="vae")

    assert unet.config.in_channels == vae.config.latent_channels


def test_half_precision_starts_from_the_same_noise_and_draws_nearly_the_same(of_pictures):
    full = draw(of_pictures)

    half = draw(tiny_pipeline(decoder="vae").to(torch.bfloat16))

    assert half.dtype == torch.float32
    assert float((full - half).abs().mean()) < 0.05


def test_designs_are_read_in_half_precision_too():
    pipeline = tiny_pipeline()
    latents = pipeline.codec.encode([spec_of_values({"category": "coat", "colour": "camel"})])
    size_px = (HEIGHT_PX, WIDTH_PX)
    [full] = pipeline.decoder.decode(latents, [OPEN], size_px)

    [half] = pipeline.to(torch.float16).decoder.decode(latents.half(), [OPEN], size_px)

    assert full.design is not None
    assert half.design is not None
    assert half.design.outfit == full.design.outfit
