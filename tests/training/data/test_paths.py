from dataclasses import replace

import pytest
import torch

from studio.perfusion.noise import NoiseSchedule
from training.atelier.attributes import FAMILIES
from training.data.captions import told_values
from training.data.paths import Paths, PathsError, join_paths, load_paths
from training.data.unet_batch import UnetBatch
from training.losses.denoising import spread_timesteps

TIMESTEPS = (999, 500, 100)
SHAPE = (2, 4, 4)
SCHEDULE = NoiseSchedule(torch.linspace(0.999, 0.0, 1000), "v_prediction")


def some_paths(count: int, seed: int = 0) -> Paths:
    generator = torch.Generator().manual_seed(seed)

    def numbers(*lengths: int) -> torch.Tensor:
        return torch.randn(*lengths, *SHAPE, generator=generator).half()

    return Paths(
        timesteps=torch.tensor(TIMESTEPS),
        believed=numbers(count, len(TIMESTEPS)),
        left=numbers(count, len(TIMESTEPS)),
        latents=numbers(count),
        drawings=torch.full((count, 256, 128, 3), 51, dtype=torch.uint8),
        attributes=torch.zeros(count, len(FAMILIES), dtype=torch.int8),
        prompts=[f"dress, {['red', 'navy'][place % 2]}" for place in range(count)],
    )


def noised(paths: Paths, rows: list[int], seed: int = 0) -> UnetBatch:
    prompt_ids = torch.tensor(rows)[:, None]
    chance = torch.Generator().manual_seed(seed)
    timesteps = spread_timesteps(len(rows), len(SCHEDULE), chance)
    return paths.batch(rows, prompt_ids, SCHEDULE, timesteps, chance)


def test_every_place_lies_between_the_path_and_one_with_the_drawing_in_its_noise():
    paths = some_paths(40)

    batch = noised(paths, list(range(40)))

    signal, spread = SCHEDULE.shares(batch.timesteps)
    steps = [
        max(k for k, first in enumerate(TIMESTEPS) if first >= timestep)
        for timestep in batch.timesteps.tolist()
    ]
    rows = torch.arange(40)
    left = spread * paths.left[rows, steps].float()
    own = signal * paths.believed[rows, steps].float() + left
    drawn = signal * paths.latents.float() + left
    each = ((batch.noisy_latents - own) / (drawn - own)).flatten(1).median(dim=1).values
    torch.testing.assert_close(
        batch.noisy_latents, torch.lerp(own, drawn, each.view(-1, 1, 1, 1)), atol=1e-3, rtol=1e-3
    )
    assert each.min() < 0.2
    assert each.max() > 0.8


def test_a_batch_has_the_drawing_and_what_the_prompt_tells():
    paths = some_paths(4)

    batch = noised(paths, [3, 0])

    assert batch.prompt_ids.flatten().tolist() == [3, 0]
    assert torch.equal(batch.latents, paths.latents[[3, 0]].float())
    assert torch.equal(batch.told, told_values(["dress, navy", "dress, red"]))
    assert batch.drawings.shape == (2, 3, 256, 128)
    assert batch.drawings.unique().item() == 51
    assert len(batch) == 2


def test_what_the_prompt_leaves_open_is_settled_by_what_the_latents_show():
    batch = noised(some_paths(60), list(range(60)))

    noisiest, cleanest = batch.timesteps.argmax(), batch.timesteps.argmin()
    assert batch.settled[noisiest] < 0.6
    assert batch.settled[cleanest] == 1


def test_any_row_can_meet_any_noise():
    paths = some_paths(8)

    met = {
        bool(noised(paths, list(range(8)), seed).timesteps[0] > 500) for seed in range(12)
    }  # in a batch, the timesteps come in an order

    assert met == {True, False}


def test_the_same_chance_gives_the_same_batch():
    paths = some_paths(6)

    first, second = (noised(paths, [1, 2], seed=3) for _ in range(2))

    assert torch.equal(first.noisy_latents, second.noisy_latents)
    assert torch.equal(first.timesteps, second.timesteps)


def test_saved_paths_are_found_again_in_their_order(tmp_path):
    first, second = some_paths(3), some_paths(2, seed=1)
    second.save(tmp_path / "0000003-2.safetensors")
    first.save(tmp_path / "0000000-3.safetensors")

    loaded = load_paths(tmp_path)

    both = join_paths([first, second])
    assert len(loaded) == 5
    assert loaded.prompts == both.prompts
    for name in ("timesteps", "believed", "left", "latents", "drawings", "attributes"):
        assert torch.equal(getattr(loaded, name), getattr(both, name)), name
    assert not list(tmp_path.glob("*.part"))


def test_without_paths_the_command_that_draws_them_is_named(tmp_path):
    with pytest.raises(PathsError, match="pretrain paths"):
        load_paths(tmp_path)


def test_a_damaged_file_is_named(tmp_path):
    file = tmp_path / "0000000-2.safetensors"
    some_paths(2).save(file)
    file.write_bytes(file.read_bytes()[:500])

    with pytest.raises(PathsError, match=r"0000000-2\.safetensors is damaged"):
        load_paths(tmp_path)


def test_batches_can_be_joined():
    paths = some_paths(4)
    first, second = noised(paths, [0]), noised(paths, [2, 3])

    both = first.joined(second)

    assert len(both) == 3
    assert both.prompt_ids.flatten().tolist() == [0, 2, 3]
    assert torch.equal(both.noisy_latents[1:], second.noisy_latents)
    assert torch.equal(both.settled[:1], first.settled)


def test_paths_of_other_steps_are_refused():
    other = replace(some_paths(2), timesteps=torch.tensor((999, 400, 100)))

    with pytest.raises(PathsError, match="other timesteps"):
        join_paths([some_paths(2), other])
