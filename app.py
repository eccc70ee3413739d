"""PerFusion Studio: read the settings, put the parts together, open the page."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import cast

from studio.domain import SettingsError, StudioError
from studio.doors.policy import policy_of
from studio.perfusion.generator import Generator
from studio.perfusion.placement import Attention, Offload, Placement
from studio.perfusion.scoring import load_reward_model
from studio.perfusion.sources import checkpoint_folder
from studio.services.in_service import InService, Models
from studio.services.nightly import nightly_backups
from studio.services.studio import Studio
from studio.services.teaching import Trainings
from studio.settings import Settings, outlives_restart, read_settings
from studio.ui.app import build_app, launch_options

_SWITCH_S = 0.001
"""How long a thread that draws may keep the others waiting, of which a page's event passes through
several. With Python's own 5 ms the slowest twentieth of events takes 1.6 times as long."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the studio until Ctrl+C; None takes the process's own arguments."""
    try:
        settings = read_settings(arguments)
        policy = policy_of(settings, os.environ)
        if policy.is_open_to_all:
            sys.stderr.write("Everybody who can reach this studio can change everything in it.\n")
        folder = checkpoint_folder(settings.checkpoint, licences_accepted=settings.accept_licences)
        generator, reward_model = load_models(settings, folder)
        studio = Studio.open(settings.data, generator, folder.name, reward_model)
        in_service = InService(studio, settings.data, folder, partial(load_models, settings))
        sys.stderr.write(in_service.restore())
        studio.start()
    except StudioError as error:
        sys.exit(str(error))
    sys.setswitchinterval(_SWITCH_S)
    try:
        trainings = Trainings(settings.data / "trainings", studio.export)
        page = build_app(studio, (trainings, in_service), outlives_restart(settings.data), policy)
        os.environ["FORWARDED_ALLOW_IPS"] = ""  # the server would believe every local program
        with nightly_backups(settings.data, settings.backup_to), says_what_is_in_use(settings):
            page.launch(
                server_name=settings.host,
                server_port=settings.port or None,
                root_path=settings.root_path or None,
                **launch_options(studio, policy),
            )
    except StudioError as error:
        sys.exit(str(error))
    finally:
        studio.stop()


@contextmanager
def says_what_is_in_use(settings: Settings) -> Iterator[None]:
    """Say in a sentence that the address or the port can't be had.

    Raises:
        SettingsError: another program has the port, or this machine has no such address.
    """
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"Nothing can be served at {settings.host}:{settings.port} ({error}). Another program "
            "may have that port: choose another one with --port, or --port 0 for a free one; "
            "--host says which address of this machine."
        ) from error


def load_models(settings: Settings, folder: Path) -> Models:
    """What draws and what scores, from a checkpoint folder."""
    generator = Generator.load(
        folder,
        dtype=settings.dtype,
        device=settings.device,
        threads=settings.threads,
        placement=placement_of(settings),
    )
    return generator, load_reward_model(folder, device=settings.device)


def placement_of(settings: Settings) -> Placement:
    """How the models are to sit on the device; the settings' words are checked already."""
    return Placement(
        attention=cast(Attention, settings.attention),
        offload=cast(Offload, settings.offload),
        compiled=settings.compile,
    )


if __name__ == "__main__":
    main()
