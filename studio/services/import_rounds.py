"""An export's rounds brought into a studio: from a backup, another machine, or simulated stores."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from studio.domain import (
    MAX_CANDIDATES,
    MAX_PROMPT_CHARACTERS,
    GenerationRequest,
    ImportRoundsError,
    NewCandidate,
    NewGroup,
    ProfileError,
    RoundRequest,
    Selection,
)
from studio.perfusion.profile import STORE_ID, Profile
from studio.services.export import COLUMNS, FORMAT
from studio.services.picture_keeper import PictureKeeper
from studio.services.recipe import LARGEST_FILE, Recipe, recipe_from_texts
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.selections import SelectionStore
from studio.storage.stores import StoreStore

_MOST_PIXELS = 4096 * 4096
_READ = pa.schema([column for column in COLUMNS if column.name != "lots"])
"""The columns that are read; what lots settled is told by the pictures' own recipes."""
_TICKED = 0.5
"""A label from here on is a tick; 0.5 is one of a tied pair."""


@dataclass(frozen=True)
class Imported:
    """What came in.

    Attributes:
        rounds: how many rounds were added.
        skipped: reason -> how many were not.
    """

    rounds: int
    skipped: Mapping[str, int]

    def sentence(self) -> str:
        """For people."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.skipped.items()))
        return f"{self.rounds} rounds imported; skipped: {reasons or 'none'}."


@dataclass(frozen=True)
class _Row:
    """A row that makes sense."""

    prompt: str
    profile: Profile
    images: tuple[str, ...]
    ticked: tuple[bool, ...]
    seeds: tuple[int, ...]
    answered_at: datetime
    model: str


class RoundImport:
    """Adds the rounds of an export; the same export twice adds nothing the second time.

    Args:
        database: where the rounds go.
        images: where their pictures go.
    """

    def __init__(self, database: Database, images: ImageFiles) -> None:
        self._database = database
        self._groups = GroupStore(database)
        self._selections = SelectionStore(database)
        self._stores = StoreStore(database)
        self._images = images
        self._keeper = PictureKeeper(database, images)

    def read_folder(self, folder: Path) -> Imported:
        """Add all rounds that make sense, or none at all if something goes wrong on the way.

        Args:
            folder: as `RoundExport.write_folder` or training wrote it.

        Raises:
            ImportRoundsError: there is no export that can be read.
            StorageError: the data folder can't be written.
        """
        known = self._groups.shown()
        written: dict[str, str] = {}
        usable: list[tuple[_Row, tuple[str, ...]]] = []
        skipped = Counter[str]()
        for record in _read_table(folder):
            try:
                row = _read_row(record)
                usable.append((row, self._keep(folder, row.images, written)))
            except _UnusableError as error:
                skipped[str(error)] += 1
        added = 0
        with self._database.transaction():
            for row, digests in usable:
                if (row.prompt, digests) in known:
                    skipped["that are here already"] += 1
                    continue
                self._add(row, digests)
                known.add((row.prompt, digests))
                added += 1
        return Imported(added, dict(skipped))

    def _keep(self, folder: Path, names: Sequence[str], written: dict[str, str]) -> tuple[str, ...]:
        """Copy a round's pictures; the digests of their files."""
        new = {name: _png(folder, name) for name in names if name not in written}
        written.update(zip(new, self._keeper.keep(list(new.values())), strict=True))
        return tuple(written[name] for name in names)

    def _add(self, row: _Row, digests: tuple[str, ...]) -> None:
        recipes = [self._recipe(digest) for digest in digests]
        request = self._request(row, recipes[0])
        candidates = tuple(
            NewCandidate(seed=seed, image=digest, lots="" if recipe is None else recipe.lots)
            for seed, digest, recipe in zip(row.seeds, digests, recipes, strict=True)
        )
        group_id = self._groups.add(
            NewGroup(
                request=request,
                prompt=row.prompt,
                checkpoint=row.model,
                candidates=candidates,
                made_at=row.answered_at,
            )
        )
        kept = self._groups.get(group_id).candidates
        ticked = [each.id for each, tick in zip(kept, row.ticked, strict=True) if tick]
        self._selections.record(
            Selection(
                group_id=group_id,
                candidate_ids=frozenset(ticked),
                made_at=row.answered_at,
                profile=request.profile,
            )
        )

    def _recipe(self, digest: str) -> Recipe | None:
        path = self._images.find(digest)
        if path is None:
            return None
        with Image.open(path, formats=["PNG"]) as image:
            return recipe_from_texts(image.info)

    def _request(self, row: _Row, recipe: Recipe | None) -> RoundRequest:
        """What was asked for, from the first picture's recipe if it has one."""
        store_id = self._store(row.profile)
        profile = row.profile.to_json() if row.profile.fields else ""
        if recipe is None:
            generation = GenerationRequest(
                prompt=row.prompt, num_candidates=len(row.images), seed=row.seeds[0]
            )
            return RoundRequest(generation=generation, store_id=store_id, profile=profile)
        return RoundRequest(
            generation=recipe.request,
            start_images=recipe.start_images,
            store_id=store_id,
            profile=profile,
        )

    def _store(self, profile: Profile) -> int | None:
        """The profile's store, put on the list if nobody knows it; its key is its name then."""
        key = profile[STORE_ID]
        if not isinstance(key, str) or not key:
            return None
        known = self._stores.find(key)
        return known or self._stores.add(key, key, profile.without(STORE_ID).to_json())


