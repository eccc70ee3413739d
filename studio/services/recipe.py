"""The recipe inside each PNG: how an image was made, for people, for tools, and to do it again."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.domain import GenerationRequest

RECIPE_VERSION = 1
RECIPE_KEY = "perfusion"

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
    """

    request: GenerationRequest
    prompt: str
    seed: int
    num_inference_steps: int
    guidance_scale: float
    checkpoint: str
    start_images: tuple[str, ...] = ()
    profile: str = ""


def png_with_recipe(image: Image.Image, recipe: Recipe) -> bytes:
    """The image as a PNG file that says how it was made, and that a machine made it."""
    info = PngInfo()
    info.add_itxt("parameters", _parameters_line(recipe, image.size), zip=False)
    record = {"version": RECIPE_VERSION, **dataclasses.asdict(recipe)}
    info.add_itxt(RECIPE_KEY, json.dumps(record, ensure_ascii=False), zip=False)
    info.add_itxt("XML:com.adobe.xmp", _XMP, zip=False)
    file = BytesIO()
    image.save(file, format="PNG", pnginfo=info, optimize=False)
    return file.getvalue()


def recipe_from_texts(texts: Mapping[Any, Any]) -> Recipe | None:
    """The recipe among a PNG's text chunks; None when there is none that can be read."""
    try:
        record = json.loads(texts[RECIPE_KEY])
        if record.pop("version") != RECIPE_VERSION:
            return None
        request = GenerationRequest(**record.pop("request"))
        start_images = tuple(record.pop("start_images"))
        return Recipe(request=request, start_images=start_images, **record)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


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
