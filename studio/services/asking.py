"""What a person asks for beside phrases: what a round starts from, and how it is drawn."""

from dataclasses import dataclass, replace

from studio.design.families import FAMILIES
from studio.design.measures import MEASURES
from studio.design.spec import DesignSpec
from studio.domain import (
    MAX_SEED,
    MAX_STRENGTH,
    CandidateCountError,
    DesignError,
    Mixed,
    RecipeError,
    SeedError,
    StrengthError,
    VariationError,
)
from studio.services.choosing import times_of
from studio.services.recipe import RECIPE_KEY, Recipe, recipe_from_texts
from studio.services.stores import StoreBook
from studio.storage.image_files import ImageFiles

MOST_TIMES = 4
"""At most so many designs are drawn for each one that is shown."""


@dataclass(frozen=True)
class Start:
    """What a round starts from in place of pure noise.

    Attributes:
        images: SHA-256 of images in the data folder; the candidates start from them, or from the
            designs that they show, in turn.
        variation: how much is drawn anew, above 0 to 1.
    """

    images: tuple[str, ...]
    variation: float


@dataclass(frozen=True)
class Change:
    """A design to keep but for some parts, which are drawn anew.

    Attributes:
        design: as JSON.
        free: families and measures that are drawn anew; at least one.

    Raises:
        DesignError: the design can't be read, or it has no such parts.
    """

    design: str
    free: frozenset[str]

    def __post_init__(self) -> None:
        """Check both: they may come from anybody's file."""
        DesignSpec.from_json(self.design)
        if not self.free or not self.free <= {*FAMILIES, *MEASURES}:
            raise DesignError("Say what of the design to draw anew, such as its sleeve length.")


@dataclass(frozen=True, kw_only=True)
class RoundOptions:
    """How a round is drawn and chosen.

    Attributes:
        start: images to start from; None starts from nothing.
        change: a design to keep but for some parts; None draws whole ones.
        strength: of the store's taste, 0 to 2; 0 is the plain model.
        times: designs that are drawn for each one that is shown, 1 to 4; with more than one
            the reward model chooses the best for the store.
        wearer_seed: draws who wears the designs; None takes the round's own seed.
        taste: mark of a certain taste of the store, to draw a round again as it was; empty for
            what its profile says. None takes the taste that is in force then.
        explores: let some of the shown designs be those that teach most about the store's taste,
            where the checkpoint can tell.
        mixed: another store's taste to mix with the store's own; None leaves that alone.
    """

    start: Start | None = None
    change: Change | None = None
    strength: float = 1.0
    times: int = 1
    wearer_seed: int | None = None
    taste: str | None = None
    explores: bool = False
    mixed: Mixed | None = None

    def check(self) -> None:
        """Refuse what is out of range.

        Raises:
            StrengthError, CandidateCountError, VariationError, SeedError: which one it is.
        """
        if not 0 <= self.strength <= MAX_STRENGTH:
            raise StrengthError(
                f"The strength of the store's taste goes from 0 to {MAX_STRENGTH:g}."
            )
        if not 1 <= self.times <= MOST_TIMES:
            raise CandidateCountError(f"Draw 1 to {MOST_TIMES} designs for each one shown.")
        if self.start is not None and not 0 < self.start.variation <= 1:
            raise VariationError("The share to draw anew is above 0 and up to 1.")
        if self.mixed is not None and not 0 < self.mixed.share <= 1:
            raise StrengthError("The share of the other store's taste is above 0 and up to 1.")
        if self.wearer_seed is not None and not 0 <= self.wearer_seed <= MAX_SEED:
            raise SeedError(f"The seed must be a whole number from 0 to {MAX_SEED}.")


@dataclass(frozen=True)
class RestoredRound:
    """The inputs of a round, read back from a PNG, and the design that the PNG shows.

    Attributes:
        num_candidates: how many were shown.
        design: what the PNG itself shows; None where its recipe holds none that can be used.
        notices: what could not be restored, each a sentence.
    """

    prompt: str
    num_candidates: int
    seed: int
    store_id: int | None
    options: RoundOptions
    design: DesignSpec | None
    notices: tuple[str, ...]


def restored_round(
    recipe_text: str, images: ImageFiles, stores: StoreBook, checkpoint: str
) -> RestoredRound:
    """What to ask for to get a PNG's round again, as far as this studio can.

    Args:
        recipe_text: see `recipe.recipe_in_png`.
        images: of this studio.
        stores: of this studio.
        checkpoint: what this studio draws with.

    Raises:
        RecipeError: that is no recipe.
    """
    recipe = recipe_from_texts({RECIPE_KEY: recipe_text})
    if recipe is None:
        raise RecipeError("That is no recipe that this studio can read.")
    request, notices = recipe.request, list[str]()
    store_id = stores.find_by_profile(recipe.profile)
    if recipe.profile and store_id is None:
        notices.append("The store that it was drawn for is not on your list.")
    if recipe.request.house_rules != stores.readable_house_rules(store_id).to_json():
        notices.append(
            "It was drawn by other house rules than its store has now; today's are obeyed."
        )
    if recipe.checkpoint != checkpoint:
        notices.append(f"It was drawn by “{recipe.checkpoint}”, not by “{checkpoint}”.")
    shown = recipe.shown or request.num_candidates
    times = min(MOST_TIMES, times_of(request.num_candidates, shown, recipe.exploring))
    options = RoundOptions(
        start=_start(recipe, images, notices),
        change=_change(recipe, notices),
        strength=request.strength,
        times=times,
        wearer_seed=request.wearer_seed,
        taste=recipe.taste,
        explores=bool(recipe.exploring),
        mixed=_mixed(recipe, stores, notices),
    )
    return RestoredRound(
        prompt=request.prompt,
        num_candidates=shown,
        seed=request.seed,
        store_id=store_id,
        options=options,
        design=_design(recipe, notices),
        notices=tuple(notices),
    )


def _start(recipe: Recipe, images: ImageFiles, notices: list[str]) -> Start | None:
    if not recipe.start_images or recipe.request.variation is None:
        return None
    if all(images.find(digest) for digest in recipe.start_images):
        return Start(recipe.start_images, recipe.request.variation)
    notices.append(
        "The designs that it varies are not in this studio: it will start from the phrases alone."
    )
    return None


def _mixed(recipe: Recipe, stores: StoreBook, notices: list[str]) -> Mixed | None:
    if recipe.mixed is None:
        return None
    store_id = stores.find_by_profile(recipe.mixed.profile)
    if store_id is None:
        notices.append("The store whose taste was mixed in is not on your list.")
        return None
    return replace(recipe.mixed, store_id=store_id)


def _change(recipe: Recipe, notices: list[str]) -> Change | None:
    if not recipe.request.kept:
        return None
    try:
        return Change(recipe.request.kept, frozenset(recipe.request.free))
    except DesignError as error:
        notices.append(f"What it kept of another design can't be kept. {error}")
        return None


def _design(recipe: Recipe, notices: list[str]) -> DesignSpec | None:
    try:
        return DesignSpec.from_json(recipe.design) if recipe.design else None
    except DesignError as error:
        notices.append(str(error))
        return None