class _UnusableError(Exception):
    """A round that can't be used; the message goes on "rounds ..."."""


def _read_table(folder: Path) -> list[dict[str, object]]:
    try:
        found = json.loads((folder / "export.json").read_text(encoding="utf-8"))
        table = pq.read_table(folder / "rounds.parquet")
    except (OSError, ValueError, pa.ArrowException) as error:
        raise ImportRoundsError(
            f"There is no export of rounds in {folder}. Choose a folder that `studio.export` wrote."
        ) from error
    missing = set(_READ.names) - set(table.column_names)
    if found != FORMAT or missing:
        raise ImportRoundsError(f"The export in {folder} has another format than this studio's.")
    try:
        rows: list[dict[str, object]] = table.select(_READ.names).cast(_READ).to_pylist()
    except pa.ArrowException as error:
        raise ImportRoundsError(f"The table in {folder} has columns of other types.") from error
    return rows


def _read_row(record: Mapping[str, object]) -> _Row:
    prompt, made_at = record["prompt"], record["made_at"]
    images, labels = _list(record["images"]), _list(record["labels"])
    seeds = _list(record["seeds"]) or [0] * len(images)
    if not isinstance(prompt, str) or not isinstance(made_at, datetime):
        raise _UnusableError("incomplete")
    if not 1 <= len(prompt) <= MAX_PROMPT_CHARACTERS:
        raise _UnusableError("with a prompt that is empty or too long")
    if not 1 <= len(images) <= MAX_CANDIDATES:
        raise _UnusableError(f"with no or more than {MAX_CANDIDATES} images")
    if len(labels) != len(images) or len(seeds) != len(images) or None in labels:
        raise _UnusableError("with images and ticks that do not match")
    return _Row(
        prompt=prompt,
        profile=_profile(record["profile"]),
        images=tuple(map(str, images)),
        ticked=tuple(isinstance(label, float) and label >= _TICKED for label in labels),
        seeds=tuple(seed if isinstance(seed, int) else 0 for seed in seeds),
        answered_at=made_at,
        model=str(record["model"] or ""),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _profile(text: object) -> Profile:
    try:
        return Profile.from_json(text) if isinstance(text, str) and text else Profile(())
    except ProfileError as error:
        raise _UnusableError("with an unusable profile") from error


def _png(folder: Path, name: str) -> bytes:
    """A picture's file, once it is sure that it is one and lies in the export."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise _UnusableError("with images outside of the export")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _UnusableError("with an image that is too large")
        with Image.open(path, formats=["PNG"]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise _UnusableError("with an image that is too large")
            image.load()
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _UnusableError("with a missing image") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _UnusableError("with a damaged image") from error


def open_import(data: Path) -> tuple[RoundImport, Database]:
    """The import into a data folder, which no studio may have open meanwhile.

    Raises:
        StorageError: the folder can't be used, or a studio works in it.
    """
    images = ImageFiles(data / "images")
    database = Database(data / "studio.db", alone=True)
    return RoundImport(database, images), database
