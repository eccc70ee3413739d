"""Latents become designs and drawings, or pictures; and the other way round."""

import pytest
import torch
from diffusers import DDPMScheduler
from PIL import Image

from studio.design.spec import DesignSpec, spec_of_values
from studio.domain import DesignError, ReferenceImageError
from studio.perfusion.decoders import CROQUIS_SIZE_PX, DesignDecoder, PictureDecoder
from studio.perfusion.design_codec import OPEN, DesignCodec, Settled
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.pictures import to_pictures
from tests.tiny_models import tiny_autoencoder_kl, tiny_pipeline

SIZE_PX = (64, 32)
DRESS = spec_of_values({"category": "dress", "colour": "teal", "neckline": "v-neck"})
SKIRT = spec_of_values({"category": "skirt", "colour": "red", "length": "midi"})


@pytest.fixture
def of_designs() -> DesignDecoder:
    return DesignDecoder(DesignCodec.new())


@pytest.fixture
def of_pictures() -> PictureDecoder:
    torch.manual_seed(0)
    return PictureDecoder(tiny_autoencoder_kl().eval().requires_grad_(False))


def designs_of(decoder: DesignDecoder, latents: torch.Tensor) -> list[DesignSpec]:
    return decoder.designs(latents, [OPEN] * len(latents))


def test_a_pipeline_has_the_decoder_of_its_checkpoint():
    assert isinstance(tiny_pipeline(decoder="codec").decoder, DesignDecoder)
    assert isinstance(tiny_pipeline(decoder="vae").decoder, PictureDecoder)


def test_a_design_comes_back_from_its_latents_with_its_drawing(of_designs):
    latents = of_designs.start_latents([], [DRESS, SKIRT], SIZE_PX)

    decoded = of_designs.decode(latents, [OPEN, OPEN], SIZE_PX)

    assert [each.design.outfit for each in decoded] == [DRESS.outfit, SKIRT.outfit]
    assert [each.image.size for each in decoded] == [(32, 64)] * 2
    assert decoded[0].image.tobytes() != decoded[1].image.tobytes()


def test_designs_come_back_through_noise_as_large_as_what_a_solver_leaves(of_designs):
    latents = of_designs.start_latents([], [DRESS, SKIRT], SIZE_PX)
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))

    found = designs_of(of_designs, latents + 0.3 * noise)

    assert [each.outfit for each in found] == [DRESS.outfit, SKIRT.outfit]


def test_half_precision_means_the_same_designs(of_designs):
    latents = of_designs.start_latents([], [DRESS, SKIRT], SIZE_PX)

    found = designs_of(of_designs, latents.half())

    assert [each.outfit for each in found] == [DRESS.outfit, SKIRT.outfit]


def test_what_is_settled_stands_whatever_the_latents_say(of_designs):
    latents = of_designs.start_latents([], [DRESS], SIZE_PX)
    settled = Settled({"colour": "black"}, {"print_angle": 30.0}, asked=frozenset({"colour"}))

    [decoded] = of_designs.decode(latents, [settled], SIZE_PX)

    assert decoded.design.outfit == DRESS.outfit.but(colour="black")
    assert decoded.design.measures.print_angle == 30.0
    assert decoded.design.origin("colour") == "asked"


def test_a_design_is_drawn_at_any_height_and_from_the_same_latents(of_designs):
    latents = of_designs.start_latents([], [DRESS], SIZE_PX)

    [large] = of_designs.decode(latents, [OPEN], CROQUIS_SIZE_PX)
    [small] = of_designs.previews(latents, [OPEN], CROQUIS_SIZE_PX)

    assert large.image.size == (512, 1024)
    assert small().size == (128, 256)
    assert of_designs.latent_shape(1024, 512) == of_designs.latent_shape(64, 32) == (16, 8, 4)
    with pytest.raises(ValueError, match="twice as high"):
        of_designs.latent_shape(512, 512)


