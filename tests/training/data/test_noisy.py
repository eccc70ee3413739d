from collections import Counter
from dataclasses import replace

import torch
from diffusers import DDPMScheduler

from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.profile import Profile
from studio.perfusion.user_encoder import NO_VALUE
from training.data.latent_rounds import LatentGroup, LatentGroups
from training.data.noisy import DrawConfig, Visit, draw_of, noisy_images, visits_of_step

CONFIG = DrawConfig(seed=3, draws=4, lowest_timestep=200, highest_timestep=1_000, prompt_dropout=0)
SHAPE = (4, 8, 4)


def data_of(groups: int = 5) -> LatentGroups:
    generator = torch.Generator().manual_seed(0)
    return LatentGroups(
        tuple(
            LatentGroup(f"round-{number}", "", (0, number + 1), torch.tensor([True, False]), 1, 0)
            for number in range(groups)
        ),
        torch.randn(groups + 1, *SHAPE, generator=generator),
        torch.randn(2, 7, 16, generator=generator),
        torch.tensor([[[1, NO_VALUE], [2, 3]]]),
        ("", "dress"),
        (Profile.of(store_id="anna"),),
    )


def test_a_group_shares_one_noise_and_one_timestep():
    data, schedule = data_of(), NoiseSchedule.of(DDPMScheduler())
    nothing = torch.zeros(2, dtype=torch.bool)
    visit = Visit(2, 1, nothing)

    images = noisy_images(data, [visit], schedule, CONFIG)

    draw = draw_of("round-2", 1, SHAPE, CONFIG)
    assert images.timesteps.tolist() == [draw.timestep] * 2
    assert torch.equal(images.target[0], draw.noise)
    assert torch.equal(images.target[0], images.target[1])
    assert torch.equal(images.user_features[0], data.user_features[0])


def test_a_draw_is_the_same_in_every_epoch_and_differs_between_rounds():
    first, again = (draw_of("a", 2, SHAPE, CONFIG) for _ in range(2))

    assert torch.equal(first.noise, again.noise)
    assert first.timestep == again.timestep
    assert not torch.equal(first.noise, draw_of("b", 2, SHAPE, CONFIG).noise)
    assert not torch.equal(first.noise, draw_of("a", 1, SHAPE, CONFIG).noise)


def test_the_draws_of_a_round_cover_the_range_evenly():
    timesteps = sorted(draw_of("a", number, SHAPE, CONFIG).timestep for number in range(4))

    assert [(t - 200) // 200 for t in timesteps] == [0, 1, 2, 3]


def test_different_rounds_meet_different_parts_of_the_range_in_the_same_epoch():
    parts = Counter(
        (draw_of(f"round {number}", 0, SHAPE, CONFIG).timestep - 200) // 200
        for number in range(200)
    )

    assert min(parts[part] for part in range(4)) > 25


def test_some_draws_are_pure_noise_and_the_others_cover_the_range():
    config = replace(CONFIG, draws=8, highest_timestep=999, pure_noise=6)

    met = [sorted(draw_of(f"round-{n}", d, SHAPE, config).timestep for d in range(8)) for n in "ab"]

    for timesteps in met:
        assert timesteps[2:] == [999] * 6
        assert 200 <= timesteps[0] <= 600 <= timesteps[1] <= 999
    assert met[0] != met[1]


def test_in_pure_noise_the_images_of_a_round_are_one_input_and_differ_in_their_targets():
    library = DDPMScheduler(prediction_type="v_prediction", rescale_betas_zero_snr=True)
    config = replace(CONFIG, highest_timestep=999, pure_noise=4)
    visit = Visit(0, 0, torch.zeros(2, dtype=torch.bool))

    images = noisy_images(data_of(), [visit], NoiseSchedule.of(library), config)

    assert torch.equal(images.noisy_latents[0], images.noisy_latents[1])
    assert not torch.equal(images.target[0], images.target[1])


def test_prompts_are_dropped_for_whole_groups_about_as_often_as_asked():
    config = replace(CONFIG, prompt_dropout=0.25)
    dropped = sum(draw_of(f"{n}", 0, (1, 1, 1), config).drops_prompt for n in range(400))

    assert 70 < dropped < 130


def test_a_dropped_prompt_is_the_empty_one_for_all_images():
    config = replace(CONFIG, prompt_dropout=1.0)
    data = data_of()
    nothing = torch.zeros(2, dtype=torch.bool)

    images = noisy_images(data, [Visit(0, 0, nothing)], NoiseSchedule.of(DDPMScheduler()), config)

    assert torch.equal(images.prompt_embeds, data.prompt_embeds[[0, 0]])


def test_a_forgotten_field_becomes_unknown():
    forgotten = torch.tensor([False, True])

    images = noisy_images(
        data_of(), [Visit(0, 0, forgotten)], NoiseSchedule.of(DDPMScheduler()), CONFIG
    )

    assert images.user_features[0].tolist() == [[1, NO_VALUE], [0, NO_VALUE]]


def test_an_epoch_visits_every_round_once_and_the_next_one_takes_the_next_draw():
    forget = torch.zeros(2)
    visits = [v for step in range(5) for v in visits_of_step(5, step, 2, CONFIG, forget)]

    assert sorted(v.group for v in visits[:5]) == sorted(v.group for v in visits[5:]) == [*range(5)]
    assert [v.draw for v in visits] == [0] * 5 + [1] * 5


def test_fields_are_forgotten_about_as_often_as_asked():
    forget = torch.tensor([0.0, 0.5])
    visits = [v for step in range(100) for v in visits_of_step(5, step, 4, CONFIG, forget)]
    shares = torch.stack([v.forgotten for v in visits]).float().mean(dim=0)

    assert shares[0] == 0
    assert 0.42 < shares[1] < 0.58
