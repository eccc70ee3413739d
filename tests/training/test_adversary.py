import torch

from training.adversary import Adversary, PatchJudge
from training.losses.attributes import UNTOLD

SIZES = [2, 3]


def told(*values: int) -> torch.Tensor:
    """The same for each picture: a value of each family."""
    return torch.tensor([values or (UNTOLD, UNTOLD)])


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
    adversary = Adversary(SIZES)
    weights = list(adversary.parameters())
    made = torch.randn(2, 3, 32, 32, generator=chance(0), requires_grad=True)
    drawings = torch.randn(2, 3, 32, 32, generator=chance(1))
    own, decoders = adversary.losses(made, drawings, told(1, 2).expand(2, 2), chance(2))

    of_own = gradients(own, [*weights, made])
    of_decoders = gradients(decoders, [made, *weights])

    assert of_own[-1] == 0
    assert max(of_own) > 0
    assert of_decoders[0] > 0
    assert max(of_decoders[1:]) == 0


def test_it_learns_to_tell_drawings_from_blurred_ones():
    torch.manual_seed(0)
    adversary = Adversary(SIZES)
    optimiser = torch.optim.Adam(adversary.parameters(), lr=2e-3)

    def pictures(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
        flat = torch.randint(0, 2, (4, 3, 4, 4), generator=chance(seed)).float() * 2 - 1
        drawn = flat.repeat_interleave(8, dim=2).repeat_interleave(8, dim=3)
        return torch.nn.functional.avg_pool2d(drawn, 5, stride=1, padding=2), drawn

    for seed in range(80):
        own, _ = adversary.losses(*pictures(seed), told().expand(4, 2), chance(seed))
        optimiser.zero_grad()
        own.backward()
        optimiser.step()

    own, _ = adversary.losses(*pictures(1000), told().expand(4, 2), chance(1000))
    assert float(own.detach()) < 0.3  # 1 if one of the two judges were guessing


def test_verdicts_are_one_for_each_patch():
    fine, coarse = Adversary(SIZES)(torch.zeros(1, 3, 64, 32), told())

    assert fine.shape == (1, 1, 8, 4)
    assert coarse.shape == (1, 1, 4, 2)


def test_what_averages_away_in_two_pixels_is_nothing_to_the_coarse_judge():
    adversary = Adversary(SIZES).eval()
    picture = torch.randn(1, 3, 64, 32, generator=chance(0))
    ripple = (torch.arange(32) % 2 - 0.5).expand(1, 3, 64, 32)

    with torch.no_grad():
        (fine, coarse), (other, same) = (
            adversary(each, told()) for each in (picture, picture + ripple)
        )

    torch.testing.assert_close(coarse, same)
    assert not torch.allclose(fine, other, atol=1e-3)


def test_it_gets_noise_while_it_wins_and_less_of_it_afterwards():
    torch.manual_seed(0)
    adversary = Adversary(SIZES)
    least = float(adversary.spread)
    dark, light = torch.full((2, 3, 32, 32), -1.0), torch.full((2, 3, 32, 32), 1.0)
    adversary.losses(dark, dark, told().expand(2, 2), chance(0))
    assert float(adversary.spread) == least  # it knows nothing yet
    assert float(adversary.insight) < 0.1

    optimiser = torch.optim.Adam(adversary.parameters(), lr=1e-2)
    for seed in range(60):
        own, _ = adversary.losses(dark, light, told().expand(2, 2), chance(seed))
        optimiser.zero_grad()
        own.backward()
        optimiser.step()
    most = float(adversary.spread)
    adversary.losses(dark, dark, told().expand(2, 2), chance(0))

    assert most > 1.1 * least
    assert 0.3 < float(adversary.insight) <= 1
    assert float(adversary.spread) < most


def test_what_is_drawn_can_be_the_wrong_thing():
    torch.manual_seed(0)
    adversary = Adversary(SIZES)
    optimiser = torch.optim.Adam(adversary.parameters(), lr=3e-3)
    even = torch.zeros(4, 3, 32, 32)
    striped = (torch.arange(32) // 4 % 2 * 2.0 - 1).expand(4, 3, 32, 32)
    plain, stripes = told(0, UNTOLD).expand(4, 2), told(1, UNTOLD).expand(4, 2)

    for seed in range(60):
        of_even, _ = adversary.losses(striped, even, plain, chance(seed))
        of_striped, _ = adversary.losses(even, striped, stripes, chance(seed + 1000))
        optimiser.zero_grad()
        (of_even + of_striped).backward()
        optimiser.step()

    right, _ = adversary.losses(striped, even, plain, chance(2000))
    wrong, _ = adversary.losses(even, striped, plain, chance(2000))
    assert float(right.detach()) < 1 < 2 < float(wrong.detach())


def test_it_is_told_each_family_apart_and_what_is_untold_changes_nothing():
    adversary = PatchJudge(SIZES).eval()
    torch.nn.init.normal_(adversary.values.weight, generator=chance(0))
    picture = torch.randn(1, 3, 32, 32, generator=chance(1))

    def verdict(*values: int) -> torch.Tensor:
        with torch.no_grad():
            return adversary(picture, told(*values))

    both, neither = verdict(1, 2), verdict(UNTOLD, UNTOLD)
    of_one, of_other = verdict(1, UNTOLD) - neither, verdict(UNTOLD, 2) - neither
    torch.testing.assert_close(both - neither, of_one + of_other, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(of_one, of_other)
    torch.testing.assert_close(neither, adversary.verdict(_found(adversary, picture)))


def _found(adversary: PatchJudge, picture: torch.Tensor) -> torch.Tensor:
    kept: list[torch.Tensor] = []
    hook = adversary.verdict.register_forward_hook(lambda _, seen, __: kept.append(seen[0]))
    with torch.no_grad():
        adversary(picture, told())
    hook.remove()
    return kept[0]
