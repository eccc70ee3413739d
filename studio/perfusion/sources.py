"""Where checkpoints come from: whatever a person names becomes a checkpoint folder.

A folder is taken as it is. A single file is unpacked beside itself, once. What comes from the
Hugging Face Hub is downloaded once into a folder, file by file, after its licences were shown
and accepted: weights are safetensors, and code is never among the files.
"""

import filecmp
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from studio.domain import CheckpointError, LicenceError
from studio.perfusion.checkpoint import INDEX_FILE, VARIANTS, save_pipeline
from studio.perfusion.config import (
    BASELINES,
    DRAWING,
    LAYOUT_FILES,
    PRESETS,
    SD15,
    HubModel,
    Preset,
    of_repository,
)
from studio.perfusion.single_file import (
    MADE_FROM_FILE,
    SINGLE_FILE_ENDING,
    check_single_file,
    fingerprint,
    is_single_file,
    load_single_file,
)
from studio.perfusion.whole_folders import write_text

CHECKPOINTS = Path("checkpoints")
Download = Callable[..., str]
"""`huggingface_hub.snapshot_download`, or what takes its place: (repo_id, allow_patterns=,
local_dir=) puts the files into the folder."""

_log = logging.getLogger(__name__)

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def checkpoint_folder(
    named: Path,
    *,
    licences_accepted: bool = False,
    download: Download = snapshot_download,
) -> Path:
    """The checkpoint folder behind what a person named; fetched or unpacked if need be.

    Args:
        named: a folder, a single .safetensors file, a hub id (owner/name), or the folder of a
            preset (checkpoints/sd15).
        licences_accepted: whether models may be downloaded.
        download: see `Download`.

    Raises:
        LicenceError: something is to be downloaded, and its licence was not accepted yet.
        CheckpointError: it can't be read, or the hub can't be reached.
    """
    if is_single_file(named):
        return unpack(named, licences_accepted=licences_accepted, download=download)
    preset = preset_of(named)
    if named.exists() or preset is None:
        return named  # if there is nothing, opening it says so
    folder = CHECKPOINTS / preset.name if is_hub_id(named) else named
    if not folder.exists() or (is_hub_id(named) and not _is_whole(folder, preset)):
        fetch(preset, folder, licences_accepted=licences_accepted, download=download)
    return folder


def preset_of(named: Path) -> Preset | None:
    """What could be fetched under this name; None for a name that is only a place on the disk."""
    if is_hub_id(named):
        return of_repository(named.as_posix())
    known = {**PRESETS, **BASELINES}.get(named.name)
    return known.of_roles(*DRAWING) if known and known.hub_models else None


def is_hub_id(named: Path) -> bool:
    """Whether it looks like owner/name and can't be a place on this disk."""
    if named.parent == CHECKPOINTS or named.parent.exists():
        return False
    return bool(_HUB_ID.fullmatch(named.as_posix()))


def fetch(
    preset: Preset,
    folder: Path,
    *,
    licences_accepted: bool,
    download: Download = snapshot_download,
) -> None:
    """Download a preset's models into a checkpoint folder; a download that broke off goes on.

    Raises:
        LicenceError: the licences were not accepted yet; the message lists them.
        CheckpointError: the hub can't be reached, or doesn't have what is needed.
    """
    if not licences_accepted:
        raise LicenceError(licences(preset.hub_models))
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    for model in preset.hub_models:
        into = unfinished / model.into
        _download(model, model.files, into, preset.name, folder, download)
        lacking = _lacking(model, into)
        if lacking:
            others = [name for part in lacking for name in _other_names(part, model.parts[part])]
            _download(model, others, into, preset.name, folder, download)
        _check_downloaded(model, into)
    for notes in list(unfinished.rglob(".cache")):  # the hub library's own, of the download
        shutil.rmtree(notes, ignore_errors=True)
    _move_into(unfinished, folder)


def licences(models: Iterable[HubModel]) -> str:
    """The licences of some models, for a person to read before anything is downloaded."""
    lines = [
        f"  {model.role}: {model.repo_id}\n    licence: {model.licence}; {model.page}"
        + (f"; about {model.gigabytes:g} GB" if model.gigabytes else "")
        for model in models
    ]
    return "\n".join(
        [
            "Nothing was downloaded yet. These models come from the Hugging Face Hub, each under "
            "its own licence:",
            *lines,
            "Read the licences. If you accept them, start again with --accept-licences "
            "(or PERFUSION_ACCEPT_LICENCES=1).",
        ]
    )


def unpack(
    file: Path, *, licences_accepted: bool = False, download: Download = snapshot_download
) -> Path:
    """Turn a single-file checkpoint into a folder of the same name beside it.

    That is done once, and again whenever another file stands there under the same name.

    Configurations and words come from a folder that lies beside the file (`tokenizer/` and the
    others), or from checkpoints/sd15, or else from the hub: a few small files.

    Raises:
        LicenceError: those files are to be downloaded, and their licence was not accepted.
        CheckpointError: the file can't be used; nothing was written.
    """
    folder = file.with_suffix("")
    if not file.is_file():
        if (folder / INDEX_FILE).is_file() and file.suffix.lower() == SINGLE_FILE_ENDING:
            return folder
        raise CheckpointError(f"There is no file {file}. Check the path.")
    made_from = fingerprint(file)
    if _is_made_from(folder, file, made_from):
        return folder
    check_single_file(file)
    layout = _layout_for(file)
    if layout is None:
        [base] = SD15.of_roles("base").hub_models
        few = HubModel(
            role="layout", repo_id=base.repo_id, licence=base.licence, files=LAYOUT_FILES
        )
        layout = CHECKPOINTS / "sd15-layout"
        fetch(
            Preset(name=layout.name, hub_models=(few,)),
            layout,
            licences_accepted=licences_accepted,
            download=download,
        )
    pipeline = load_single_file(file, layout)
    _keep_what_was_taught(folder)
    save_pipeline(pipeline, folder)
    write_text(folder / MADE_FROM_FILE, made_from)
    return folder


