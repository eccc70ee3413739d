"""What a person chooses when starting the app: read once, from arguments and the environment."""

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from studio.domain import SettingsError

PRESETS = ("atelier", "sd15")
DTYPES = ("float32", "float16", "bfloat16")
ATTENTIONS = ("auto", "sdpa", "sliced", "xformers")
OFFLOADS = ("auto", "none", "models", "layers")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
PREFIX = "PERFUSION_"
_PATH = re.compile(r"[\w.~-]+(/[\w.~-]+)*", re.ASCII)
GRADIOS = {
    "host": "GRADIO_SERVER_NAME",
    "port": "GRADIO_SERVER_PORT",
    "root_path": "GRADIO_ROOT_PATH",
}
"""Settings that Gradio has variables of its own for."""
SPACE_STORAGE = Path("/data")
"""Where a Hugging Face Space has its persistent storage, if it has any."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The app's settings.

    Attributes:
        preset: which size of the models, "atelier" or "sd15".
        checkpoint: the checkpoint folder to start with, a single .safetensors file, or a hub id.
        accept_licences: whether models of other people may be downloaded.
        data: folder of the database and the images.
        host: address to listen on; 127.0.0.1 is this machine only.
        port: to listen on; 0 takes a free one.
        device: "cpu", "cuda", "cuda:1" ...; "auto" takes a GPU if there is one.
        dtype: to compute in; "auto" is float16 on a GPU and float32 on a CPU.
        threads: for the models on a CPU; 0 leaves it to the library.
        attention: "auto", "sdpa", "sliced" or "xformers".
        offload: what waits off the GPU: "auto", "none", "models" or "layers".
        compile: whether the U-Net is compiled.
        backup_to: folder of a backup a night; None makes none.
        auth: whether people log in with a name and a password.
        auth_header: the header in which a proxy says who people are; empty without such a proxy.
        trusted_proxies: IP numbers and ranges of that proxy, with commas between.
        host_names: names that the studio answers to besides its own, with commas between.
        allow_everybody: whether everybody in the network may come in without a login.
        root_path: where a proxy shows the studio, such as /studio; empty at a host's root.
    """

    preset: str = "atelier"
    checkpoint: Path = Path("checkpoints/atelier")
    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 7860
    device: str = "auto"
    dtype: str = "auto"
    threads: int = 0
    attention: str = "auto"
    offload: str = "auto"
    compile: bool = False
    accept_licences: bool = False
    backup_to: Path | None = None
    auth: bool = False
    auth_header: str = ""
    trusted_proxies: str = "127.0.0.1,::1"
    host_names: str = ""
    allow_everybody: bool = False
    root_path: str = ""


def outlives_restart(data: Path, environment: Mapping[str, str] | None = None) -> bool:
    """Whether what is saved in a data folder is still there after a restart.

    A Hugging Face Space without persistent storage forgets its files; with it, they have to lie
    in the storage's folder.
    """
    environment = os.environ if environment is None else environment
    if "SPACE_ID" not in environment:
        return True
    return SPACE_STORAGE.is_dir() and data.resolve().is_relative_to(SPACE_STORAGE)


class _Parser(argparse.ArgumentParser):
    """Raises a sentence where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        raise SettingsError(f"{message[:1].upper()}{message[1:]}. See --help.")


def read_settings(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings; an argument wins over the environment, that over the default.

    Args:
        arguments: without the program's name; None takes the process's own.
        environment: None takes the process's own; PERFUSION_PORT stands for --port, and so on.
            Without them, GRADIO_SERVER_NAME, GRADIO_SERVER_PORT and GRADIO_ROOT_PATH stand for
            host, port and root path: a Hugging Face Space sets the first two.

    Raises:
        SettingsError: an option is unknown, or its value can't be used.
    """
    environment = os.environ if environment is None else environment
    default = Settings()
    parser = _Parser(prog="app.py", description="PerFusion Studio: designs that fit a store.")
    parser.add_argument("--preset", choices=PRESETS, help="size of the models")
    parser.add_argument(
        "--checkpoint",
        help="folder, single .safetensors file or hub id (default: the preset's folder)",
    )
    parser.add_argument("--data", help=f"folder of rounds and images (default: {default.data})")
    parser.add_argument("--host", help=f"address to listen on (default: {default.host})")
    parser.add_argument("--port", help=f"port to listen on (default: {default.port})")
    parser.add_argument("--device", help="cpu, cuda, cuda:1 ... (default: a GPU if there is one)")
    parser.add_argument("--dtype", help=f"auto, {', '.join(DTYPES)}")
    parser.add_argument("--threads", help="threads for the models (default: the library's choice)")
    parser.add_argument("--attention", help=", ".join(ATTENTIONS))
    parser.add_argument("--offload", help=f"what waits off the GPU: {', '.join(OFFLOADS)}")
    parser.add_argument("--backup-to", help="folder for a backup every night (default: none)")
    parser.add_argument("--compile", action="store_const", const="1", help="compile the U-Net")
    _add_door_options(parser, default)
    parser.add_argument(
        "--accept-licences",
        action="store_const",
        const="1",
        help="you read the licences of the models that are to be downloaded",
    )
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value}
    from_environment = {
        name: environment[PREFIX + name.upper()]
        for name in vars(default)
        if environment.get(PREFIX + name.upper())
    }
    from_gradio = {name: environment[of] for name, of in GRADIOS.items() if environment.get(of)}
    return _settings({**from_gradio, **from_environment, **given})


