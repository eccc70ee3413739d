"""Fitting a taste to what a store has answered, and asking honestly whether it helps.

The store may be like any of its kin. Each answered round makes those likelier that would have
answered so, by the paper's own objectives: the reward model's loss and the group loss of the
generator. What is added to the store's embeddings is the mean of its kin, weighed so. Weights of
networks stay frozen, nothing can run away, and leaving a round out costs nothing: so every round
is judged by a taste that has not seen it, and what does not help is scaled back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.domain import TasteError
from studio.perfusion.group_loss import group_preference_loss
from studio.perfusion.reward_loss import reward_loss
from studio.perfusion.taste_evidence import Evidence

SCALES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much of a correction may be kept."""
BENEFIT_OF_DOUBT = 1.0
"""Nats of the left-out rounds' loss that it takes to scale a correction all the way back."""
OWN_SHARE = 0.1
"""How likely it is beforehand that the store is just what its profile says."""
UNARY_WEIGHT = 0.5
"""A round in which all or nothing was ticked counts as so much of one that compares."""
SAID_WEIGHT = 2.0
"""What a person says counts as so many rounds: it is about one thing, and meant."""

Loss = Callable[[Tensor, Tensor], Tensor]
"""(B, N) scores and (B, N) ticks -> (B,) in nats."""


@dataclass(frozen=True)
class Learning:
    """How a model's answers are read.

    Attributes:
        loss: of a round that compares.
        gain: what scores are multiplied by before; beta for the generator.
        weight: how much its word counts beside other models'.
    """

    loss: Loss
    gain: float
    weight: float = 1.0


@dataclass(frozen=True)
class Answered:
    """An answer.

    Attributes:
        evidence: model -> what it makes of the round.
        ticked: (N,) bool, which of its designs were ticked.
        is_said: no round, but designs that show what a person says. It is no test of a taste, so
            no taste is judged without it.
    """

    evidence: Mapping[str, Evidence]
    ticked: Tensor
    is_said: bool = False

    @property
    def compares(self) -> bool:
        """Whether it tells which designs are preferred to which."""
        return bool(self.ticked.any()) and not bool(self.ticked.all())


@dataclass(frozen=True)
class Judged:
    """How a model's correction does on rounds that it had not seen.

    Attributes:
        scale: how much of the correction is kept, 0 to 1.
        before: share of pairs in the right order in each round that compares, by the profile.
        after: the same with the correction.
    """

    scale: float
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True)
class Fit:
    """How likely each of the kin is, (J,) with the store itself first; model -> its judgement."""

    likely: Tensor
    judged: Mapping[str, Judged]


def learning_of_reward(temperature: float) -> Learning:
    """For a reward model; `temperature` as it was trained with."""
    return Learning(_reward_loss, 1 / temperature)


def learning_of_generator(beta: float, weight: float) -> Learning:
    """For a personalised generator; `beta` as it was trained with."""
    return Learning(_group_loss, beta, weight)


def fit(rounds: Sequence[Answered], learnings: Mapping[str, Learning]) -> Fit:
    """Weigh a store's kin by its rounds, and scale each model's correction as the gate says.

    Args:
        rounds: at least one with some evidence; all with the same kin.
        learnings: model -> how it is read.

    Raises:
        TasteError: the evidence holds numbers that can't be used.
    """
    losses = _losses(rounds, learnings)  # (M, J)
    total = losses.sum(dim=0)
    if not bool(total.isfinite().all()):
        raise TasteError(
            "What was answered could not be made into a taste: the numbers ran away. The taste of "
            "before stays."
        )
    left_out = [
        _likely(total if each.is_said else total - own)
        for each, own in zip(rounds, losses, strict=True)
    ]
    judged = {
        model: _judged(model, learning, rounds, left_out) for model, learning in learnings.items()
    }
    return Fit(_likely(total).float(), judged)


def before_any(kin: int) -> Tensor:
    """(J,) how likely each of the kin is before anything was answered."""
    return _likely(torch.zeros(kin, dtype=torch.float64)).float()


