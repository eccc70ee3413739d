"""Render picked designs as photographs: `python -m studio.photograph PICK.png --checkpoint FOLDER`.

The design's croquis is what a checkpoint of Stable Diffusion 1.5 or XL starts from, and its values
are the prompt. So a store explores with the small model and renders its picks with a large one.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.domain import StudioError
from studio.perfusion.generator import Generator
from studio.perfusion.sources import checkpoint_folder
from studio.services.photographs import Wanted, photographs

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, and write the pictures beside each other."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    wanted = Wanted(
        variation=options.variation,
        count=options.count,
        seed=options.seed,
        strength=options.strength,
        steps=options.steps,
        controlnet=options.controlnet,
        control_scale=options.control_scale,
    )
    try:
        folder = checkpoint_folder(options.checkpoint, licences_accepted=options.accept_licences)
        generator = Generator.load(folder, device=options.device)
        options.out.mkdir(parents=True, exist_ok=True)
        for pick in options.picks:
            drawn = photographs(pick, generator, wanted, folder.name)
            for number, content in enumerate(drawn, start=1):
                path = options.out / f"{pick.stem}-photograph-{number}.png"
                path.write_bytes(content)
                _log.info("%s", path)
    except StudioError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename or options.out} can't be read or written: {error.strerror}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio.photograph", description=__doc__)
    parser.add_argument("picks", type=Path, nargs="+", metavar="PNG", help="designs as saved")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/sd15"))
    parser.add_argument("--accept-licences", action="store_true", help="models may be downloaded")
    parser.add_argument("--out", type=Path, default=Path("photographs"), metavar="FOLDER")
    parser.add_argument(
        "--variation",
        type=float,
        default=Wanted.variation,
        help="share that is drawn anew; less keeps more of the croquis",
    )
    parser.add_argument("--count", type=int, default=Wanted.count, help="pictures of each design")
    parser.add_argument("--seed", type=int, default=Wanted.seed)
    parser.add_argument("--strength", type=float, default=Wanted.strength, help="of the store")
    parser.add_argument("--steps", type=int, help="denoising steps")
    parser.add_argument(
        "--controlnet",
        default="",
        metavar="NAME",
        help="folder, or hub id that was downloaded, of a ControlNet for canny or line art",
    )
    parser.add_argument("--control-scale", type=float, default=Wanted.control_scale)
    parser.add_argument("--device", default="auto")
    return parser


if __name__ == "__main__":
    main()
