"""What the next Generate will do, told beside its button: nothing that it does is hidden.

The record follows from the session and the options alone, and the round that is asked for follows
from the record. Its script sends `afresh`, `unpin` and `put_back`.
"""

from dataclasses import dataclass, replace
from typing import Any

from studio.domain import SeedError
from studio.services.asking import RoundOptions
from studio.services.choosing import drawn_for
from studio.services.daring import DARING, notch_of, strength_of
from studio.services.parts import parts_of
from studio.ui.design_view import parts_told
from studio.ui.seed import parse_seed
from studio.ui.session import Session
from studio.ui.words import Words

PINS = (
    "seed",
    "best_of",
    "daring",
    "explores",
    "mixed",
    "start",
    "change",
    "wearer_seed",
    "taste",
)
"""What can be taken away again, one by one."""


@dataclass(frozen=True)
class Plan:
    """The next round.

    Attributes:
        parent_id: the round that it goes on from.
        store_id: the store that it is for.
        count: designs that are shown.
        seed: of the first; None draws one.
        options: what it starts from, and how it is drawn and chosen.
    """

    parent_id: int | None
    store_id: int | None
    count: int
    seed: int | None
    options: RoundOptions


def plan_of(
    session: Session,
    count: int,
    typed_seed: str | None,
    daring: float,
    times: int,
    explores: bool = False,
) -> Plan:
    """The next round, out of what the page looks at and what its options say.

    Args:
        session: of the tab.
        count: designs in a round.
        typed_seed: as typed; it wins over what a PNG pinned.
        daring: notch of the slider, see `daring`.
        times: designs drawn for each one shown.
        explores: whether some of the designs may explore the store's taste.

    Raises:
        SeedError: what was typed is no seed.
    """
    typed, restored = parse_seed(typed_seed), session.restored
    start = None if restored.change else restored.start or session.reference
    return Plan(
        parent_id=session.parent_id,
        store_id=session.store_id,
        count=count,
        seed=session.seed if typed is None else typed,
        options=replace(
            restored,
            start=start,
            strength=strength_of(daring),
            times=times,
            explores=explores,
            mixed=session.mixing,
        ),
    )


def shown_plan(
    session: Session,
    count: int,
    typed_seed: str | None,
    daring: float,
    times: int,
    explores: bool = False,
) -> Plan:
    """The same to be shown: half a seed is none yet."""
    try:
        return plan_of(session, count, typed_seed, daring, times, explores)
    except SeedError:
        return plan_of(session, count, None, daring, times, explores)


def plan_view(
    plan: Plan, session: Session, words: Words, exploring: int = 0, mixed_name: str = ""
) -> dict[str, Any]:
    """The line of what is gone on from, a chip for each thing that is not as usual, a way back.

    Args:
        plan: of the next round.
        session: which of it a PNG pinned.
        words: for the screen.
        exploring: how many of its designs explore the store's taste.
        mixed_name: of the store whose taste is mixed in; empty for none.
    """
    chips = {
        **_chosen(plan, words, exploring, mixed_name),
        **_pinned(plan, session, words),
    }
    return {
        "parent_id": plan.parent_id,
        "chips": [[pin, chips[pin]] for pin in PINS if pin in chips],
        "is_replaced": session.replaced is not None,
    }


def _chosen(plan: Plan, words: Words, exploring: int, mixed_name: str) -> dict[str, str]:
    """Chips of what the options and the store's card say."""
    options, chips = plan.options, dict[str, str]()
    if options.times > 1:
        drawn = drawn_for(plan.count, options.times, exploring)
        chips["best_of"] = words["best_of"].format(shown=plan.count, drawn=drawn)
    if options.strength != 1:
        notch = f"{notch_of(options.strength):g}"
        chips["daring"] = words["daring_note"].format(notch=notch, most=f"{DARING:g}")
    if exploring:
        chips["explores"] = words["explores_note"].format(count=exploring, shown=plan.count)
    if options.mixed is not None and mixed_name:
        share = f"{options.mixed.share:.0%}"
        chips["mixed"] = words["mixed_note"].format(name=mixed_name, share=share)
    return chips


def _pinned(plan: Plan, session: Session, words: Words) -> dict[str, str]:
    """Chips of what a PNG or a round has pinned, and of a typed seed."""
    options, chips = plan.options, dict[str, str]()
    if plan.seed is not None:
        chips["seed"] = words["seed_note"].format(seed=plan.seed)
    if session.restored.start is not None and options.change is None:
        chips["start"] = words["start_note"]
    if options.change is not None:
        parts = parts_told(parts_of(tuple(options.change.free)), words)
        chips["change"] = words["change_note_pinned"].format(parts=parts)
    if options.wearer_seed is not None:
        chips["wearer_seed"] = words["wearer_note"]
    if options.taste is not None and plan.store_id is not None:
        chips["taste"] = words["taste_note"]
    return chips
