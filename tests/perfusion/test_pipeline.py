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

from studio.domain import PromptTooLongError
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.sampling import initial_noise
from tests.tiny_models import HEIGHT_PX, LATENT_CHANNELS, TEXT_WIDTH, WIDTH_PX, tiny_pipeline


def generators(*seeds: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def draw(pipeline, **options):
    given = {"num_inference_steps": 3, "output_type": "pt", "generator": generators(0), **options}
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


@pytest.mark.parametrize("autoencoder", ["patch", "kl"])
def test_images_have_the_documented_shape_and_range(autoencoder):
    pipeline = tiny_pipeline(autoencoder=autoencoder)
    latents = 3 * torch.randn(2, LATENT_CHANNELS, 5, 3)

    images = pipeline.decode(latents)

    assert images.shape == (2, 3, 40, 24)
    assert images.dtype == torch.float32
    assert 0 <= float(images.min()) <= float(images.max()) <= 1


@pytest.mark.parametrize("autoencoder", ["patch", "kl"])
def test_the_call_gives_every_output_type(autoencoder):
    pipeline = tiny_pipeline(autoencoder=autoencoder)

    tensor = draw(pipeline)
    array = draw(pipeline, output_type="np")
    picture = draw(pipeline, output_type="pil")[0]
    latents = draw(pipeline, output_type="latent")

    assert tensor.shape == (1, 3, HEIGHT_PX, WIDTH_PX)
    np.testing.assert_array_equal(array, tensor.permute(0, 2, 3, 1).numpy())
    assert picture.size == (WIDTH_PX, HEIGHT_PX)
    told = pipeline.encode_prompts(["dress, red"])
    torch.testing.assert_close(pipeline.decode(latents, prompt_embeds=told), tensor)


def test_only_a_decoder_that_can_be_told_phrases_hears_them():
    latents, told = torch.randn(2, LATENT_CHANNELS, 4, 4), torch.randn(2, 5, TEXT_WIDTH)

    def heard(autoencoder: str) -> bool:
        pipeline = tiny_pipeline(autoencoder=autoencoder)
        plain, other = pipeline.decode(latents), pipeline.decode(latents, prompt_embeds=told)
        return not torch.equal(plain, other)

    assert heard("patch")
    assert not heard("kl")


def test_prompts_and_images_per_prompt_multiply(pipeline):
    images = pipeline(
        ["dress", "skirt"],
        num_images_per_prompt=2,
        generator=generators(0, 1, 0, 1),
        num_inference_steps=2,
        output_type="pt",
        return_dict=False,
    )[0]

    assert images.shape[0] == 4
    assert not torch.allclose(images[0], images[2])


def test_the_noise_to_start_from_may_be_given(pipeline):
    shape = pipeline.latent_shape(HEIGHT_PX, WIDTH_PX)
    noise = initial_noise(generators(0), shape)

    assert torch.equal(draw(pipeline, latents=noise), draw(pipeline))
    assert not torch.allclose(draw(pipeline, latents=0.5 * noise), draw(pipeline))
    with pytest.raises(ValueError, match="latents must be of shape"):
        draw(pipeline, latents=noise[:, :1])


def test_another_size_may_be_asked_for_and_an_impossible_one_not(pipeline):
    assert draw(pipeline, height=32, width=48).shape == (1, 3, 32, 48)
    with pytest.raises(ValueError, match="multiples of 8"):
        draw(pipeline, height=60)


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
def test_any_scheduler_of_diffusers_can_be_put_in(prediction_type):
    pipeline = tiny_pipeline(prediction_type=prediction_type)
    solved = draw(pipeline, num_inference_steps=20)
    pipeline.scheduler = EulerDiscreteScheduler.from_config(
        pipeline.scheduler.config, final_sigmas_type="zero"
    )

    other = draw(pipeline, num_inference_steps=60)

    assert float((solved - other).abs().mean()) < 0.03


def test_it_draws_what_stable_diffusions_own_pipeline_draws():
    ours = tiny_pipeline(prediction_type="epsilon", autoencoder="kl")
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
    size = {"height": HEIGHT_PX, "width": WIDTH_PX}

    theirs = stock(
        "dress, red", generator=generators(3), output_type="pt", **options, **size
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


def test_it_survives_diffusers_own_saving_and_loading(pipeline, tmp_path):
    pipeline.save_pretrained(tmp_path)

    again = PerFusionPipeline.from_pretrained(tmp_path)
    again.set_progress_bar_config(disable=True)

    assert isinstance(again, DiffusionPipeline)
    torch.testing.assert_close(draw(again), draw(pipeline))


def test_stock_diffusers_opens_the_stock_parts(tmp_path):
    tiny_pipeline(autoencoder="kl").save_pretrained(tmp_path)

    unet = UNet2DConditionModel.from_pretrained(tmp_path, subfolder="unet")
    vae = AutoencoderKL.from_pretrained(tmp_path, subfolder="vae")

    assert unet.config.in_channels == vae.config.latent_channels


def test_half_precision_starts_from_the_same_noise_and_draws_nearly_the_same():
    full = draw(tiny_pipeline())

    half = draw(tiny_pipeline().to(torch.bfloat16))

    assert half.dtype == torch.float32
    assert float((full - half).abs().mean()) < 0.05