def _likely(losses: Tensor) -> Tensor:
    """(J,) shares of the kin that have these losses."""
    prior = losses.new_full(losses.shape, (1 - OWN_SHARE) / max(len(losses) - 1, 1))
    prior[0] = OWN_SHARE
    return (prior.log() - losses).softmax(dim=0)


def _losses(rounds: Sequence[Answered], learnings: Mapping[str, Learning]) -> Tensor:
    """(M, J) how badly each round's answer fits each of the kin, over all models."""
    first = next(each for one in rounds for each in one.evidence.values())
    total = torch.zeros(len(rounds), first.scores.shape[1], dtype=torch.float64)
    for model, learning in learnings.items():
        seen = [place for place, each in enumerate(rounds) if model in each.evidence]
        anchor = _anchor([rounds[place] for place in seen], model)
        for place in seen:
            scores = rounds[place].evidence[model].scores.double() * learning.gain  # (N, J)
            if rounds[place].compares:
                ticked = rounds[place].ticked.expand(scores.shape[1], -1)
                told = _weight(rounds[place]) * learning.loss(scores.T, ticked)
            else:
                told = UNARY_WEIGHT * _alone(scores, rounds[place].ticked, anchor * learning.gain)
            total[place] += learning.weight * told
    return total


def _weight(answered: Answered) -> float:
    return SAID_WEIGHT if answered.is_said else 1.0


def _alone(scores: Tensor, ticked: Tensor, anchor: Tensor) -> Tensor:
    """(J,) losses of a round in which nothing was preferred.

    What was refused is to rise less, and what was liked as a whole round to rise more, than what
    was ticked elsewhere.
    """
    away = scores - scores[:, :1] - anchor  # (N, J)
    return F.softplus(torch.where(ticked[:, None], -away, away)).mean(dim=0)


def _anchor(rounds: Sequence[Answered], model: str) -> Tensor:
    """(J,) how much higher kin score what was preferred than the store's profile does."""
    preferred = [
        each.evidence[model].scores[each.ticked].double() for each in rounds if each.compares
    ]
    if not preferred:
        return torch.zeros((), dtype=torch.float64)
    scores = torch.cat(preferred)
    return (scores - scores[:, :1]).mean(dim=0)


def _judged(
    model: str, learning: Learning, rounds: Sequence[Answered], left_out: Sequence[Tensor]
) -> Judged:
    """The gate: the scale at which rounds that were left out are told best, in doubt the larger."""
    told = [
        (each, each.evidence[model].scores.double(), likely)
        for each, likely in zip(rounds, left_out, strict=True)
        if each.compares and model in each.evidence
    ]
    tested = [(scores, likely, each.ticked) for each, scores, likely in told if not each.is_said]

    def at(scale: float, scores: Tensor, likely: Tensor) -> Tensor:
        return scores[:, 0] + scale * (scores @ likely - scores[:, 0])

    def loss_at(scale: float) -> float:
        losses = [
            _weight(each)
            * learning.loss((at(scale, scores, likely) * learning.gain)[None], each.ticked[None])
            for each, scores, likely in told
        ]
        return float(sum(map(float, losses))) + BENEFIT_OF_DOUBT * (1 - scale)

    scale = 1.0 if len(tested) < 2 else min(reversed(SCALES), key=loss_at)
    return Judged(
        scale,
        tuple(in_order(scores[:, 0], ticked) for scores, _, ticked in tested),
        tuple(in_order(at(scale, scores, likely), ticked) for scores, likely, ticked in tested),
    )


def in_order(scores: Tensor, ticked: Tensor) -> float:
    """Share of (ticked, unticked) pairs in the right order; a tie counts half."""
    margins = scores[ticked][:, None] - scores[~ticked][None]
    return float(((torch.sign(margins) + 1) / 2).mean())


def _reward_loss(scores: Tensor, ticked: Tensor) -> Tensor:
    return reward_loss(scores, ticked).to(scores)


def _group_loss(rewards: Tensor, ticked: Tensor) -> Tensor:
    return group_preference_loss(-rewards, torch.zeros_like(rewards), ticked, beta=1.0)
