import torch

from training.adversary import Adversary


def chance(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gradients(loss: torch.Tensor, of: list[torch.Tensor]) -> list[float]:
    """How large each gradient is; 0 where the loss does not reach."""
    found = torch.autograd.grad(
        loss, of, retain_graph=True, allow_unused=True, materialize_grads=True
    )
    return [float(gradient.abs().sum()) for gradient in found]


def test_each_side_learns_from_its_own_loss():
    torch.manual_seed(0)
    adversary = Adversary()
    weights = list(adversary.parameters())
    made = torch.randn(2, 3, 32, 32, generator=chance(0), requires_grad=True)
    own, decoders = adversary.losses(
        made, torch.randn(2, 3, 32, 32, generator=chance(1)), chance(2)
    )

    of_own = gradients(own, [*weights, made])
    of_decoders = gradients(decoders, [made, *weights])

    assert of_own[-1] == 0
    assert max(of_own) > 0
    assert of_decoders[0] > 0
    assert max(of_decoders[1:]) == 0


def test_it_learns_to_tell_drawings_from_blurred_ones():
    torch.manual_seed(0)
    adversary = Adversary()
    optimiser = torch.optim.Adam(adversary.parameters(), lr=2e-3)

    def pictures(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        flat = torch.randint(0, 2, (4, 3, 4, 4), generator=chance(seed)).float() * 2 - 1
        drawn = flat.repeat_interleave(8, dim=2).repeat_interleave(8, dim=3)
        return torch.nn.functional.avg_pool2d(drawn, 5, stride=1, padding=2), drawn

    for seed in range(80):
        own, _ = adversary.losses(*pictures(seed), chance(seed))
        optimiser.zero_grad()
        own.backward()
        optimiser.step()

    blurred, drawn = pictures(1000)
    with torch.no_grad():
        assert adversary(drawn).mean() > adversary(blurred).mean() + 0.5


def test_verdicts_are_one_for_each_patch():
    assert Adversary()(torch.zeros(1, 3, 64, 32)).shape == (1, 1, 8, 4)


def test_it_gets_noise_while_it_wins_and_less_of_it_afterwards():
    torch.manual_seed(0)
    adversary = Adversary()
    least = float(adversary.spread)
    dark, light = torch.full((2, 3, 32, 32), -1.0), torch.full((2, 3, 32, 32), 1.0)
    adversary.losses(dark, dark, chance(0))
    assert float(adversary.spread) == least  # it knows nothing yet

    optimiser = torch.optim.Adam(adversary.parameters(), lr=1e-2)
    for seed in range(60):
        own, _ = adversary.losses(dark, light, chance(seed))
        optimiser.zero_grad()
        own.backward()
        optimiser.step()
    most = float(adversary.spread)
    adversary.losses(dark, dark, chance(0))

    assert most > 1.1 * least
    assert float(adversary.spread) < most
