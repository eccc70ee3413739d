"""What the next Generate will do, told beside its button: nothing that it does is hidden.

The record follows from the session and the options alone, and the round that is asked for follows
from the record. Its script sends `afresh`, `unpin` and `put_back`.
"""

from dataclasses import dataclass, replace
from typing import Any

from studio.domain import SeedError
from studio.services.asking import RoundOptions
from studio.services.parts import parts_of
from studio.ui.design_view import parts_told
from studio.ui.seed import parse_seed
from studio.ui.session import Session
from studio.ui.words import Words

PINS = ("seed", "best_of", "strength", "start", "change", "wearer_seed", "taste")
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
    session: Session, count: int, typed_seed: str | None, strength: float, times: int
) -> Plan:
    """The next round, out of what the page looks at and what its options say.

    Args:
        session: of the tab.
        count: designs in a round.
        typed_seed: as typed; it wins over what a PNG pinned.
        strength: of the store's taste.
        times: designs drawn for each one shown.

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
        options=replace(restored, start=start, strength=strength, times=times),
    )


def shown_plan(
    session: Session, count: int, typed_seed: str | None, strength: float, times: int
) -> Plan:
    """The same to be shown: half a seed is none yet."""
    try:
        return plan_of(session, count, typed_seed, strength, times)
    except SeedError:
        return plan_of(session, count, None, strength, times)


def plan_view(plan: Plan, session: Session, words: Words) -> dict[str, Any]:
    """The line of what is gone on from, a chip for each thing that is not as usual, a way back.

    Args:
        plan: of the next round.
        session: which of it a PNG pinned.
        words: for the screen.
    """
    options = plan.options
    chips: dict[str, str] = {}
    if plan.seed is not None:
        chips["seed"] = words["seed_note"].format(seed=plan.seed)
    if options.times > 1:
        drawn = options.times * plan.count
        chips["best_of"] = words["best_of"].format(shown=plan.count, drawn=drawn)
    if options.strength != 1:
        chips["strength"] = words["strength_note"].format(strength=f"{options.strength:g}")
    if session.restored.start is not None and options.change is None:
        chips["start"] = words["start_note"]
    if options.change is not None:
        parts = parts_told(parts_of(tuple(options.change.free)), words)
        chips["change"] = words["change_note_pinned"].format(parts=parts)
    if options.wearer_seed is not None:
        chips["wearer_seed"] = words["wearer_note"]
    if options.taste is not None and plan.store_id is not None:
        chips["taste"] = words["taste_note"]
    return {
        "parent_id": plan.parent_id,
        "chips": [[pin, chips[pin]] for pin in PINS if pin in chips],
        "is_replaced": session.replaced is not None,
    }
