"""What a person asks for beside phrases: what a round starts from, and how it is drawn."""

from dataclasses import dataclass

from studio.domain import (
    MAX_STRENGTH,
    CandidateCountError,
    RecipeError,
    StrengthError,
    VariationError,
)
from studio.services.recipe import RECIPE_KEY, recipe_from_texts
from studio.services.stores import StoreBook
from studio.storage.image_files import ImageFiles

MOST_TIMES = 4
"""At most so many designs are drawn for each one that is shown."""


@dataclass(frozen=True)
class Start:
    """What a round starts from in place of pure noise.

    Attributes:
        images: SHA-256 of images in the data folder; the candidates start from them in turn.
        variation: how much is drawn anew, above 0 to 1.
    """

    images: tuple[str, ...]
    variation: float


@dataclass(frozen=True, kw_only=True)
class RoundOptions:
    """How a round is drawn and chosen.

    Attributes:
        start: images to start from; None starts from nothing.
        strength: of the store's taste, 0 to 2; 0 is the plain model.
        times: designs that are drawn for each one that is shown, 1 to 4; with more than one
            the reward model chooses the best for the store.
    """

    start: Start | None = None
    strength: float = 1.0
    times: int = 1

    def check(self) -> None:
        """Refuse what is out of range.

        Raises:
            StrengthError, CandidateCountError, VariationError: which one it is.
        """
        if not 0 <= self.strength <= MAX_STRENGTH:
            raise StrengthError(
                f"The strength of the store's taste goes from 0 to {MAX_STRENGTH:g}."
            )
        if not 1 <= self.times <= MOST_TIMES:
            raise CandidateCountError(f"Draw 1 to {MOST_TIMES} designs for each one shown.")
        if self.start is not None and not 0 < self.start.variation <= 1:
            raise VariationError("The share to draw anew is above 0 and up to 1.")


@dataclass(frozen=True)
class RestoredRound:
    """The inputs of a round, read back from a PNG.

    Attributes:
        num_candidates: how many were shown.
        notices: what could not be restored, each a sentence.
    """

    prompt: str
    num_candidates: int
    seed: int
    store_id: int | None
    options: RoundOptions
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
    request = recipe.request
    notices = []
    start = None
    if recipe.start_images and request.variation is not None:
        if all(images.find(digest) for digest in recipe.start_images):
            start = Start(recipe.start_images, request.variation)
        else:
            notices.append(
                "The designs that it varies are not in this studio: it will start from the "
                "phrases alone."
            )
    store_id = stores.find_by_profile(recipe.profile)
    if recipe.profile and store_id is None:
        notices.append("The store that it was drawn for is not on your list.")
    if recipe.checkpoint != checkpoint:
        notices.append(f"It was drawn by “{recipe.checkpoint}”, not by “{checkpoint}”.")
    shown = recipe.shown or request.num_candidates
    times = max(1, min(MOST_TIMES, request.num_candidates // max(shown, 1)))
    return RestoredRound(
        prompt=request.prompt,
        num_candidates=shown,
        seed=request.seed,
        store_id=store_id,
        options=RoundOptions(start=start, strength=request.strength, times=times),
        notices=tuple(notices),
    )
