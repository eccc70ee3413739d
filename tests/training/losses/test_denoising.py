import torch

from training.losses.denoising import spread_timesteps, weighted_error


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_batch_of_timesteps_covers_the_schedule_evenly():
    timesteps = spread_timesteps(10, 1000, chance())

    assert sorted(int(timestep) // 100 for timestep in timesteps) == list(range(10))
    assert timesteps.dtype == torch.int64


def test_every_place_of_a_batch_meets_all_noise():
    drawn = torch.stack([spread_timesteps(4, 1000, chance(seed)) for seed in range(400)])

    torch.testing.assert_close(drawn.float().mean(dim=0), torch.full((4,), 500.0), atol=50, rtol=0)


def test_over_many_batches_every_timestep_is_as_likely():
    drawn = torch.cat([spread_timesteps(7, 10, chance(seed)) for seed in range(1000)])

    shares = torch.bincount(drawn, minlength=10) / len(drawn)
    torch.testing.assert_close(shares, torch.full((10,), 0.1), atol=0.01, rtol=0)


def test_a_small_power_meets_much_noise_more_often():
    drawn = torch.cat([spread_timesteps(8, 1000, chance(seed), power=0.5) for seed in range(500)])

    # The distribution function of t / T is its square.
    for share in (0.3, 0.6, 0.9):
        torch.testing.assert_close(
            (drawn < 1000 * share).float().mean(), torch.tensor(share**2), atol=0.02, rtol=0
        )
    assert int(drawn.max()) == 999


def test_weighted_errors_by_hand():
    prediction = torch.zeros(2, 1, 2, 2)
    target = torch.tensor([[1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 1.0, 1.0]]).view(2, 1, 2, 2)
    weights = torch.tensor([[1.0, 10.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]]).view(2, 1, 2, 2)

    errors = weighted_error(prediction, target, weights)

    torch.testing.assert_close(errors, torch.tensor([(1 + 40 + 16) / 3, 1.0]))
