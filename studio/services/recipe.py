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

from studio.design.house_rules import LONGEST as LONGEST_RULES
from studio.design.spec import MAX_SPEC_CHARACTERS
from studio.domain import (
    MAX_CANDIDATES,
    MAX_GUIDANCE_SCALE,
    MAX_INFERENCE_STEPS,
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    MAX_STRENGTH,
    GenerationRequest,
    Mixed,
    RecipeError,
    ValueKindError,
)
from studio.services.png_texts import texts_of_png
from studio.values import json_of, number, regular_file, text, whole

RECIPE_VERSION = 1
RECIPE_KEY = "perfusion"
LARGEST_FILE = 24 * 2**20
LONGEST_RECIPE = 40_000
"""Characters; one of the studio has a few thousand, the more so with a design that is kept. The
page sends a recipe back as an event, see `studio.doors.policy.LARGEST_EVENT`."""
_LONGEST_NAME = 255
_DIGEST_LENGTH = 64
_LONGEST_TEXTS = {
    "prompt": 4 * MAX_PROMPT_CHARACTERS,  # phrases are told longer than they may be typed
    "checkpoint": _LONGEST_NAME,
    "profile": 20_000,
    "design": MAX_SPEC_CHARACTERS,
    "refused": 4 * MAX_PROMPT_CHARACTERS,
    "taste": _DIGEST_LENGTH,
    "lots": MAX_PROMPT_CHARACTERS,
}
_COMPRESS_LEVEL = 2
"""Half the time of the usual 6, for files a tenth larger: somebody waits for eight of them."""

TRAINED_ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
AI_MARK = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    Iptc4xmpExt:DigitalSourceType="{TRAINED_ALGORITHMIC_MEDIA}"
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
        refused: what was refused, between commas; of pictures the whole negative prompt.
        taste: mark of what its store's ticks had taught until then; empty for nothing.
        lots: of a picture from before there were designs: phrases that it was drawn from beyond
            `prompt`. Never written any more.
        exploring: how many of those shown were there to teach most about the store's taste.
        mixed: another store's taste that the store's own was mixed with; None for its own alone.
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
    refused: str = ""
    taste: str = ""
    lots: str = ""
    exploring: int = 0
    mixed: Mixed | None = None


def png_with_recipe(image: Image.Image, recipe: Recipe) -> bytes:
    """The image as a PNG file that says how it was made, and that a machine made it."""
    file = BytesIO()
    texts = recipe_texts(recipe, image.size)
    image.save(file, format="PNG", pnginfo=texts, compress_level=_COMPRESS_LEVEL)
    return file.getvalue()


def recipe_texts(recipe: Recipe, size: tuple[int, int]) -> PngInfo:
    """The text chunks of a PNG file that holds a recipe; `size` is that of the drawn image."""
    info = PngInfo()
    info.add_itxt("parameters", _parameters_line(recipe, size), zip=False)
    record: dict[str, Any] = {"version": RECIPE_VERSION, **dataclasses.asdict(recipe)}
    if recipe.mixed is not None:
        del record["mixed"]["store_id"]  # another studio has other numbers
    for name in ("refused", "lots", "exploring", "mixed"):  # older studios don't know them all
        if not record[name]:
            del record[name]
    info.add_itxt(RECIPE_KEY, json.dumps(record, ensure_ascii=False), zip=False)
    info.add_itxt("XML:com.adobe.xmp", AI_MARK, zip=False)
    return info


def recipe_in_png(content: bytes) -> str:
    """The recipe's text in a PNG file that somebody brings along; nothing is decoded.

    Raises:
        RecipeError: it is no PNG, too large, damaged, or holds no recipe of ours.
    """
    if len(content) > LARGEST_FILE:
        raise RecipeError(f"The file is larger than {LARGEST_FILE // 2**20} MB.")
    try:
        with Image.open(BytesIO(content), formats=["PNG"]):
            text = texts_of_png(BytesIO(content)).get(RECIPE_KEY)
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
    if path is None or regular_file(path) is None:
        return None
    try:
        with path.open("rb") as file:
            return recipe_from_texts(texts_of_png(file))
    except OSError:  # whoever shows the picture says so
        return None


