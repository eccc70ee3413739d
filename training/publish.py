"""Put trained parts where others find them: `python -m training.publish CHECKPOINT TARGET`.

TARGET is a folder, or a repository of the Hugging Face Hub (owner/name). Both get the same files in
diffusers' layout, with a model card; a repository is filled from a folder that was made first.
"""

import argparse
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from studio.domain import CheckpointError, StudioError
from studio.perfusion.checkpoint import PARTS
from studio.perfusion.sources import is_hub_id
from studio.perfusion.whole_folders import replacing, write_text

log = logging.getLogger(__name__)

OWN_PARTS = ("adaptive_network", "reward_model")
CARD_FILE = "README.md"
_ALL_PARTS = (*PARTS, "reward_model", "clip")
_FILES = (".json", ".safetensors", ".txt")


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What is published, and what its card says.

    Attributes:
        checkpoint: folder to take it from.
        parts: sub-folders; those that were trained here by default.
        licence: as the hub spells it; that of the base models binds what was made with them.
        base_models: hub ids of what it was trained on.
        title: of the card.
    """

    checkpoint: Path
    parts: tuple[str, ...] = OWN_PARTS
    licence: str = "other"
    base_models: tuple[str, ...] = ()
    title: str = "A PerFusion (KDD'26) checkpoint"


def lay_out(publication: Publication, folder: Path) -> None:
    """Write the parts and their card into a folder, all or nothing.

    Raises:
        CheckpointError: a part is missing, or it can't be written.
    """
    source = publication.checkpoint
    there = [name for name in publication.parts if (source / name).is_dir()]
    if not there or not set(publication.parts) <= set(_ALL_PARTS):
        raise CheckpointError(
            f"{source} has none of {', '.join(publication.parts)}. Train first, or name other "
            f"parts out of {', '.join(_ALL_PARTS)}."
        )
    with replacing(folder) as fresh:
        for name in there:
            for path in sorted((source / name).rglob("*")):
                if path.suffix in _FILES and path.is_file():
                    place = fresh / path.relative_to(source)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, place)
        write_text(fresh / CARD_FILE, model_card(publication, there))


def push(publication: Publication, repo_id: str, api: Any) -> None:
    """Fill a repository of the hub with what `lay_out` writes.

    Args:
        publication: what is published.
        repo_id: owner/name; made if it isn't there, private until its owner opens it.
        api: `huggingface_hub.HfApi`, or what takes its place.

    Raises:
        CheckpointError: the hub can't be reached, or doesn't let this be written.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "publication"
        lay_out(publication, folder)
        try:
            api.create_repo(repo_id, private=True, exist_ok=True)
            api.upload_folder(repo_id=repo_id, folder_path=folder)
        except (HfHubHTTPError, OSError) as error:
            raise CheckpointError(
                f"{repo_id} could not be written on the Hugging Face Hub ({error}). Log in with "
                "`hf auth login`, or publish into a folder and upload that from elsewhere."
            ) from error


def model_card(publication: Publication, parts: Sequence[str]) -> str:
    """The card: what it is, what it was made of, how to open it, and what to be careful with."""
    head = {
        "license": publication.licence,
        "library_name": "diffusers",
        "base_model": list(publication.base_models),
        "tags": ["text-to-image", "preference-optimisation", "personalisation"],
    }
    # JSON is YAML too, so the hub reads this head, whatever stands in the values.
    lines = ["---", *(f"{key}: {json.dumps(value)}" for key, value in head.items()), "---", ""]
    lines += [f"# {publication.title}", ""]
    lines += [
        "Trained with PerFusion Studio, an open implementation of PerFusion (KDD'26), "
        "[arXiv 2503.22182](https://arxiv.org/abs/2503.22182), made without its authors.",
        "",
        "| part | what it does |",
        "| --- | --- |",
        *(f"| `{name}/` | {_MEANINGS.get(name, 'a part of the generator')} |" for name in parts),
        "",
        "## How to open it",
        "",
        "```python",
        *(line for name in parts for line in _OPENING.get(name, ())),
        "```",
        "",
        "Weights are safetensors; no code comes with them and none should be run.",
        "",
        "## Limits",
        "",
        "It knows the stores of its training rounds; others start from their profile fields. An "
        "adaptive network belongs to the U-Net that it was trained on, a reward model to its "
        "backbone: each refuses another one. Profiles and ticks of the rounds are not part of "
        "this, but the names of the stores are (`profile_schema`): leave them out of the rounds "
        "if they are not to be public.",
    ]
    return "\n".join(lines) + "\n"


_MEANINGS = {
    "adaptive_network": "what a store adds to every denoising step of the U-Net",
    "codec": "designs as latents and back, in place of an autoencoder",
    "reward_model": "PerFusionRM: scores images for a store; its frozen backbone is not here",
    "clip": "the frozen backbone of the reward model",
}
_OPENING = {
    "adaptive_network": (
        "from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork",
        'network = PersonalisedAdaptiveNetwork.from_pretrained(HERE, subfolder="adaptive_network")',
    ),
    "reward_model": (
        "from studio.perfusion.reward_model import PerFusionRM",
        'reward_model = PerFusionRM.from_pretrained(HERE, subfolder="reward_model", '
        "backbone=BACKBONE)",
    ),
    "codec": (
        "from studio.perfusion.design_codec import DesignCodec",
        'codec = DesignCodec.from_pretrained(HERE, subfolder="codec")',
    ),
    "unet": (
        "from diffusers import UNet2DConditionModel",
        'unet = UNet2DConditionModel.from_pretrained(HERE, subfolder="unet")',
    ),
}


def main(arguments: Sequence[str] | None = None, api: Callable[[], Any] = HfApi) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.publish", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path, help="a folder, or owner/name on the hub")
    parser.add_argument("--parts", default=",".join(OWN_PARTS), metavar="PART,PART")
    parser.add_argument("--licence", default=Publication.licence)
    parser.add_argument(
        "--base-model",
        action="append",
        default=[],
        metavar="OWNER/NAME",
        help="what it was made from, for the card",
    )
    parser.add_argument("--title", default=Publication.title)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    publication = Publication(
        checkpoint=options.checkpoint,
        parts=tuple(options.parts.split(",")),
        licence=options.licence,
        base_models=tuple(options.base_model),
        title=options.title,
    )
    try:
        if is_hub_id(options.target):
            push(publication, options.target.as_posix(), api())
        else:
            lay_out(publication, options.target)
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    log.info("published in %s", options.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