def _is_made_from(folder: Path, file: Path, made_from: str) -> bool:
    """Whether the folder was unpacked from this very file; earlier studios wrote no mark."""
    index, mark = folder / INDEX_FILE, folder / MADE_FROM_FILE
    if not index.is_file():
        return False
    if mark.is_file():
        return mark.read_text(encoding="utf-8") == made_from
    return file.stat().st_mtime_ns <= index.stat().st_mtime_ns


def _keep_what_was_taught(folder: Path) -> None:
    """Move a folder aside whose models learnt something since they were unpacked."""
    if not (folder / "adaptive_network").is_dir():
        return
    before = Path(tempfile.mkdtemp(prefix=f"{folder.name}.before-", dir=folder.parent))
    folder.rename(before / folder.name)
    _log.warning("The file of %s is another one now. What it was lies in %s.", folder, before)


def _layout_for(file: Path) -> Path | None:
    places = (file.parent, CHECKPOINTS / "sd15", CHECKPOINTS / "sd15-layout")
    wanted = ("unet/config.json", "vae/config.json", "text_encoder/config.json", "tokenizer")
    for place in places:
        if all((place / name).exists() for name in wanted):
            return place
    return None


def _is_whole(folder: Path, preset: Preset) -> bool:
    """Whether all that a preset downloads lies in the folder."""
    return all(not _lacking(model, folder / model.into) for model in preset.hub_models)


def _lacking(model: HubModel, folder: Path) -> list[str]:
    """The parts of a download whose weights are not there, under any of their names."""
    return [
        part
        for part, stem in model.parts.items()
        if not any(
            (folder / part / f"{stem}{ending}").is_file()
            for variant in VARIANTS
            for ending in _endings(variant)
        )
    ]


def _endings(variant: str | None) -> tuple[str, str]:
    middle = f".{variant}" if variant else ""
    return f"{middle}.safetensors", f".safetensors.index{middle}.json"


def _other_names(part: str, stem: str) -> Iterator[str]:
    """What weights are called that are in several files, or in half precision."""
    for variant in VARIANTS:
        middle = f".{variant}" if variant else ""
        yield from (f"{part}/{stem}{ending}" for ending in _endings(variant))
        yield f"{part}/{stem}{middle}-*-of-*.safetensors"
        yield f"{part}/{stem}-*-of-*{middle}.safetensors"


def _check_downloaded(model: HubModel, folder: Path) -> None:
    """Refuse a repository that does not have what is needed, before it looks like a checkpoint."""
    if INDEX_FILE in model.files and not (folder / INDEX_FILE).is_file():
        raise CheckpointError(
            f"{model.repo_id} is no folder of models: it has no {INDEX_FILE}. If it offers a "
            f"single {SINGLE_FILE_ENDING} file, download that from {model.page} and give its path "
            "with --checkpoint."
        )
    lacking = _lacking(model, folder)
    if lacking:
        raise CheckpointError(
            f"{model.repo_id} has no safetensors weights of its {', '.join(lacking)}. The studio "
            "opens no other kind, since those can run any code. Choose a repository that has them."
        )


def _download(
    model: HubModel,
    files: Sequence[str],
    target: Path,
    name: str,
    folder: Path,
    download: Download,
) -> None:
    try:
        download(model.repo_id, allow_patterns=list(files), local_dir=target)
    except GatedRepoError as error:
        raise CheckpointError(
            f"{model.repo_id} is given only to people who accepted its terms: do that on "
            f"{model.page}, run `hf auth login`, then start again."
        ) from error
    except RepositoryNotFoundError as error:
        raise CheckpointError(
            f"The hub has no {model.repo_id}, or not for everybody. Check the name on {model.page}."
        ) from error
    except (OfflineModeIsEnabled, LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise CheckpointError(
            f"{model.repo_id} could not be downloaded from the Hugging Face Hub "
            f"({_first_line(error)}). Start again, and it goes on where it stopped. Without a way "
            f"to the hub: on another machine run `python -m studio.fetch {_typed(name)} "
            f"--accept-licences`, copy {folder} to the same place here, and start again. Or give "
            "a folder or a single .safetensors file with --checkpoint."
        ) from error


def _typed(name: str) -> str:
    return name.replace("--", "/")


def _first_line(error: Exception) -> str:
    lines: Sequence[str] = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _move_into(source: Path, folder: Path) -> None:
    """Put what was fetched in place, beside what is there already.

    What lies in that place is moved beside the folder unless it is the same, file by file: it may
    have been taught since.
    """
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        source.rename(folder)
        return
    before: Path | None = None
    for entry in sorted(source.iterdir()):
        place = folder / entry.name
        if os.path.lexists(place):
            if _holds_all_of(entry, place):
                _remove(entry)
                continue
            if before is None:
                before = Path(tempfile.mkdtemp(prefix=f"{folder.name}.before-", dir=folder.parent))
            place.rename(before / place.name)
        entry.rename(place)
    source.rmdir()
    if before is not None:
        _log.warning("What was in %s and is not what was fetched lies in %s now.", folder, before)


def _holds_all_of(entry: Path, place: Path) -> bool:
    """Whether each file of what was fetched is in place already, byte for byte."""
    if entry.is_dir():
        return place.is_dir() and all(
            _holds_all_of(each, place / each.name) for each in entry.iterdir()
        )
    return place.is_file() and filecmp.cmp(entry, place, shallow=False)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry)
    else:
        entry.unlink()
