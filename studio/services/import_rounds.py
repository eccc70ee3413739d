"""An export's rounds brought into a studio: from a backup, another machine, or simulated stores."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from studio.design.spec import DesignSpec
from studio.domain import (
    MAX_CANDIDATES,
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    DesignError,
    GenerationRequest,
    ImportRoundsError,
    NewCandidate,
    NewGroup,
    ProfileError,
    RoundRequest,
    Selection,
    UserError,
    ValueKindError,
)
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.pickapic_rows import (
    PickapicRow,
    UnusableRowError,
    is_pickapic,
    pickapic_rows,
)
from studio.perfusion.pictures import PictureError, read_picture
from studio.perfusion.profile import STORE_ID, Profile
from studio.services.accounts import FIRST_NAME, workspace_of
from studio.services.export import COLUMNS, FORMAT
from studio.services.picture_keeper import PictureKeeper
from studio.services.recipe import LARGEST_FILE, Recipe, png_with_recipe, recipe_in_file
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.selections import SelectionStore
from studio.storage.stores import StoreStore
from studio.values import json_of, moment, regular_file

_MOST_ROUNDS = 1_000_000
_MOST_VALUES = MAX_CANDIDATES * _MOST_ROUNDS
_MOST_BYTES = 2**30
"""Of a column, unpacked: what a small file with a bomb in it would become."""
_ROWS_AT_ONCE = 16
_LONGEST_NAME = 255
_OPTIONAL = pa.schema([COLUMNS.field("designs"), COLUMNS.field("weight")])
"""Exports from before there were designs, or before sales were counted, have none."""
_READ = pa.schema([each for each in COLUMNS if each.name not in ("designs", "lots", "weight")])
"""The columns that must be there; lots of old rounds are told by the pictures' own recipes."""
_DRAWN_HEIGHT_PX = 1024
_PROMPT_REASON = "with a prompt that is empty or too long"
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
    """A row that makes sense.

    Attributes:
        images: names of the pictures' files; none where only designs are known.
        designs: what each shows, as JSON; "" where nobody knows.
    """

    prompt: str
    profile: Profile
    images: tuple[str, ...]
    designs: tuple[str, ...]
    ticked: tuple[bool, ...]
    seeds: tuple[int, ...]
    answered_at: datetime
    model: str

    @property
    def store_key(self) -> str:
        """The key of the store that answered; empty where nobody knows."""
        key = self.profile[STORE_ID]
        return key if isinstance(key, str) else ""


