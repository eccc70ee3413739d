"""The recipe inside each PNG: how an image was made, for people, for tools, and to do it again."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.design.spec import MAX_SPEC_CHARACTERS
from studio.domain import MAX_PROMPT_CHARACTERS, GenerationRequest, RecipeError

RECIPE_VERSION = 1
RECIPE_KEY = "perfusion"
LARGEST_FILE = 24 * 2**20

_TRAINED_ALGORITHMIC_MEDIA = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
)
_XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    Iptc4xmpExt:DigitalSourceType="{_TRAINED_ALGORITHMIC_MEDIA}"
    xmp:CreatorTool="PerFusion Studio"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that it takes to draw one image again.

    Attributes:
        request: the round's request, as it was asked.
        prompt: the phrases that were really used, in canonical order.
        seed: this candidate's own seed.
        num_inference_steps: denoising steps that were taken.
        guidance_scale: strength of the phrases that was used.
        checkpoint: name of the checkpoint's folder.
        start_images: SHA-256 of the images that the round's candidates are variations of.
        profile: of the store that it was drawn for, as JSON; empty without one.
        shown: how many of the drawn candidates were shown; None for all.
        design: what it shows, as JSON; empty where there is none. Whoever uses it reads it with
            `DesignSpec.from_json`: the file may come from anybody.
        lots: of a picture from before there were designs: phrases that it was drawn from beyond
            `prompt`. Never written any more.
    """

    request: GenerationRequest
    prompt: str
    seed: int
    num_inference_steps: int
    guidance_scale: float
    checkpoint: str
    start_images: tuple[str, ...] = ()
    profile: str = ""
    shown: int | None = None
    design: str = ""
    lots: str = ""


def png_with_recipe(image: Image.Image, recipe: Recipe) -> bytes:
    """The image as a PNG file that says how it was made, and that a machine made it."""
    file = BytesIO()
    image.save(file, format="PNG", pnginfo=recipe_texts(recipe, image.size), optimize=False)
    return file.getvalue()


def recipe_texts(recipe: Recipe, size: tuple[int, int]) -> PngInfo:
    """The text chunks of a PNG file that holds a recipe; `size` is that of the drawn image."""
    info = PngInfo()
    info.add_itxt("parameters", _parameters_line(recipe, size), zip=False)
    record = {"version": RECIPE_VERSION, **dataclasses.asdict(recipe)}
    if not recipe.lots:
        del record["lots"]
    info.add_itxt(RECIPE_KEY, json.dumps(record, ensure_ascii=False), zip=False)
    info.add_itxt("XML:com.adobe.xmp", _XMP, zip=False)
    return info


def recipe_in_png(content: bytes) -> str:
    """The recipe's text in a PNG file that somebody brings along; nothing is decoded.

    Raises:
        RecipeError: it is no PNG, too large, damaged, or holds no recipe of ours.
    """
    if len(content) > LARGEST_FILE:
        raise RecipeError(f"The file is larger than {LARGEST_FILE // 2**20} MB.")
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as image:
            text = image.info.get(RECIPE_KEY)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise RecipeError("That is no PNG file that can be read.") from error
    if not isinstance(text, str) or recipe_from_texts({RECIPE_KEY: text}) is None:
        raise RecipeError(
            "There is no recipe in that PNG. Drop a design or a blueprint of this studio; a copy "
            "that was edited or sent through a messenger has lost it."
        )
    return text


def recipe_in_file(path: Path | None) -> Recipe | None:
    """The recipe in a PNG file of the data folder; None where file or recipe can't be read."""
    if path is None:
        return None
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return recipe_from_texts(image.info)
    except (OSError, SyntaxError, ValueError):  # whoever shows the picture says so
        return None


def recipe_from_texts(texts: Mapping[Any, Any]) -> Recipe | None:
    """The recipe among a PNG's text chunks; None when there is none that can be read."""
    try:
        record = json.loads(texts[RECIPE_KEY])
        if record.pop("version") != RECIPE_VERSION:
            return None
        asked = record.pop("request")
        request = GenerationRequest(**{**asked, "free": tuple(asked.get("free", ()))})
        start_images = tuple(record.pop("start_images"))
        recipe = Recipe(request=request, start_images=start_images, **record)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    return recipe if _is_sound(recipe) else None


def _is_sound(recipe: Recipe) -> bool:
    """Whether every entry can be used: the file may come from anybody."""
    request = recipe.request
    texts = (request.prompt, recipe.prompt, recipe.checkpoint, recipe.profile, recipe.lots)
    designs = (request.kept, recipe.design)
    numbers = (request.num_candidates, request.seed, recipe.seed)
    return (
        all(isinstance(text, str) for text in (*texts, *designs, *request.free))
        and all(isinstance(text, str) for text in recipe.start_images)
        and all(isinstance(number, int) for number in numbers)
        and isinstance(request.wearer_seed, int | None)
        and isinstance(request.variation, float | int | None)
        and isinstance(request.strength, float | int)
        and isinstance(recipe.shown, int | None)
        and len(recipe.lots) <= MAX_PROMPT_CHARACTERS
        and all(len(design) <= MAX_SPEC_CHARACTERS for design in designs)
    )


def _parameters_line(recipe: Recipe, size: tuple[int, int]) -> str:
    """What AUTOMATIC1111's web UI writes, and many image browsers read."""
    settings = {
        "Steps": recipe.num_inference_steps,
        "CFG scale": f"{recipe.guidance_scale:g}",
        "Seed": recipe.seed,
        "Size": f"{size[0]}x{size[1]}",
        "Model": recipe.checkpoint,
    }
    line = ", ".join(f"{name}: {value}" for name, value in settings.items())
    return f"{recipe.prompt}\n{line}"
