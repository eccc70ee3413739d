"""PerFusion Studio: read the settings, put the parts together, open the page."""

import sys
from collections.abc import Sequence

from studio.domain import StudioError
from studio.perfusion.generator import Generator
from studio.services.studio import Studio
from studio.settings import read_settings
from studio.ui.app import build_app, launch_options


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the studio until Ctrl+C; None takes the process's own arguments."""
    try:
        settings = read_settings(arguments)
        generator = Generator.load(
            settings.checkpoint,
            dtype=settings.dtype,
            device=settings.device,
            threads=settings.threads,
        )
        studio = Studio.open(settings.data, generator, settings.checkpoint.name)
        studio.start()
    except StudioError as error:
        sys.exit(str(error))
    try:
        build_app(studio).launch(
            server_name=settings.host, server_port=settings.port or None, **launch_options(studio)
        )
    finally:
        studio.stop()


if __name__ == "__main__":
    main()