def _add_door_options(parser: argparse.ArgumentParser, default: Settings) -> None:
    parser.add_argument(
        "--auth",
        action="store_const",
        const="1",
        help="people log in; `python -m studio.users add NAME` adds one",
    )
    parser.add_argument("--auth-header", help="header in which a proxy says who people are")
    parser.add_argument(
        "--trusted-proxies", help=f"where that proxy is (default: {default.trusted_proxies})"
    )
    parser.add_argument("--root-path", help="path at which a proxy shows the studio: /studio")
    parser.add_argument("--host-names", help="names that the studio answers to besides its own")
    parser.add_argument(
        "--allow-everybody",
        action="store_const",
        const="1",
        help="everybody in the network may see and change everything",
    )


def _settings(chosen: Mapping[str, str]) -> Settings:
    preset = _one_of(chosen, "preset", PRESETS, "atelier")
    default = Settings()
    return Settings(
        preset=preset,
        checkpoint=Path(chosen.get("checkpoint", f"checkpoints/{preset}")),
        data=Path(chosen.get("data", default.data)),
        host=chosen.get("host", default.host),
        port=_number(chosen, "port", default.port, 65_535),
        device=chosen.get("device", default.device),
        dtype=_one_of(chosen, "dtype", ("auto", *DTYPES), default.dtype),
        threads=_number(chosen, "threads", default.threads, 1_024),
        attention=_one_of(chosen, "attention", ATTENTIONS, default.attention),
        offload=_one_of(chosen, "offload", OFFLOADS, default.offload),
        compile=_switch(chosen, "compile"),
        accept_licences=_switch(chosen, "accept_licences"),
        backup_to=Path(chosen["backup_to"]) if "backup_to" in chosen else None,
        auth=_switch(chosen, "auth"),
        auth_header=chosen.get("auth_header", default.auth_header),
        trusted_proxies=chosen.get("trusted_proxies", default.trusted_proxies),
        host_names=chosen.get("host_names", default.host_names),
        allow_everybody=_switch(chosen, "allow_everybody"),
        root_path=_path(chosen.get("root_path", default.root_path)),
    )


def _one_of(chosen: Mapping[str, str], name: str, allowed: Sequence[str], default: str) -> str:
    value = chosen.get(name, default)
    if value not in allowed:
        raise SettingsError(f"--{name} can be {', '.join(allowed)}, not {value!r}.")
    return value


def _path(typed: str) -> str:
    """A path of an address without its last stroke; people write it with and without both."""
    path = typed.strip().strip("/")
    if not path:
        return ""
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        raise SettingsError(
            f"--root-path is the path alone, such as /studio, not {typed!r}. The host's name goes "
            "to --host-names."
        )
    return f"/{path}"


def _switch(chosen: Mapping[str, str], name: str) -> bool:
    value = chosen.get(name, NO[0]).lower()
    if value not in (*YES, *NO):
        raise SettingsError(f"{PREFIX}{name.upper()} is {YES[0]} or {NO[0]}, not {chosen[name]!r}.")
    return value in YES


def _number(chosen: Mapping[str, str], name: str, default: int, highest: int) -> int:
    value = chosen.get(name, str(default))
    if not value.isdecimal() or int(value) > highest:
        raise SettingsError(f"--{name} is a whole number from 0 to {highest:,}, not {value!r}.")
    return int(value)
