"""A picked design as a picture of Stable Diffusion: explored in half-seconds, rendered on a GPU.

The croquis is what the picture starts from, the design's values are its prompt, and the store is
the same. The picture's recipe keeps both: how it was made, and the design that it shows.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.design.families import FAMILIES, FIGURE_FAMILIES, NONE
from studio.design.spec import DesignSpec
from studio.domain import CheckpointError, GenerationRequest, RecipeError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.control import Control, lines_of
from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from studio.services.recipe import Recipe, png_with_recipe, recipe_in_file

_BEGINNING = "fashion photograph"
_FIRST = ("colour", "pattern", "fabric", "length", "category")
_NOT_TOLD = ("pose", "build")
_PLAIN = frozenset({NONE, "solid", "regular fit"})
_SPELLED = re.compile(r"[^a-z0-9 ,'-]")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a photograph is to be made.

    Attributes:
        variation: share that is drawn anew, above 0 to 1; less keeps more of the croquis.
        count: pictures.
        seed: of the first one.
        strength: of the store's taste, where the checkpoint knows stores.
        steps: denoising steps; None takes the checkpoint's own.
        controlnet: folder or hub id of a ControlNet for lines; empty for none.
        control_scale: how strictly the lines are kept to.
    """

    variation: float = 0.65
    count: int = 4
    seed: int = 0
    strength: float = 1.0
    steps: int | None = None
    controlnet: str = ""
    control_scale: float = 1.0


def words_of(design: DesignSpec) -> list[str]:
    """What a picture model is told of a design: what it is first, details after, the wearer last.

    What is absent or usual is not told: a model that reads words would draw it.
    """
    first = " ".join(design[family] for family in _FIRST if design[family] not in _PLAIN)
    details = [family for family in FAMILIES if family not in (*_FIRST, *FIGURE_FAMILIES)]
    wearer = [family for family in FIGURE_FAMILIES if family not in _NOT_TOLD]
    told = [design[family] for family in (*details, *wearer) if design[family] not in _PLAIN]
    return [_BEGINNING, _SPELLED.sub(" ", first), *(_SPELLED.sub(" ", each) for each in told)]


def photographs(source: Path, generator: Generator, wanted: Wanted, checkpoint: str) -> list[bytes]:
    """Pictures of the design in a PNG of the studio, each a PNG with its recipe.

    Args:
        source: a design's PNG.
        generator: a checkpoint of pictures, opened.
        wanted: how.
        checkpoint: name of the checkpoint's folder, for the recipe.

    Raises:
        RecipeError: the file holds no design.
        StudioError: it can't be drawn as it was asked for.
    """
    recipe = recipe_in_file(source)
    if recipe is None or not recipe.design:
        raise RecipeError(
            f"{source} holds no design of this studio. Take a PNG of a design as it was saved; a "
            "copy that was edited has lost it."
        )
    if generator.pipeline.codec is not None:
        raise CheckpointError(
            "This checkpoint draws designs, and a photograph takes one of pictures: sd15, or a "
            "folder of Stable Diffusion XL."
        )
    design = DesignSpec.from_json(recipe.design)
    croquis = picture(draw_croquis(design), generator.defaults.height_px)
    profile = Profile.from_json(recipe.profile) if recipe.profile else None
    request = GenerationRequest(
        prompt=_fitting(words_of(design), generator),
        num_candidates=wanted.count,
        seed=wanted.seed,
        variation=wanted.variation,
        strength=wanted.strength,
        num_inference_steps=wanted.steps,
    )
    control = None
    if wanted.controlnet:
        control = Control.load(
            wanted.controlnet,
            lines_of(croquis),
            wanted.control_scale,
            generator.pipeline.unet.dtype,
        )
    group = generator.generate(
        request, preview_every=0, start_images=[croquis], profile=profile, control=control
    )
    start = hashlib.sha256(source.read_bytes()).hexdigest()
    return [
        png_with_recipe(
            each.image,
            Recipe(
                request=request,
                prompt=group.prompt,
                seed=each.seed,
                num_inference_steps=group.num_inference_steps,
                guidance_scale=group.guidance_scale,
                checkpoint=checkpoint,
                start_images=(start,),
                profile=recipe.profile,
                design=recipe.design,
            ),
        )
        for each in group.candidates
    ]


def _fitting(words: Sequence[str], generator: Generator) -> str:
    """As many of the words as the text tower can read."""
    tokenizer = generator.pipeline.tokenizer
    told = list(words)
    while len(told) > 1 and len(tokenizer(", ".join(told)).input_ids) > tokenizer.model_max_length:
        told.pop()
    return ", ".join(told)