class RoundImport:
    """Adds the rounds of an export; the same export twice adds nothing the second time.

    Two stores may have been shown the same designs for the same phrases: these are two rounds.

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
            folder: as `RoundExport.write_folder` or training wrote it; or files with Pick-a-Pic's
                columns, whoever wrote them.

        Raises:
            ImportRoundsError: there is no export that can be read.
            StorageError: the data folder can't be written.
        """
        known = self._groups.shown()
        written: dict[str, str] = {}
        usable: list[tuple[_Row, tuple[str, ...]]] = []
        skipped = Counter[str]()
        files = _pickapic_files(folder)
        for read in self._of_pickapic(files) if files else self._of_export(folder, written):
            if isinstance(read, str):
                skipped[read] += 1
            else:
                usable.append(read)
        added = 0
        with self._database.transaction():
            for row, digests in usable:
                mark = (row.prompt, digests, row.store_key)
                if mark in known:
                    skipped["that are here already"] += 1
                    continue
                self._add(row, digests)
                known.add(mark)
                added += 1
        return Imported(added, dict(skipped))

    def _of_export(self, folder: Path, written: dict[str, str]) -> "Iterator[_Kept | str]":
        """Each round with its pictures kept, or why it can't be used."""
        for record in _read_table(folder):
            try:
                if record is None:
                    raise _UnusableError("with values that can't be read")
                row = _read_row(record)
                yield row, self._keep(folder, row.images, written) or self._draw(row)
            except _UnusableError as error:
                yield str(error)

    def _of_pickapic(self, files: Sequence[Path]) -> "Iterator[_Kept | str]":
        """The same of Pick-a-Pic's rows, whose pictures lie in the table itself."""
        for read in (read for file in files for read in pickapic_rows(file)):
            if isinstance(read, PickapicRow) and len(read.caption) <= MAX_PROMPT_CHARACTERS:
                yield (
                    _row_of_pair(read),
                    self._keeper.keep([_as_png(each) for each in read.pictures]),
                )
            else:
                yield str(read) if isinstance(read, UnusableRowError) else _PROMPT_REASON

    def _keep(self, folder: Path, names: Sequence[str], written: dict[str, str]) -> tuple[str, ...]:
        """Copy a round's pictures; the digests of their files."""
        new = {name: _png(folder, name) for name in names if name not in written}
        written.update(zip(new, self._keeper.keep(list(new.values())), strict=True))
        return tuple(written[name] for name in names)

    def _draw(self, row: _Row) -> tuple[str, ...]:
        """Draw the pictures of a round that is known by its designs; the digests of their files."""
        drawn = [
            png_with_recipe(
                picture(draw_croquis(DesignSpec.from_json(design)), _DRAWN_HEIGHT_PX),
                Recipe(
                    request=_request_of(row),
                    prompt=row.prompt,
                    seed=seed,
                    num_inference_steps=0,  # nobody says
                    guidance_scale=1.0,
                    checkpoint=row.model,
                    profile=_profile_text(row.profile),
                    design=design,
                ),
            )
            for seed, design in zip(row.seeds, row.designs, strict=True)
        ]
        return self._keeper.keep(drawn)

    def _add(self, row: _Row, digests: tuple[str, ...]) -> None:
        request = self._request(row, recipe_in_file(self._images.find(digests[0])))
        candidates = tuple(
            NewCandidate(seed=seed, image=digest, design=design)
            for seed, digest, design in zip(row.seeds, digests, row.designs, strict=True)
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

    def _request(self, row: _Row, recipe: Recipe | None) -> RoundRequest:
        """What was asked for, from the first picture's recipe if it has one."""
        store_id = self._store(row.profile)
        profile = _profile_text(row.profile)
        if recipe is None:
            return RoundRequest(generation=_request_of(row), store_id=store_id, profile=profile)
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


_Kept = tuple[_Row, tuple[str, ...]]
"""A round, and the digests of its pictures."""


class _UnusableError(Exception):
    """A round that can't be used; the message goes on "rounds ..."."""


def _pickapic_files(named: Path) -> list[Path]:
    """Files with Pick-a-Pic's columns, where somebody named one or a folder of them."""
    if (named / "export.json").exists():
        return []
    files = sorted(named.glob("*.parquet")) if named.is_dir() else [named]
    return [file for file in files if regular_file(file) is not None and is_pickapic(file)]


def _row_of_pair(pair: PickapicRow) -> _Row:
    user = pair.user_id[:_LONGEST_NAME]
    return _Row(
        prompt=pair.caption,
        profile=Profile.of(store_id=user) if user else Profile(()),
        images=(),
        designs=("", ""),
        ticked=(pair.labels[0] >= _TICKED, pair.labels[1] >= _TICKED),
        seeds=(0, 0),
        answered_at=pair.created_at,
        model=pair.model[:_LONGEST_NAME],
    )


def _as_png(content: bytes) -> bytes:
    """A picture's file as it is if it is a PNG, as all pictures of the studio are; else as one."""
    with Image.open(BytesIO(content)) as image:
        if image.format == "PNG":
            return content
        file = BytesIO()
        image.convert("RGB").save(file, "PNG")
        return file.getvalue()


def _request_of(row: _Row) -> GenerationRequest:
    return GenerationRequest(prompt=row.prompt, num_candidates=len(row.designs), seed=row.seeds[0])


def _profile_text(profile: Profile) -> str:
    return profile.to_json() if profile.fields else ""


def _read_table(folder: Path) -> Iterator[dict[str, object] | None]:
    """The rows of an export, a few at a time; None for one that holds values nobody can read."""
    try:
        found = json_of("export.json", _own_file(folder, "export.json").read_text("utf-8"))
        file = pq.ParquetFile(_own_file(folder, "rounds.parquet"))
    except (OSError, ValueError, ValueKindError, pa.ArrowException) as error:
        raise ImportRoundsError(
            f"There is no export of rounds in {folder}. Choose a folder that `studio.export` wrote."
        ) from error
    names = file.schema_arrow.names
    if found != FORMAT or set(_READ.names) - set(names):
        raise ImportRoundsError(f"The export in {folder} has another format than this studio's.")
    _check_size(folder, file.metadata)
    schema = pa.schema([*_READ, *(each for each in _OPTIONAL if each.name in names)])
    try:
        for batch in file.iter_batches(_ROWS_AT_ONCE, columns=schema.names):
            table = pa.Table.from_batches([batch]).select(schema.names).cast(schema)
            yield from (_row_of(table, place) for place in range(table.num_rows))
    except (OSError, pa.ArrowException) as error:
        raise ImportRoundsError(
            f"The table in {folder} is damaged, or has columns of other types."
        ) from error


def _own_file(folder: Path, name: str) -> Path:
    path = regular_file(folder / name)
    if path is None:
        raise FileNotFoundError(name)
    return path


def _check_size(folder: Path, facts: pq.FileMetaData) -> None:
    """Refuse a table that would unpack to more than any studio can have exported."""
    groups = [facts.row_group(place) for place in range(min(facts.num_row_groups, _MOST_ROUNDS))]
    columns = [group.column(place) for group in groups for place in range(group.num_columns)]
    if (
        facts.num_rows > _MOST_ROUNDS
        or any(column.num_values > _MOST_VALUES for column in columns)
        or any(column.total_uncompressed_size > _MOST_BYTES for column in columns)
    ):
        raise ImportRoundsError(f"The table in {folder} is too large to be an export of rounds.")


def _row_of(table: pa.Table, place: int) -> dict[str, object] | None:
    try:
        row: dict[str, object] = table.slice(place, 1).to_pylist()[0]
    except (ValueError, OverflowError, pa.ArrowException):  # a time in the year 148,000
        return None
    return row


def _read_row(record: Mapping[str, object]) -> _Row:
    prompt, made_at = record["prompt"], _time(record["made_at"])
    images, designs = _list(record["images"]), _list(record.get("designs"))
    labels = _list(record["labels"])
    shown = images or designs
    seeds = _list(record["seeds"]) or [0] * len(shown)
    if not isinstance(prompt, str) or made_at is None:
        raise _UnusableError("incomplete")
    if record.get("weight") not in (None, 1.0):
        raise _UnusableError("by sales: those are counted anew from orders, and nobody ticked")
    if not 1 <= len(prompt) <= MAX_PROMPT_CHARACTERS:
        raise _UnusableError(_PROMPT_REASON)
    if not 1 <= len(shown) <= MAX_CANDIDATES:
        raise _UnusableError(f"with no or more than {MAX_CANDIDATES} images")
    if {len(labels), len(seeds)} != {len(shown)} or None in labels:
        raise _UnusableError("with images and ticks that do not match")
    if not images and not all(designs):
        raise _UnusableError("with neither an image nor a design of each candidate")
    return _Row(
        prompt=prompt,
        profile=_profile(record["profile"]),
        images=tuple(map(str, images)),
        designs=_designs(designs, len(shown)),
        ticked=tuple(isinstance(label, float) and label >= _TICKED for label in labels),
        seeds=tuple(
            seed if isinstance(seed, int) and 0 <= seed <= MAX_SEED else 0 for seed in seeds
        ),
        answered_at=made_at,
        model=str(record["model"] or "")[:_LONGEST_NAME],
    )


def _time(value: object) -> datetime | None:
    try:
        return None if value is None else moment("made_at", value)
    except ValueKindError as error:
        raise _UnusableError("from another age") from error


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _designs(listed: list[object], count: int) -> tuple[str, ...]:
    """A round's designs as JSON, once each can be read; "" for those that nobody knows."""
    texts = [text if isinstance(text, str) else "" for text in listed or [""] * count]
    if len(texts) != count:
        raise _UnusableError("with images and designs that do not match")
    try:
        return tuple(DesignSpec.from_json(text).to_json() if text else "" for text in texts)
    except DesignError as error:
        raise _UnusableError("with an unusable design") from error


def _profile(text: object) -> Profile:
    try:
        return Profile.from_json(text) if isinstance(text, str) and text else Profile(())
    except ProfileError as error:
        raise _UnusableError("with an unusable profile") from error


def _png(folder: Path, name: str) -> bytes:
    """A picture's file as a PNG, once it is sure that it is one and lies in the export."""
    if ".." in Path(name).parts or Path(name).is_absolute():
        raise _UnusableError("with images outside of the export")
    path = regular_file(folder / name, within=folder)
    if path is None:
        if regular_file(folder / name) is not None:
            raise _UnusableError("with images outside of the export")
        is_something = os.path.lexists(folder / name)  # a folder, a pipe, a link to itself
        raise _UnusableError(f"with a {'damaged' if is_something else 'missing'} image")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _UnusableError("with an image that is too large")
        read_picture(path)
        return _as_png(path.read_bytes())
    except PictureError as error:
        raise _UnusableError(str(error)) from error
    except OSError as error:
        raise _UnusableError("with a damaged image") from error


def open_import(data: Path, workspace: str = FIRST_NAME) -> tuple[RoundImport, Database]:
    """The import into a workspace of a data folder, which no studio may have open meanwhile.

    Raises:
        StorageError: the folder can't be used, or a studio works in it.
        UserError: there is no such workspace.
    """
    images = ImageFiles(data / "images")
    database = Database(data / "studio.db", alone=True)
    try:
        return RoundImport(workspace_of(database, workspace), images), database
    except UserError:
        database.close()
        raise
