"""Rounds as studios kept them before there were designs: small pictures, and lots in words."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PIL import Image

from studio.domain import CandidateGroup, GenerationRequest, NewCandidate, NewGroup, RoundRequest
from studio.services.recipe import Recipe, png_with_recipe
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles

MADE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def an_old_round(
    database: Database,
    images: ImageFiles,
    prompt: str,
    lots: Sequence[str],
    *,
    in_rows: bool = True,
    in_files: bool = True,
) -> CandidateGroup:
    """A round of the old kind, with a candidate for each text of lots.

    Args:
        database: where its rows go.
        images: where its pictures go.
        prompt: of the round.
        lots: what each candidate was drawn from beyond the prompt.
        in_rows: whether the rows tell them.
        in_files: whether the recipes in the pictures tell them.
    """
    generation = GenerationRequest(prompt=prompt, num_candidates=len(lots), seed=5)
    pictures = [
        images.write(an_old_picture(generation, place, told if in_files else ""))
        for place, told in enumerate(lots)
    ]
    store = GroupStore(database)
    group_id = store.add(
        NewGroup(
            request=RoundRequest(generation=generation),
            prompt=prompt,
            checkpoint="atelier",
            candidates=tuple(
                NewCandidate(seed=5 + place, image=image) for place, image in enumerate(pictures)
            ),
            made_at=MADE,
        )
    )
    if in_rows:
        with database.transaction() as connection:
            for image, told in zip(pictures, lots, strict=True):
                connection.execute("UPDATE candidates SET lots = ? WHERE image = ?", (told, image))
    return store.get(group_id)


def an_old_picture(generation: GenerationRequest, place: int, lots: str) -> bytes:
    """A picture of 128 x 256 px with the recipe that an older studio wrote."""
    recipe = Recipe(
        request=generation,
        prompt=generation.prompt,
        seed=generation.seed + place,
        num_inference_steps=20,
        guidance_scale=3.0,
        checkpoint="atelier",
        lots=lots,
    )
    ground = Image.new("RGB", (128, 256), "#efece4")
    ground.paste((140, 42, 56 + place), (40, 60, 88, 200))
    return png_with_recipe(ground, recipe)