def recipe_from_texts(texts: Mapping[Any, Any]) -> Recipe | None:
    """The recipe among a PNG's text chunks; None when there is none that can be read."""
    try:
        record = json_of("The recipe", texts[RECIPE_KEY], LONGEST_RECIPE)
        if record.pop("version") != RECIPE_VERSION:
            return None
        asked = record.pop("request")
        request = GenerationRequest(**{**asked, "free": tuple(asked.get("free", ()))})
        start_images = tuple(record.pop("start_images"))
        mixed = record.pop("mixed", None)
        recipe = Recipe(
            request=request,
            start_images=start_images,
            mixed=None if mixed is None else Mixed(store_id=None, **mixed),
            **record,
        )
        _check_request(request)
        _check_rest(recipe)
    except (KeyError, TypeError, ValueError, AttributeError, ValueKindError):
        return None
    return recipe


def _check_request(request: GenerationRequest) -> None:
    """Refuse entries that can't be used: the file may come from anybody."""
    text("prompt", request.prompt, MAX_PROMPT_CHARACTERS)
    text("kept", request.kept, MAX_SPEC_CHARACTERS)
    text("house_rules", request.house_rules, LONGEST_RULES)
    for name in request.free:
        text("free", name, MAX_SPEC_CHARACTERS)
    whole("num_candidates", request.num_candidates, 1, MAX_CANDIDATES)
    whole("seed", request.seed, 0, MAX_SEED)
    number("strength", request.strength, 0, MAX_STRENGTH)
    if request.wearer_seed is not None:
        whole("wearer_seed", request.wearer_seed, 0, MAX_SEED)
    if request.variation is not None:
        number("variation", request.variation, 0, 1)
    if request.num_inference_steps is not None:
        whole("num_inference_steps", request.num_inference_steps, 0, MAX_INFERENCE_STEPS)
    if request.guidance_scale is not None:
        number("guidance_scale", request.guidance_scale, 0, MAX_GUIDANCE_SCALE)


def _check_rest(recipe: Recipe) -> None:
    for name, longest in _LONGEST_TEXTS.items():
        text(name, getattr(recipe, name), longest)
    for digest in recipe.start_images:
        text("start_images", digest, _DIGEST_LENGTH)
    whole("seed", recipe.seed, 0, MAX_SEED)
    whole("num_inference_steps", recipe.num_inference_steps, 0, MAX_INFERENCE_STEPS)
    number("guidance_scale", recipe.guidance_scale, 0, MAX_GUIDANCE_SCALE)
    if recipe.shown is not None:
        whole("shown", recipe.shown, 1, MAX_CANDIDATES)
    whole("exploring", recipe.exploring, 0, recipe.shown or 0)
    if recipe.mixed is not None:
        number("mixed.share", recipe.mixed.share, 0, 1)
        text("mixed.profile", recipe.mixed.profile, _LONGEST_TEXTS["profile"])
        text("mixed.taste", recipe.mixed.taste or "", _DIGEST_LENGTH)


def _parameters_line(recipe: Recipe, size: tuple[int, int]) -> str:
    """What AUTOMATIC1111's web UI writes, and many image browsers read."""
    settings = {
        "Steps": recipe.num_inference_steps,
        "CFG scale": f"{recipe.guidance_scale:g}",
        "Seed": recipe.seed,
        "Size": f"{size[0]}x{size[1]}",
        "Model": recipe.checkpoint,
    }
    line = ", ".join(f"{name}: {_quoted(str(value))}" for name, value in settings.items())
    negative = f"Negative prompt: {recipe.refused}\n" if recipe.refused else ""
    return f"{recipe.prompt}\n{negative}{line}"


def _quoted(value: str) -> str:
    """A value as readers of that line take it whole: in quotes where it holds what divides it."""
    is_plain = value == value.strip() and not any(sign in value for sign in ',:"\\\n\r')
    return value if is_plain else json.dumps(value, ensure_ascii=False)
