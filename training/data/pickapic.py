"""Pick-a-Pic's own columns <-> our export of rounds.

`python -m training.data.pickapic read FILES FOLDER` makes an export of it,
`python -m training.data.pickapic write FOLDER FILE.parquet` the reverse.
`studio.perfusion.pickapic_rows` reads them, for the studio as well. The files are read a few rows
at a time, so they may be larger than the memory.
"""

import argparse
import io
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from studio.domain import StudioError
from studio.perfusion.pickapic_rows import (
    PICKAPIC_COLUMNS,
    PickapicRow,
    UnusableRowError,
    answers_of_users,
    pickapic_rows,
)
from studio.perfusion.pictures import fit_picture, read_picture
from studio.perfusion.profile import Profile
from training.data.groups import (
    Round,
    Rounds,
    RoundsError,
    read_rounds,
    save_bytes,
    with_pictures,
    write_rounds,
)

log = logging.getLogger(__name__)

_JPEG_QUALITY = 95


def read_pickapic(
    source: Path, folder: Path, *, min_rounds: int = 1, side_px: int = 0
) -> Mapping[str, int]:
    """Turn Parquet files of Pick-a-Pic into an export; the user's number is the only field.

    Ties become rounds of two halves. Rows without an answer are none, and left out as those whose
    pictures or other values can't be read; each is counted by its reason. Which part of the data a
    round belongs to is left to its id, 8:1:1 (see `groups.split_of`).

    Args:
        source: a file, or a folder of files as the hub has them.
        folder: the export's.
        min_rounds: users with fewer labelled rows are left out, as too little is known of them;
            the paper takes 10.
        side_px: pictures are brought to this square size, as a generator needs; 0 keeps them.

    Returns:
        How many rounds were written, under "", and how many rows were left out, by reason.

    Raises:
        RoundsError: there is no such file.
        ImportRoundsError: it is from somewhere else, or damaged.
    """
    files = _files(source)
    heard = Counter[str]()
    if min_rounds > 1:
        heard.update(user for file in files for user in answers_of_users(file))
    counts = Counter[str]()

    def is_heard(user: str) -> bool:
        return min_rounds <= 1 or heard[user] >= min_rounds

    def rounds() -> Iterator[Round]:
        rows = (row for file in files for row in pickapic_rows(file, is_heard))
        for number, row in enumerate(rows):
            if row is None:
                counts[f"of users with fewer than {min_rounds} rounds"] += 1
            elif isinstance(row, UnusableRowError):
                counts[str(row)] += 1
            else:
                counts[""] += 1
                yield _round(number, row, folder, side_px)

    write_rounds(folder, rounds())
    return dict(counts)


def _files(source: Path) -> list[Path]:
    files = sorted(source.rglob("*.parquet")) if source.is_dir() else [source]
    if not files or not all(file.is_file() for file in files):
        raise RoundsError(f"There are no Parquet files at {source}. Check the path.")
    return files


def _round(number: int, row: PickapicRow, folder: Path, side_px: int) -> Round:
    pictures = [_at_size(content, side_px) for content in row.pictures]
    return Round(
        id=f"pickapic-{number}",
        profile=Profile.of(store_id=row.user_id) if row.user_id else Profile(()),
        prompt=row.caption,
        images=tuple(save_bytes(folder, content, "jpg") for content in pictures),
        labels=row.labels,
        made_at=row.created_at,
        model=row.model,
    )


def write_pickapic(export: Rounds, file: Path) -> None:
    """Write rounds as pairs with Pick-a-Pic's columns.

    A round gives a row for each pair of which at least one image was ticked; two ticked images
    are a tie. A pair without a tick is no row at all: whoever reads `label_0` alone, as trainers
    do, would take its 0 for an answer. Stores are numbered in the order of their
    ids. Rounds without pictures have no place in Pick-a-Pic, and are left out.
    """
    stores = sorted({each.store_id for each in export.rounds})
    numbers = {store: number for number, store in enumerate(stores, 1)}
    rows = [
        _pair_row(export.folder, each, pair, ranking_id, numbers[each.store_id])
        for ranking_id, each in enumerate(with_pictures(export).rounds)
        for pair in _pairs(each.labels)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=PICKAPIC_COLUMNS), file)


def _at_size(content: bytes, side_px: int) -> bytes:
    """The picture's file as it is, or brought to size."""
    picture = read_picture(io.BytesIO(content)).convert("RGB")
    if not side_px or picture.size == (side_px, side_px):
        return content
    buffer = io.BytesIO()
    fit_picture(picture, (side_px, side_px)).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _pairs(labels: Sequence[float]) -> list[tuple[int, int]]:
    pairs = combinations(range(len(labels)), 2)
    return [(one, other) for one, other in pairs if labels[one] or labels[other]]


def _pair_row(
    folder: Path, each: Round, pair: tuple[int, int], ranking_id: int, user_id: int
) -> dict[str, Any]:
    uids = [Path(each.images[place]).stem for place in pair]
    labels = [each.labels[place] for place in pair]
    total = sum(labels)
    shares = [label / total for label in labels]
    best = "tie" if shares[0] == shares[1] else uids[shares.index(max(shares))]
    return {
        "are_different": shares[0] != shares[1],
        "best_image_uid": best,
        "caption": each.prompt,
        "created_at": each.made_at.replace(tzinfo=None),
        "has_label": True,
        "image_0_uid": uids[0],
        "image_1_uid": uids[1],
        "jpg_0": _jpeg(folder / each.images[pair[0]]),
        "jpg_1": _jpeg(folder / each.images[pair[1]]),
        "label_0": shares[0],
        "label_1": shares[1],
        "model_0": each.model,
        "model_1": each.model,
        "ranking_id": ranking_id,
        "user_id": user_id,
        "num_example_per_prompt": len(_pairs(each.labels)),
    }


def _jpeg(path: Path) -> bytes:
    buffer = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.data.pickapic")
    parser.add_argument("direction", choices=("read", "write"))
    parser.add_argument(
        "source", type=Path, help="read: Parquet file or folder of them; write: export folder"
    )
    parser.add_argument("target", type=Path, help="read: export folder; write: Parquet file")
    parser.add_argument("--min-rounds", type=int, default=10, help="of a user; the paper's is 10")
    parser.add_argument("--side-px", type=int, default=0, help="bring pictures to this square size")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        if options.direction == "read":
            counts = read_pickapic(
                options.source,
                options.target,
                min_rounds=options.min_rounds,
                side_px=options.side_px,
            )
            for reason, count in counts.items():
                log.info("%d rounds %s", count, f"left out, {reason}" if reason else "written")
        else:
            export = read_rounds(options.source)
            write_pickapic(export, options.target)
            log.info(export.report())
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
