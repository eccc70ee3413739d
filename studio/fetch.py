"""Download a checkpoint's models: `python -m studio.fetch sd15`, to be used offline later."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from studio.domain import StudioError
from studio.perfusion.config import BASELINES, DRAWING, PRESETS, of_repository
from studio.perfusion.sources import CHECKPOINTS, fetch
from studio.settings import PREFIX, YES

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch one preset or repository; returns the exit status."""
    known = [name for name, preset in {**PRESETS, **BASELINES}.items() if preset.hub_models]
    parser = argparse.ArgumentParser(prog="python -m studio.fetch", description=__doc__)
    parser.add_argument("name", help=f"{', '.join(known)}, or a hub id (owner/name)")
    parser.add_argument("--folder", type=Path, help="checkpoint folder (default: that of the name)")
    parser.add_argument(
        "--with-reward-model",
        action="store_true",
        help="also the reward model's backbone, which training on rounds needs",
    )
    parser.add_argument(
        "--accept-licences", action="store_true", help="you read the models' licences"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    preset = {**PRESETS, **BASELINES}.get(options.name)
    if options.name not in known and "/" not in options.name:
        parser.error(f"there is no {options.name}; choose {', '.join(known)}, or give a hub id")
    preset = preset or of_repository(options.name)
    folder = options.folder or CHECKPOINTS / preset.name
    accepted = options.accept_licences or _accepted_before()
    chosen = preset if options.with_reward_model else preset.of_roles(*DRAWING)
    try:
        fetch(chosen, folder, licences_accepted=accepted)
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    log.info("%s is ready.", folder)
    return 0


def _accepted_before() -> bool:
    return os.environ.get(f"{PREFIX}ACCEPT_LICENCES", "").lower() in YES


if __name__ == "__main__":
    sys.exit(main())
