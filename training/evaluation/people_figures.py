"""PerFusionRM beside what knows no rater, on rounds of real people; and a taste at once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from studio.domain import StudioError
from studio.perfusion.kin import COUNT, embeddings_of, kin_of
from studio.perfusion.profile import STORE_ID, Profile
from studio.perfusion.reward_backbone import TwoTowerBackbone
from studio.perfusion.reward_model import PerFusionRM, PreparedImages
from studio.perfusion.taste import NO_TASTE, Taste
from studio.perfusion.taste_evidence import reward_evidence
from studio.perfusion.taste_fit import Answered, fit, learning_of_reward
from studio.perfusion.taste_learner import REWARD
from studio.perfusion.user_encoder import stack_profiles
from training.config import RewardConfig
from training.data.batches import ImageBank
from training.data.groups import Round, Rounds
from training.data.ratings import Ratings
from training.evaluation.reward_table import gauc_and_map, measure_named, ratio
from training.loops import reward
from training.loops.image_head import train_image_head
from training.loops.reward import RewardTask
from training.metrics import GroupMetrics, bootstrap_over_stores
from training.results import Figure
from training.runner import accelerator_for
from training.scorers import (
    GeneralScorer,
    ImageHeadScorer,
    OtherStoresScorer,
    PersonalScorer,
    Scorer,
    Scores,
    measure,
    stranger_of,
)

log = logging.getLogger(__name__)

PERSONAL, SHUFFLED, FIELDS_ONLY = "perfusionrm", "shuffled_profiles", "fields_only"
CROWD, ITEM, NO_PROFILE, IMAGE_HEAD, FROZEN = (
    "crowd_mean", "item_mean", "no_profile", "aesthetics", "frozen_clip",
)  # fmt: skip
IMPERSONAL = (CROWD, ITEM, NO_PROFILE, IMAGE_HEAD, FROZEN)
TASTE = "taste_at_once"
NEW = "new_users_"
_OTHERS = 8
"""Raters that the crowd's mean asks."""

Metrics = Mapping[str, GroupMetrics]


@dataclass(frozen=True)
class ItemMeanScorer:
    """What the other raters gave the very image.

    Attributes:
        means: image -> mean rating, each less its rater's own mean; 0 where nobody has said.
    """

    means: Mapping[str, float]

    @classmethod
    def of(cls, ratings: Ratings, rounds: Sequence[Round]) -> "ItemMeanScorer":
        """From the ratings behind some rounds.

        A rater's image is in one round only, so that what is held out of a rater is in no mean.
        """
        told: dict[str, list[float]] = {}
        for rater, names in _images_of(rounds).items():
            own = {name: ratings.by_rater[rater][name] for name in names}
            usual = float(np.mean(list(own.values())))
            for name, rating in own.items():
                told.setdefault(name, []).append(rating - usual)
        return cls({name: float(np.mean(given)) for name, given in told.items()})

    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        return [np.array([self.means.get(name, 0.0) for name in each.images]) for each in rounds]


@dataclass(frozen=True)
class TasteScorer:
    """PerFusionRM with what each rater's first answers have taught at once, weights frozen.

    Attributes:
        model: the reward model.
        bank: what its backbone makes of the images.
        tastes: rater -> taste.
    """

    model: PerFusionRM
    bank: ImageBank
    tastes: Mapping[str, Taste]

    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        return [
            self.model.score(
                _prepared(self.model, self.bank, each),
                each.prompt,
                each.profile,
                self.tastes.get(each.store_id, NO_TASTE),
            )
            .total.double()
            .cpu()
            .numpy()
            for each in rounds
        ]


def measure_people(
    rounds: Rounds, ratings: Ratings, config: RewardConfig, runs: Path, taught: int
) -> dict[str, Figure]:
    """Train on what raters of the training part ticked, and judge on what is held out.

    Args:
        rounds: of `rated_rounds.write_rated_rounds`.
        ratings: that they are made of.
        config: recipe of the reward model; `run` is filled in.
        runs: where the runs lie, as PATH-NAME; what is finished there is not trained again.
        taught: rounds of a new rater that teach a taste at once.

    Raises:
        StudioError: a model is missing or damaged, or has one tower only.
    """
    log.info("PerFusionRM")
    task = _train(rounds, replace(config, run=f"{runs}-personal"))
    log.info("the same without profiles")
    nobody = tuple(replace(each, profile=Profile(())) for each in rounds.rounds)
    blind = _train(replace(rounds, rounds=nobody), replace(config, run=f"{runs}-no-profile"))
    scorers = _scorers(task, blind, ratings, config.seed)
    test, new = task.of_splits("test"), task.of_splits("new-stores")
    figures = _figures(
        {name: measure_named(name, each, test) for name, each in scorers.items()}, ""
    )
    figures["users"] = Figure.exact(len({each.store_id for each in test}))
    figures["test_rounds"] = Figure.exact(len(test))
    if new:
        del scorers[SHUFFLED]
        scorers.pop(FIELDS_ONLY, None)  # training never saw their names
        figures |= _figures(
            {name: measure_named(name, each, new) for name, each in scorers.items()}, NEW
        )
        figures["new_users"] = Figure.exact(len({each.store_id for each in new}))
        figures |= _taste_figures(task, new, taught)
    return figures


