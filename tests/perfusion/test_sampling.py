import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    PNDMScheduler,
    UniPCMultistepScheduler,
)

from studio.domain import CheckpointError
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.sampling import (
    Start,
    denoise,
    expected_latents,
    fast_solver,
    guide,
    guided_predictor,
    in_passes,
    initial_noise,
    joined,
)
from studio.perfusion.unet_halves import Residuals
from tests.tiny_models import DESIGN_CHANNELS, TEXT_WIDTH, tiny_scheduler, tiny_unet

SHAPE = (DESIGN_CHANNELS, 8, 4)
SCHEDULE = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}


def generators(*seeds: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def exact_prediction(latents, prediction_type, scheduler):
    """What a perfect network says if all images of the world are these latents."""

    def predict(model_input, timestep):
        share = scheduler.alphas_cumprod[int(timestep)]
        signal, spread = share.sqrt(), (1 - share).sqrt()
        noise = (model_input - signal * latents) / spread
        return noise if prediction_type == "epsilon" else signal * noise - spread * latents

    return predict


def test_the_noise_of_a_candidate_does_not_depend_on_its_group():
    group = initial_noise(generators(3, 4, 5), SHAPE)

    alone = initial_noise(generators(4), SHAPE)

    assert group.shape == (3, *SHAPE)
    assert group.dtype == torch.float32
    assert torch.equal(group[1], alone[0])


def test_guidance_of_one_is_the_conditional_prediction_and_of_zero_the_unconditional():
    without, with_phrases = torch.randn(2, 3, *SHAPE).unbind(0)

    torch.testing.assert_close(guide(without, with_phrases, 1.0), with_phrases)
    torch.testing.assert_close(guide(without, with_phrases, 0.0), without)


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction", "sample"])
def test_the_expected_latents_undo_the_noising(prediction_type):
    latents, noise = torch.randn(2, 3, *SHAPE, dtype=torch.float64).unbind(0)
    share = 0.3
    noisy = share**0.5 * latents + (1 - share) ** 0.5 * noise
    said = {
        "epsilon": noise,
        "v_prediction": share**0.5 * noise - (1 - share) ** 0.5 * latents,
        "sample": latents,
    }[prediction_type]

    torch.testing.assert_close(expected_latents(noisy, said, share, prediction_type), latents)


def test_an_unknown_prediction_type_is_a_sentence():
    with pytest.raises(CheckpointError, match="flow"):
        expected_latents(torch.zeros(1), torch.zeros(1), 0.5, "flow")


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
@pytest.mark.parametrize(
    ("solver", "options"),
    [
        (DPMSolverMultistepScheduler, {}),
        (UniPCMultistepScheduler, {}),
        (DDIMScheduler, {"clip_sample": False}),
    ],
)
def test_a_perfect_network_leads_every_solver_to_the_image(prediction_type, solver, options):
    scheduler = solver(
        **SCHEDULE, prediction_type=prediction_type, timestep_spacing="trailing", **options
    )
    latents = torch.randn(2, *SHAPE)

    found = denoise(
        scheduler,
        initial_noise(generators(0, 1), SHAPE),
        exact_prediction(latents, prediction_type, scheduler),
        20,
        generators(0, 1),
    )

    torch.testing.assert_close(found, latents, atol=0.05, rtol=0)


@pytest.mark.parametrize("solver", [DPMSolverMultistepScheduler, EulerDiscreteScheduler])
def test_what_is_previewed_is_what_a_perfect_network_means(solver):
    scheduler = solver(**SCHEDULE, prediction_type="epsilon", timestep_spacing="trailing")
    latents = torch.randn(1, *SHAPE)
    previews = []

    denoise(
        scheduler,
        initial_noise(generators(0), SHAPE),
        exact_prediction(latents, "epsilon", scheduler),
        8,
        generators(0),
        lambda step, total, expected: previews.append((step, total, expected())),
    )

    assert [(step, total) for step, total, _ in previews] == [(n, 8) for n in range(1, 9)]
    for _, _, preview in previews:
        torch.testing.assert_close(preview, latents, atol=0.02, rtol=0)


def test_a_variation_enters_where_its_share_of_the_way_begins():
    scheduler = DPMSolverMultistepScheduler(
        **SCHEDULE, prediction_type="epsilon", timestep_spacing="trailing"
    )
    noise, latents = initial_noise(generators(3), SHAPE), initial_noise(generators(4), SHAPE)
    perfect = exact_prediction(latents, "epsilon", scheduler)
    met, seen_first = [], []

    def predict(seen, timestep):
        met.append(int(timestep))
        seen_first.append(seen)
        return perfect(seen, timestep)

    found = denoise(scheduler, noise, predict, 10, generators(3), start=Start(latents, 0.3))

    assert met == [299, 199, 99]
    noised = NoiseSchedule.of(scheduler).add_noise(latents, noise, torch.tensor([299]))
    torch.testing.assert_close(seen_first[0], noised)
    torch.testing.assert_close(found, latents, atol=0.05, rtol=0)


@pytest.mark.parametrize(("share", "steps"), [(0.01, 1), (0.5, 5), (1.0, 10)])
def test_a_variation_takes_its_share_of_the_steps_and_never_none(share, steps):
    noise, start = torch.randn(1, *SHAPE), Start(torch.randn(1, *SHAPE), share)
    taken = []

    denoise(
        tiny_scheduler(),
        noise,
        lambda seen, timestep: seen,
        10,
        generators(0),
        lambda step, total, expected: taken.append((step, total)),
        start,
    )

    assert taken == [(step, steps) for step in range(1, steps + 1)]


def test_the_scheduler_that_was_given_is_not_changed():
    scheduler = tiny_scheduler()

    denoise(scheduler, torch.randn(1, *SHAPE), lambda seen, timestep: seen, 4, generators(0))

    assert scheduler.step_index is None
    assert scheduler.num_inference_steps is None


def test_a_solver_that_adds_noise_takes_each_candidates_own():
    scheduler = EulerAncestralDiscreteScheduler(**SCHEDULE)

    def run(*seeds):
        noise = initial_noise(given := generators(*seeds), SHAPE)
        return denoise(scheduler, noise, lambda seen, timestep: 0.1 * seen, 4, given)

    torch.testing.assert_close(run(7, 8)[1:], run(8))
    assert not torch.allclose(run(7, 8)[0], run(7, 8)[1])


def test_a_slow_solver_is_replaced_and_its_schedule_kept():
    slow = PNDMScheduler(**SCHEDULE, prediction_type="v_prediction", steps_offset=1)

    fast = fast_solver(slow)

    assert isinstance(fast, DPMSolverMultistepScheduler)
    assert fast.config.timestep_spacing == "trailing"
    assert fast.config.prediction_type == "v_prediction"
    assert torch.equal(fast.alphas_cumprod, slow.alphas_cumprod)
    fast.set_timesteps(20)
    assert int(fast.timesteps[0]) == 999


def test_a_multistep_solver_is_kept():
    scheduler = UniPCMultistepScheduler(**SCHEDULE)

    assert fast_solver(scheduler) is scheduler


def zero_residuals(unet, rows):
    skips, _ = [], None
    size, width = SHAPE[1:], unet.config.block_out_channels
    half = (size[0] // 2, size[1] // 2)
    for channels, (height, breadth) in [
        (width[0], size),
        (width[0], size),
        (width[0], half),
        (width[1], half),
    ]:
        skips.append(torch.zeros(rows, channels, height, breadth))
    return Residuals(tuple(skips), torch.zeros(rows, width[1], *half))


@torch.no_grad()
def test_residuals_of_zero_change_no_bit_and_others_reach_the_conditional_rows_only():
    torch.manual_seed(0)
    unet = tiny_unet().eval()
    noisy, step = torch.randn(2, *SHAPE), torch.tensor(500)
    phrases, empty = torch.randn(2, 2, 5, TEXT_WIDTH).unbind(0)
    nothing = zero_residuals(unet, 2)
    something = Residuals(nothing.skips, nothing.middle + 1.0)

    def run(guidance_scale, residuals=None):
        source = None if residuals is None else (lambda *_: residuals)
        return guided_predictor(unet, phrases, empty, guidance_scale, source)(noisy, step)

    assert torch.equal(run(3.0), run(3.0, nothing))
    assert not torch.allclose(run(3.0), run(3.0, something))
    torch.testing.assert_close(run(0.0), run(0.0, something))


@torch.no_grad()
def test_batched_guidance_is_two_separate_calls_of_the_network():
    torch.manual_seed(0)
    unet = tiny_unet().eval()
    noisy, step = torch.randn(3, *SHAPE), torch.tensor(500)
    phrases, empty = torch.randn(2, 3, 5, TEXT_WIDTH).unbind(0)

    together = guided_predictor(unet, phrases, empty, 4.0)(noisy, step)

    plain = guided_predictor(unet, phrases, None, 1.0)(noisy, step)
    unguided = guided_predictor(unet, empty, None, 1.0)(noisy, step)
    torch.testing.assert_close(together, unguided + 4.0 * (plain - unguided))


@pytest.mark.parametrize(("rows", "size", "passes"), [(8, 4, 2), (5, 4, 2), (1, 4, 1), (3, 1, 3)])
def test_passes_have_one_size_and_lose_no_row(rows, size, passes):
    values = torch.arange(rows).float().view(rows, 1)

    cut = in_passes(values, size)

    assert [len(part) for part in cut] == [size] * passes
    assert torch.equal(torch.cat(cut)[:rows], values)


@torch.no_grad()
def test_in_passes_of_one_size_the_place_of_a_row_changes_none_of_its_bits():
    torch.manual_seed(0)
    unet = tiny_unet().eval()
    noisy, phrases = torch.randn(8, *SHAPE), torch.randn(8, 5, TEXT_WIDTH)
    predict = guided_predictor(unet, phrases, None, 1.0)(noisy, torch.tensor(500))

    for turn in range(1, 8):
        places = torch.arange(8).roll(turn)
        turned = guided_predictor(unet, phrases[places], None, 1.0)
        assert torch.equal(turned(noisy[places], torch.tensor(500)), predict[places])


def test_joined_passes_are_one_prediction_in_the_order_of_the_rows():
    parts = [lambda seen, timestep, add=add: seen + add for add in (10.0, 20.0)]

    together = joined(parts, 2)(torch.zeros(3, 1), torch.tensor(1))

    assert together[:, 0].tolist() == [10.0, 10.0, 20.0]
