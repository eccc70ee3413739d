"""Judges what a store's answers have taught: held-out pairs, and wins of new designs."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from studio.domain import MAX_SEED, StudioError
from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from studio.perfusion.reward_model import PerFusionRM, PreparedImages
from studio.perfusion.scoring import prepared
from studio.perfusion.taste import NO_TASTE, Taste
from studio.perfusion.taste_evidence import Evidence, implicit_rewards
from studio.perfusion.taste_learner import AnsweredRound, RoundEvidence, Shown, TasteLearner
from studio.perfusion.user_encoder import stack_profiles
from training.atelier.traits import traits_of
from training.data.groups import Round
from training.evaluation.atelier_figures import GARMENT_PLACES
from training.evaluation.designing import Answers, Designer, Question, Sampling, question_of
from training.evaluation.distances import differing
from training.evaluation.taste_exploring import answered_so, by_lot
from training.evaluation.taste_rounds import CANDIDATES, Answer, Brief, NewStore, answers_of
from training.key_phrases import key_phrases, with_key_phrases
from training.metrics import group_auc

NEIGHBOURS = 5
"""Ticked designs that a nearest-neighbour score looks at."""
STRENGTHS = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Of a taste, at which variety is measured: the notches of the studio's slider."""
_GENERATOR_BRIEFS = 4
"""Of those that judge; the generator is slow to ask."""

Floats = NDArray[np.float64]


class Known(StrEnum):
    """Whether a store tells of itself; the value is what its figures' names end in."""

    TOLD = ""
    UNTOLD = "_untold"


