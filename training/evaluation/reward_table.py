"""Table 2 on simulated stores: PerFusionRM, what it is compared with, and the truth."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.design.spec import DesignSpec
from studio.perfusion.pictures import to_images
from studio.perfusion.profile import STORE_ID, Profile
from studio.perfusion.reward_model import PerFusionRM
from training.config import GeneralTasteConfig, RewardConfig
from training.data.groups import Round
from training.evaluation.stores_world import StoresWorld
from training.evaluation.taste_parts import Score, known, known_figures, make_pairs
from training.hub_scorers import PUBLISHED, HubScorer
from training.loops import reward
from training.loops.general_taste import fit
from training.loops.image_head import train_image_head
from training.loops.reward import RewardTask
from training.metrics import GroupMetrics, bootstrap_over_stores
from training.results import Figure, bootstrap
from training.scorers import (
    GeneralScorer,
    ImageHeadScorer,
    OracleScorer,
    OtherStoresScorer,
    PersonalScorer,
    Scorer,
    TunedClipScorer,
    measure,
    stranger_of,
)

log = logging.getLogger(__name__)

PERSONAL, ORACLE, SHUFFLED, ONLY_ID = (
    "perfusionrm", "oracle", "shuffled_profiles", "store_id_only",
)  # fmt: skip
FROZEN, TUNED, IMAGE_HEAD, OTHERS = "frozen_clip", "tuned_clip", "aesthetics", "other_stores"
BEST_GENERAL = "best_general"
PAIRS_A_PART, STORES_FOR_PARTS = 12, 24
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Recipes:
    """How the table's models are trained.

    Attributes:
        personal: the reward model; folders and seed are filled in.
        general: what it is compared with.
        published: names and folders of published scorers to ask too, see `hub_scorers`.
    """

    personal: RewardConfig
    general: GeneralTasteConfig
    published: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """How all scorers do on one set of rounds: name -> metrics."""

    by_name: Mapping[str, GroupMetrics]

    @property
    def general_names(self) -> list[str]:
        """Those that know nothing of the store that is asked."""
        personal = {PERSONAL, ORACLE, SHUFFLED, ONLY_ID}
        return [name for name in self.by_name if name not in personal]


@dataclass(frozen=True)
class Answers:
    """All that one world was asked.

    Attributes:
        test: on test rounds of stores that training knows.
        new: on rounds of stores that it never saw.
        known: part of a taste -> (S,) how well the reward model knows it, see `taste_parts`.
    """

    test: Asked
    new: Asked
    known: Mapping[str, Floats]


def measure_table(worlds: Sequence[StoresWorld], recipes: Recipes, work: Path) -> dict[str, Figure]:
    """Train and measure on each world; intervals are over the stores of all of them.

    Args:
        worlds: one per seed, already made.
        recipes: of the models.
        work: folder for the runs; what is finished there is not trained again.
    """
    asked = [_ask(world, recipes, work) for world in worlds]
    test, new = (_together(some) for some in ([a.test for a in asked], [a.new for a in asked]))
    figures: dict[str, Figure] = {}
    for name, metrics in test.by_name.items():
        figures |= gauc_and_map(name, metrics)
    best = max(test.general_names, key=lambda name: test.by_name[name].gauc.mean())
    log.info("the best general scorer is %s", best)
    figures |= gauc_and_map(BEST_GENERAL, test.by_name[best])
    figures |= gauc_and_map("new_stores", new.by_name[PERSONAL])
    figures |= gauc_and_map("new_stores_oracle", new.by_name[ORACLE])
    figures |= gauc_and_map("new_stores_best_general", new.by_name[best])
    figures["relative_gain"] = ratio(test.by_name[PERSONAL], test.by_name[best], minus=1.0)
    figures["share_of_oracle"] = ratio(test.by_name[PERSONAL], test.by_name[ORACLE])
    figures["new_stores_relative_gain"] = ratio(new.by_name[PERSONAL], new.by_name[best], minus=1.0)
    figures |= known_figures([each.known for each in asked])
    for world, each in zip(worlds, asked, strict=True):
        own = each.test.by_name[PERSONAL]
        key = f"gauc_{PERSONAL}_seed_{world.config.seed}"
        figures[key] = bootstrap_over_stores(own.gauc, own.stores)
    figures["stores"] = Figure.exact(len(set(test.by_name[PERSONAL].stores)))
    figures["rounds"] = Figure.exact(len(test.by_name[PERSONAL].stores))
    return figures


def ratio(one: GroupMetrics, other: GroupMetrics, minus: float = 0.0) -> Figure:
    """Quotient of two mean GAUCs on the same rounds, with its interval over stores."""
    names, rows = np.unique(np.asarray(one.stores), return_inverse=True)
    sums = [
        np.bincount(rows, weights=metrics.gauc, minlength=len(names)) for metrics in (one, other)
    ]

    def quotient(drawn: np.ndarray) -> float:
        return float(drawn[:, 0].sum() / drawn[:, 1].sum()) - minus

    return bootstrap(np.stack(sums, axis=1), quotient)


def train_on(world: StoresWorld, config: RewardConfig, run: Path) -> RewardTask:
    """The reward model's training on a world; it never sees the world's true taste."""
    config = replace(config, run=str(run), rounds=str(world.folder), seed=world.config.seed)
    rounds = world.rounds()
    names = sorted({name for each in rounds.rounds for name in each.images})
    task = reward.build(config, rounds, torch.device("cpu"), bank_images=names)
    reward.train(task, config, Accelerator(cpu=True))
    return task


def _ask(world: StoresWorld, recipes: Recipes, work: Path) -> Answers:
    """All scorers on the test rounds, on those of stores that training never saw, and on pairs."""
    log.info("seed %d: PerFusionRM", world.config.seed)
    runs = work / f"runs-{world.config.pool_seed}"
    task = train_on(world, recipes.personal, runs / f"personal-{world.config.seed}")
    test, new = task.of_splits("test"), task.of_splits("new-stores")
    stores = list({each.store_id: each.profile for each in test}.values())
    scorers = _general_scorers(task, recipes) | {
        OTHERS: OtherStoresScorer(task.model, task.bank, stores, count=4),
        PERSONAL: PersonalScorer(task.model, task.bank),
        SHUFFLED: PersonalScorer(task.model, task.bank, stranger_of(stores, seed=0)),
        ORACLE: OracleScorer(world.oracle()),
    }
    metrics = {name: measure_named(name, scorer, test) for name, scorer in scorers.items()}
    log.info("seed %d: store id only", world.config.seed)
    only_id = train_on(
        world,
        replace(recipes.personal, only_store_id=True, forget_store=0.1),
        runs / f"store-id-{world.config.seed}",
    )
    metrics[ONLY_ID] = measure_named(
        ONLY_ID, PersonalScorer(only_id.model, only_id.bank), only_id.of_splits("test")
    )
    of_new = {name: measure_named(name, scorers[name], new) for name in scorers if name != SHUFFLED}
    log.info("seed %d: the parts of tastes", world.config.seed)
    return Answers(Asked(metrics), Asked(of_new), _known(task.model, world, stores))


def _known(
    model: PerFusionRM, world: StoresWorld, stores: Sequence[Profile]
) -> Mapping[str, Floats]:
    """How well the reward model knows each part of the tastes of some stores."""
    pairs = make_pairs(PAIRS_A_PART, world.config.pool_seed)
    drawn: dict[str, Tensor] = {}
    count = min(STORES_FOR_PARTS, len(stores))
    chosen = [stores[place * len(stores) // count] for place in range(count)]

    def scores_of(store: Profile) -> Score:
        def score(designs: Sequence[DesignSpec], phrase: str) -> Floats:
            texts = [each.to_json() for each in designs]
            for text, design in zip(texts, designs, strict=True):
                if text not in drawn:
                    drawn[text] = to_images([Image.fromarray(world.draw(design))])[0]
            images = torch.stack([drawn[text] for text in texts]).to(model.device)
            return model.score(images, phrase, store).total.double().cpu().numpy()

        return score

    tastes = np.stack([world.oracle().tastes[str(store[STORE_ID])] for store in chosen])
    return known(pairs, tastes, [scores_of(store) for store in chosen])


def _general_scorers(task: RewardTask, recipes: Recipes) -> dict[str, Scorer]:
    tuned = TunedClipScorer(task.model, task.bank)
    fit(tuned, task, recipes.general)
    learning = replace(task.rounds, rounds=tuple(task.of_splits("train")))
    head = train_image_head(learning, task.bank, recipes.general.seed)
    return {
        FROZEN: GeneralScorer(task.model, task.bank),
        TUNED: tuned,
        IMAGE_HEAD: ImageHeadScorer(head, task.bank),
        **{
            name: HubScorer(PUBLISHED[name].open(Path(folder)), task.rounds.folder)
            for name, folder in recipes.published
        },
    }


def measure_named(name: str, scorer: Scorer, rounds: Sequence[Round]) -> GroupMetrics:
    """MAP and GAUC of a scorer, with a line in the log."""
    metrics = measure(scorer, rounds)
    log.info("%s: GAUC %.4f on %d rounds", name, metrics.gauc.mean(), len(metrics.gauc))
    return metrics


def gauc_and_map(name: str, metrics: GroupMetrics) -> dict[str, Figure]:
    """Both metrics of a scorer, with their intervals over stores."""
    return {
        f"gauc_{name}": bootstrap_over_stores(metrics.gauc, metrics.stores),
        f"map_{name}": bootstrap_over_stores(metrics.average_precision, metrics.stores),
    }


def _together(parts: Sequence[Asked]) -> Asked:
    """The rounds of all worlds; stores of different worlds are different stores."""

    def joined(name: str) -> GroupMetrics:
        own = [part.by_name[name] for part in parts]
        return GroupMetrics(
            np.concatenate([metrics.gauc for metrics in own]),
            np.concatenate([metrics.average_precision for metrics in own]),
            tuple(f"{i}/{store}" for i, metrics in enumerate(own) for store in metrics.stores),
        )

    return Asked({name: joined(name) for name in parts[0].by_name})