def _train(rounds: Rounds, config: RewardConfig) -> RewardTask:
    accelerator = accelerator_for(config)
    task = reward.build(config, rounds, accelerator.device)
    if not isinstance(task.model.backbone, TwoTowerBackbone):
        raise StudioError(
            f"{reward.backbone_of(config)} reads image and prompt in one tower, so it has no image "
            "features to compare with. Name a CLIP or a SigLIP with --backbone."
        )
    reward.train(task, config, accelerator)
    return task


def _scorers(task: RewardTask, blind: RewardTask, ratings: Ratings, seed: int) -> dict[str, Scorer]:
    learning = task.of_splits("train")
    known = _profiles(learning)
    head = train_image_head(replace(task.rounds, rounds=tuple(learning)), task.bank, seed)
    scorers: dict[str, Scorer] = {
        PERSONAL: PersonalScorer(task.model, task.bank),
        SHUFFLED: PersonalScorer(task.model, task.bank, stranger_of(known, seed)),
        CROWD: OtherStoresScorer(task.model, task.bank, known, _OTHERS, seed),
        ITEM: ItemMeanScorer.of(ratings, learning),
        NO_PROFILE: PersonalScorer(blind.model, blind.bank, lambda _: Profile(())),
        IMAGE_HEAD: ImageHeadScorer(head, task.bank),
        FROZEN: GeneralScorer(task.model, task.bank),
    }
    if len(task.model.schema.fields) > 1:
        scorers[FIELDS_ONLY] = PersonalScorer(
            task.model, task.bank, lambda each: each.profile.without(STORE_ID)
        )
    return scorers


def _figures(metrics: Metrics, prefix: str) -> dict[str, Figure]:
    """Each scorer's figures, and PerFusionRM's gain over each that knows no rater, round by round.

    Intervals are over raters.
    """
    own = metrics[PERSONAL]
    figures: dict[str, Figure] = {}
    for name, each in metrics.items():
        figures |= {
            key.replace("_", f"_{prefix}", 1): figure
            for key, figure in gauc_and_map(name, each).items()
        }
    for name in IMPERSONAL:
        gains = own.gauc - metrics[name].gauc
        figures[f"gain_{prefix}over_{name}"] = bootstrap_over_stores(gains, own.stores)
    best = max(IMPERSONAL, key=lambda name: metrics[name].gauc.mean())
    log.info("the best that knows no rater is %s", best)
    figures[f"{prefix}relative_gain"] = ratio(own, metrics[best], minus=1.0)
    return figures


def _taste_figures(task: RewardTask, new: Sequence[Round], taught: int) -> dict[str, Figure]:
    """Raters that training never saw, after their first rounds and before; on their later rounds.

    Raters with no more rounds than those that teach are left out.
    """
    by_rater: dict[str, list[Round]] = {}
    for each in new:
        by_rater.setdefault(each.store_id, []).append(each)
    enough = {rater: own for rater, own in by_rater.items() if len(own) > taught}
    if not enough or not taught:
        log.warning("no new rater has more than %d rounds: no taste at once", taught)
        return {}
    tastes = {rater: taste_of(task, own[:taught]) for rater, own in enough.items()}
    later = [each for own in enough.values() for each in own[taught:]]
    after = measure_named(TASTE, TasteScorer(task.model, task.bank, tastes), later)
    before = measure(PersonalScorer(task.model, task.bank), later)
    gains = after.gauc - before.gauc
    return {
        f"gauc_{NEW}{TASTE}": bootstrap_over_stores(after.gauc, after.stores),
        f"gauc_{NEW}before_{TASTE}": bootstrap_over_stores(before.gauc, before.stores),
        f"gain_{NEW}{TASTE}": bootstrap_over_stores(gains, after.stores),
    }


def taste_of(task: RewardTask, rounds: Sequence[Round]) -> Taste:
    """What a rater's answers teach at once, with frozen weights.

    The rater may be like any kin that the studio thinks of, or like a rater that training knows.

    Args:
        task: a trained one.
        rounds: of one rater, all of which compare something.
    """
    model, schema = task.model, task.model.schema
    known = _profiles(task.of_splits("train"))
    kin = (*kin_of(rounds[0].profile, schema), *known[:: -(-len(known) // COUNT)])
    users = stack_profiles([schema.encode(each) for each in kin])
    embeddings = embeddings_of(model.user_encoders, schema, kin)
    answered = [
        Answered(
            {
                REWARD: reward_evidence(
                    model, _prepared(model, task.bank, each), each.prompt, users, embeddings
                )
            },
            torch.tensor(each.labels) > 0.5,
        )
        for each in rounds
    ]
    found = fit(answered, {REWARD: learning_of_reward(model.config.temperature)})
    scale = found.judged[REWARD].scale
    return Taste(scale * (found.likely @ embeddings - embeddings[0])) if scale else NO_TASTE


def _prepared(model: PerFusionRM, bank: ImageBank, shown: Round) -> PreparedImages:
    rows = torch.tensor([[bank.rows[name] for name in shown.images]])
    tokens = bank.tokens_of(rows)[0].to(model.device)
    return PreparedImages(tokens, bank.features_of(rows)[0].to(model.device))


def _profiles(rounds: Sequence[Round]) -> list[Profile]:
    return list({each.store_id: each.profile for each in rounds}.values())


def _images_of(rounds: Sequence[Round]) -> dict[str, list[str]]:
    images: dict[str, list[str]] = {}
    for each in rounds:
        images.setdefault(each.store_id, []).extend(each.images)
    return images