class Amounts(Protocol):
    """How much is measured, see `taste.TasteEvaluation`."""

    @property
    def counts(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def briefs(self) -> int: ...  # noqa: D102
    @property
    def test_rounds(self) -> int: ...  # noqa: D102
    @property
    def prompts(self) -> int: ...  # noqa: D102
    @property
    def candidates(self) -> int: ...  # noqa: D102


class Judge:
    """One seed's briefs, and the models that learn from them and are judged by them.

    Args:
        generator: of the checkpoint, with an adaptive network.
        reward_model: of the checkpoint.
        briefs: those that teach, then those that judge.
        amounts: how much is measured.
        seed: of ticks and noise.

    Raises:
        StudioError: the checkpoint lacks one of the two personal models.
    """

    def __init__(
        self,
        generator: Generator,
        reward_model: PerFusionRM | None,
        briefs: Sequence[Brief],
        amounts: Amounts,
        seed: int,
    ) -> None:
        if reward_model is None or generator.pipeline.adaptive_network is None:
            raise StudioError(
                "Tastes are judged with a reward model and an adaptive network, and this "
                "checkpoint lacks one of them. Train both first."
            )
        self._learner = TasteLearner(generator, reward_model)
        self._designer = Designer(generator, Sampling())
        self._pipeline = generator.pipeline
        self._reward_model = reward_model
        self._briefs = briefs
        self._amounts = amounts
        self._seed = seed
        self._images: dict[int, PreparedImages] = {}
        self._seen: dict[tuple[Profile, int], RoundEvidence] = {}

    def judge(self, store: NewStore, known: Known, profile: Profile) -> dict[str, float]:
        """All figures of a store, `WHAT_COUNT` -> number.

        Args:
            store: who answers.
            known: whether it tells of itself.
            profile: what the models are told of it.
        """
        rng = np.random.default_rng((self._seed, *map(ord, str(store.profile["store_id"]))))
        teaching = range(self._amounts.briefs)
        judging = range(self._amounts.briefs, len(self._briefs))
        usual = self._worn @ store.taste
        counts = self._amounts.counts
        taught = answers_of(store, {n: self._briefs[n] for n in teaching}, usual, max(counts), rng)
        tests = [
            each
            for each in answers_of(
                store, {n: self._briefs[n] for n in judging}, usual, self._amounts.test_rounds, rng
            )
            if each.compares
        ]
        found: dict[str, float] = {}
        for count in counts:
            taste = self._learn(taught[:count], profile)
            found[f"pairs_reward{known}_{count}"] = self._reward_pairs(tests, profile, taste)
            found[f"pairs_generator{known}_{count}"] = self._generator_pairs(tests, profile, taste)
            found[f"win_generator{known}_{count}"] = self._wins(
                store, self._questions(profile, taste)
            )
            if known is Known.TOLD:
                found[f"pairs_nearest_{count}"] = self._nearest_pairs(tests, taught[:count])
                found[f"win_key_phrases_{count}"] = self._wins(
                    store, self._with_keys(taught[:count])
                )
        last = self._learn(taught[: counts[-1]], profile)
        varied = self._over_strengths(self._questions(profile, last))
        return found | {f"{name}{known}_{counts[-1]}": each for name, each in varied.items()}

    def explore(self, store: NewStore, profile: Profile) -> tuple[list[float], list[float]]:
        """Shares of held-out pairs in order after 0, 1, 2 ... rounds: exploring, and by lot.

        Args:
            store: who answers.
            profile: what the models are told of it.
        """
        rng = np.random.default_rng((self._seed, *map(ord, str(store.profile["store_id"])), 1))
        teaching = {number: self._briefs[number] for number in range(self._amounts.briefs)}
        judging = {n: self._briefs[n] for n in range(self._amounts.briefs, len(self._briefs))}
        usual = self._worn @ store.taste
        tests = answers_of(store, judging, usual, self._amounts.test_rounds, rng)
        tests = [each for each in tests if each.compares]

        def telling(number: int, answers: Sequence[Answer]) -> Sequence[int]:
            evidence, rounds = self._evidence(profile, number), self._rounds(answers, profile)
            every = range(len(self._briefs[number].designs))
            return self._learner.most_telling(evidence, rounds, profile, CANDIDATES, every)

        both = []
        for choose in (telling, by_lot(rng)):
            answers = answered_so(store, teaching, usual, choose, rng)
            tastes = [self._learn(answers[:count], profile) for count in range(len(answers) + 1)]
            both.append([self._reward_pairs(tests, profile, each) for each in tastes])
        return both[0], both[1]

    # --- Learning ----------------------------------------------------------------------------

    def _learn(self, answers: Sequence[Answer], profile: Profile) -> Taste:
        rounds = self._rounds(answers, profile)
        return self._learner.learn(rounds, profile).taste if rounds else NO_TASTE

    def _rounds(self, answers: Sequence[Answer], profile: Profile) -> list[AnsweredRound]:
        rounds: list[AnsweredRound] = []
        for each in answers:
            evidence = {
                model: Evidence(seen.scores[torch.from_numpy(each.shown)])
                for model, seen in self._evidence(profile, each.brief).items()
            }
            rounds.append((evidence, each.ticked.tolist()))
        return rounds

    def _evidence(self, profile: Profile, number: int) -> RoundEvidence:
        """Of all designs of a brief: a round shows some of them."""
        if (profile, number) not in self._seen:
            brief = self._briefs[number]
            shown = Shown(f"brief-{number}", brief.asked.prompt, brief.designs, brief.pictures)
            images = self._prepared(number)
            self._seen[profile, number] = self._learner.look(shown, profile, images)
        return self._seen[profile, number]

    def _prepared(self, number: int) -> PreparedImages:
        if number not in self._images:
            self._images[number] = prepared(self._reward_model, self._briefs[number].pictures())
        return self._images[number]

    # --- Pairs -------------------------------------------------------------------------------

    def _reward_pairs(self, tests: Sequence[Answer], profile: Profile, taste: Taste) -> float:
        scores = {
            number: self._reward_model.score(
                self._prepared(number), self._briefs[number].asked.prompt, profile, taste
            ).total.numpy()
            for number in {each.brief for each in tests}
        }
        return _pairs(tests, scores)

    def _generator_pairs(self, tests: Sequence[Answer], profile: Profile, taste: Taste) -> float:
        network = self._pipeline.adaptive_network
        user = stack_profiles([network.schema.encode(profile)])
        few = sorted({each.brief for each in tests})[:_GENERATOR_BRIEFS]
        scores = {
            number: implicit_rewards(
                self._pipeline,
                self._pipeline.codec.encode(self._briefs[number].designs),
                self._briefs[number].asked.plain_prompt,
                user,
                taste.generator,
                f"brief-{number}",
            ).numpy()
            for number in few
        }
        return _pairs([each for each in tests if each.brief in scores], scores)

    def _nearest_pairs(self, tests: Sequence[Answer], taught: Sequence[Answer]) -> float:
        """By how like the nearest ticked designs a design is, and how unlike the unticked."""
        worn = [traits_of(brief.designs) for brief in self._briefs]
        liked = [worn[each.brief][each.shown[each.ticked]] for each in taught]
        left = [worn[each.brief][each.shown[~each.ticked]] for each in taught]
        scores = {
            each.brief: _likeness(worn[each.brief], liked) - _likeness(worn[each.brief], left)
            for each in tests
        }
        return _pairs(tests, scores)

    # --- Wins --------------------------------------------------------------------------------

    def _questions(self, profile: Profile, taste: Taste) -> list[Question]:
        return [
            question_of(brief.asked, first + place, first, profile, taste)
            for brief, first in self._asked
            for place in range(self._amounts.candidates)
        ]

    def _with_keys(self, taught: Sequence[Answer]) -> list[Question]:
        """PMG: key phrases of the same rounds join the prompt, and the plain model draws."""
        history = [self._round(number, each) for number, each in enumerate(taught)]
        keys = key_phrases(history, self._designer.book).get("", ())
        return [
            question_of(
                self._designer.book.parse(
                    with_key_phrases(brief.asked.prompt, keys, self._designer.book)
                ),
                first + place,
                first,
            )
            for brief, first in self._asked
            for place in range(self._amounts.candidates)
        ]

    def _round(self, number: int, answer: Answer) -> Round:
        brief = self._briefs[answer.brief]
        return Round(
            id=f"round-{number}",
            profile=Profile(()),
            prompt=brief.asked.prompt,
            images=(),
            labels=tuple(map(float, answer.ticked)),
            designs=tuple(brief.designs[place].to_json() for place in answer.shown),
        )

    def _wins(self, store: NewStore, questions: Sequence[Question]) -> float:
        """How often the store likes a design better than the plain one of the same noise."""
        answers = self._designer.answer(questions, what="designs")
        own = traits_of(answers.designs) @ store.taste
        gains = own - self._plain @ store.taste
        return float(np.mean(np.where(np.abs(gains) < _SAME, 0.5, gains > 0)))

    # --- Variety -----------------------------------------------------------------------------

    def _over_strengths(self, questions: Sequence[Question]) -> dict[str, float]:
        """Variety over the plain model's at each strength of the taste, and what each step changes.

        `variety_strength_S` is in how many families of the garment two designs of a prompt differ,
        over the same for plain ones; `changed_strength_S` the share of designs that differ in one
        of them from those of the strength before.
        """
        found: dict[str, float] = {}
        before = None
        for strength in STRENGTHS:
            answers = self._designer.answer(questions, strength, what="designs of a strength")
            places = answers.places[:, GARMENT_PLACES]
            name = f"{strength:g}".replace(".", "_")
            found[f"variety_strength_{name}"] = self._differing(answers) / self._plain_variety
            if before is not None:
                found[f"changed_strength_{name}"] = float((places != before).any(axis=1).mean())
            before = places
        return found

    def _differing(self, answers: Answers) -> float:
        shape = len(self._asked), self._amounts.candidates, -1
        return float(differing(answers.places.reshape(shape), GARMENT_PLACES).mean())

    @cached_property
    def _plain_variety(self) -> float:
        return max(self._differing(self._plain_answers), 1e-9)

    @cached_property
    def _asked(self) -> list[tuple[Brief, int]]:
        """The briefs that designs are made for, each with its first seed."""
        some = self._briefs[self._amounts.briefs :][: self._amounts.prompts]
        step = self._amounts.candidates
        first = 7_919 * (self._seed + 1)
        return [
            (brief, (first + step * place) % (MAX_SEED + 1)) for place, brief in enumerate(some)
        ]

    @cached_property
    def _plain(self) -> Floats:
        """(Q, A) what the plain model designs."""
        return traits_of(self._plain_answers.designs)

    @cached_property
    def _plain_answers(self) -> Answers:
        questions = [
            question_of(brief.asked, first + place, first)
            for brief, first in self._asked
            for place in range(self._amounts.candidates)
        ]
        return self._designer.answer(questions, what="plain designs")

    @cached_property
    def _worn(self) -> Floats:
        """(M, A) all designs that teach."""
        briefs = self._briefs[: self._amounts.briefs]
        return traits_of([each for brief in briefs for each in brief.designs])


_SAME = 1e-9


def _pairs(tests: Sequence[Answer], scores: Mapping[int, NDArray[Any]]) -> float:
    """Share of pairs in the right order, over rounds."""
    return float(
        np.mean(
            [
                group_auc(np.asarray(scores[each.brief])[each.shown].astype(float), each.ticked)
                for each in tests
            ]
        )
    )


def _likeness(worn: Floats, to: Sequence[Floats]) -> Floats:
    """(N,) mean likeness to the nearest of some designs; 0 where there are none."""
    if not sum(map(len, to)):
        return np.zeros(len(worn))
    alike = np.sort(worn @ np.concatenate(to).T, axis=1)
    nearest: Floats = alike[:, -NEIGHBOURS:].mean(axis=1)
    return nearest
