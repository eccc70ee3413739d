"""The generators that are compared, and what each of them makes of the panel's questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from studio.perfusion.adaptive_schedule import EVERY_STEP
from studio.perfusion.profile import Profile
from training.atelier.traits import traits_of
from training.evaluation.designing import Answers, Designer, Question, question_of
from training.evaluation.made import Made
from training.evaluation.panel import Panel
from training.key_phrases import (
    MOST_LIKINGS,
    MOST_PHRASES,
    key_phrases,
    logit_phrases,
    with_key_phrases,
)

Number = TypeVar("Number", np.int16, np.float64)


@dataclass(frozen=True)
class Contender:
    """One way to design for a store.

    Attributes:
        folder: of its checkpoint, in the folder of all generators.
        personal: whether its network is told which store it designs for.
        key_phrases: which key phrases of the store join the prompt, a key of KEY_PHRASES; empty
            for none.
        strength: of the store's taste; 1 is as trained.
        first_step_only: whether the network acts in the first step only and not in all of them.
    """

    folder: str
    personal: bool = False
    key_phrases: str = ""
    strength: float = 1.0
    first_step_only: bool = False

    @property
    def knows_the_store(self) -> bool:
        """Whether its designs differ from store to store."""
        return self.personal or bool(self.key_phrases)


PLAIN, PERFUSION, ONE_PAIR = "plain", "perfusion", "one_pair"
PMG, LOGIT = "pmg", "logit"
KEY_PHRASES = {PMG: (key_phrases, MOST_PHRASES), LOGIT: (logit_phrases, MOST_LIKINGS)}
"""How a store's history becomes phrases, and how many of them may join a prompt."""
CONTENDERS: dict[str, Contender] = {
    PLAIN: Contender("plain"),
    "sft": Contender("sft"),
    "dpo": Contender("dpo"),
    "spo": Contender("spo"),
    PMG: Contender("plain", key_phrases=PMG),
    LOGIT: Contender("plain", key_phrases=LOGIT),
    PERFUSION: Contender("perfusion", personal=True),
    "without_network": Contender("without_network"),
    "without_group": Contender("without_group", personal=True),
    ONE_PAIR: Contender("one_pair", personal=True),
    "all_pairs": Contender("all_pairs", personal=True),
    "perfusion_on_dpo": Contender("perfusion_on_dpo", personal=True),
    "perfusion_first_step": Contender("perfusion", personal=True, first_step_only=True),
    "perfusion_strength_0_5": Contender("perfusion", personal=True, strength=0.5),
    "perfusion_strength_1_5": Contender("perfusion", personal=True, strength=1.5),
    "perfusion_strength_2": Contender("perfusion", personal=True, strength=2.0),
}
"""`without_group` learns by Eq. 1 alone, as in the paper; without both it is `sft`. `one_pair` and
`all_pairs` are Diffusion-DPO on the network, on one random pair of a round or on all."""


def ask(
    name: str,
    designer: Designer,
    panel: Panel,
    keys: Mapping[str, Mapping[str, Sequence[str]]],
) -> Made:
    """What a contender makes of all the panel's questions, (K, S, P, N, F).

    One that knows nothing of stores designs once for all of them.

    Args:
        name: key of CONTENDERS.
        designer: its checkpoint, opened.
        panel: the questions.
        keys: key of KEY_PHRASES -> store id -> its phrases, the surest first.
    """
    contender = CONTENDERS[name]
    stores: Sequence[Profile | None] = panel.stores if contender.knows_the_store else [None]
    places = product(range(len(panel.seeds)), stores, range(len(panel.prompts[0])))
    questions: list[Question] = []
    for turn, store, place in places:
        typed = panel.prompts[turn][place]
        if contender.key_phrases and store is not None:
            known = keys[contender.key_phrases].get(str(store["store_id"]), ())
            most = KEY_PHRASES[contender.key_phrases][1]
            typed = with_key_phrases(typed, known, designer.book, most)
        parsed = designer.book.parse(typed)
        first = panel.first_seed(panel.seeds[turn], place)
        told = store if contender.personal else None
        questions += [
            question_of(parsed, first + candidate, first, told)
            for candidate in range(panel.candidates)
        ]
    schedule = designer.first_step_only if contender.first_step_only else EVERY_STEP
    answers = designer.answer(questions, contender.strength, schedule, name)
    return _made(answers, panel, len(stores))


def _made(answers: Answers, panel: Panel, stores: int) -> Made:
    shape = (len(panel.seeds), stores, len(panel.prompts[0]), panel.candidates)
    repaired = np.array([len(design.repaired) for design in answers.designs], np.int16)

    def for_everyone(values: NDArray[Number]) -> NDArray[Number]:
        by_seed: NDArray[Number] = values.reshape(*shape, *values.shape[1:])
        return np.broadcast_to(by_seed, (shape[0], len(panel.stores), *by_seed.shape[2:]))

    return Made(
        for_everyone(answers.places),
        for_everyone(answers.free),
        for_everyone(repaired),
        for_everyone(traits_of(answers.designs)),
    )