def test_a_variation_of_a_design_begins_where_its_values_begin_to_drown(of_designs, of_pictures):
    schedule = NoiseSchedule.of(DDPMScheduler(beta_schedule="squaredcos_cap_v2"))
    codec, places = DesignCodec.new(), torch.tensor(DRESS.outfit.places())
    latents = codec.encode([DRESS] * 16)
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))

    def still_seen(variation: float) -> float:
        timesteps = torch.full((16,), round(of_designs.way(variation) * 999))
        costs = codec.costs(schedule.add_noise(latents, noise, timesteps))
        return float((costs.argmin(-1) == places).float().mean())

    assert still_seen(0.01) > 0.98
    assert still_seen(0.01) > still_seen(0.3) > still_seen(0.6) > still_seen(1.0)
    assert of_designs.way(1.0) == 1.0
    assert [of_pictures.way(share) for share in (0.2, 1.0)] == [0.2, 1.0]


def test_numbers_of_drawings_are_the_drawings(of_designs):
    latents = of_designs.start_latents([], [DRESS], SIZE_PX)

    [picture] = to_pictures(of_designs.images(latents, SIZE_PX))

    assert picture.tobytes() == of_designs.decode(latents, [OPEN], SIZE_PX)[0].image.tobytes()


def test_a_picture_without_a_design_is_no_start_for_designs_and_says_what_can_be_taken(of_designs):
    with pytest.raises(ReferenceImageError, match="colours as phrases"):
        of_designs.start_latents([Image.new("RGB", (20, 40))], [], SIZE_PX)


def test_a_design_is_no_start_for_pictures(of_pictures):
    with pytest.raises(DesignError, match="Start from a picture"):
        of_pictures.start_latents([], [DRESS], SIZE_PX)


def test_all_numbers_of_pictures_are_live_and_of_designs_those_that_carry_something(
    of_designs, of_pictures
):
    assert of_pictures.live is None
    assert of_designs.live.shape == (16, 8, 4)
    latents = of_designs.start_latents([], [DRESS, SKIRT], SIZE_PX)
    assert not latents[:, ~of_designs.live].any()
    live = tiny_pipeline().live
    assert live is not None
    assert live.equal(of_designs.live)


def test_pictures_have_the_size_of_their_latents_times_the_factor(of_pictures):
    images = of_pictures.images(3 * torch.randn(2, 4, 5, 3), (40, 24))

    assert images.shape == (2, 3, 40, 24)
    assert images.dtype == torch.float32
    assert 0 <= float(images.min()) <= float(images.max()) <= 1
    assert of_pictures.own_size_px((5, 3)) == (40, 24)
    assert of_pictures.latent_shape(40, 24) == (4, 5, 3)


def test_start_pictures_are_brought_to_the_size_and_encoded_one_by_one(of_pictures):
    wide, fitting = Image.new("RGB", (90, 40), "teal"), Image.new("RGB", (32, 64), "coral")

    latents = of_pictures.start_latents([wide, fitting], [], SIZE_PX)

    assert latents.shape == (2, 4, 8, 4)
    assert torch.equal(latents[1:], of_pictures.start_latents([fitting], [], SIZE_PX))


def test_pictures_have_no_designs_and_candidates_do_not_change_each_other(of_pictures):
    latents = torch.randn(3, 4, 8, 4)

    decoded = of_pictures.decode(latents, [OPEN] * 3, SIZE_PX, candidates_per_pass=2)
    [alone] = of_pictures.decode(latents[2:], [OPEN], SIZE_PX, candidates_per_pass=2)

    assert [each.design for each in decoded] == [None] * 3
    assert alone.image.tobytes() == decoded[2].image.tobytes()


def test_previews_of_large_pictures_are_small(of_pictures):
    latents = torch.randn(2, 4, 64, 48)

    previews = of_pictures.previews(latents, [OPEN, OPEN], (512, 384))

    assert [preview().size for preview in previews] == [(192, 256)] * 2
