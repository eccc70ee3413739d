"""Pick-a-Pic's own columns <-> our export of rounds.

`python -m training.data.pickapic read FILES FOLDER` makes an export of it,
`python -m training.data.pickapic write FOLDER FILE.parquet` the reverse.
The columns are those of `yuvalkirstain/pickapic_v1` and `_v2`. A row is a pair of JPEG images;
`label_0` and `label_1` are 1 and 0, 0 and 1, or 0.5 and 0.5 for a tie. The files are read a few
rows at a time, so they may be larger than the memory.
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
from studio.perfusion.pictures import fit_picture
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

PICKAPIC_COLUMNS = pa.schema(
    [
        ("are_different", pa.bool_()),
        ("best_image_uid", pa.string()),
        ("caption", pa.string()),
        ("created_at", pa.timestamp("ns")),
        ("has_label", pa.bool_()),
        ("image_0_uid", pa.string()),
        ("image_0_url", pa.string()),
        ("image_1_uid", pa.string()),
        ("image_1_url", pa.string()),
        ("jpg_0", pa.binary()),
        ("jpg_1", pa.binary()),
        ("label_0", pa.float64()),
        ("label_1", pa.float64()),
        ("model_0", pa.string()),
        ("model_1", pa.string()),
        ("ranking_id", pa.int64()),
        ("user_id", pa.int64()),
        ("num_example_per_prompt", pa.int64()),
    ]
)
_NEEDED = ("caption", "created_at", "has_label", "jpg_0", "jpg_1", "label_0", "label_1", "user_id")
_JPEG_QUALITY = 95
_ROWS_AT_ONCE = 64


def read_pickapic(
    source: Path, folder: Path, *, min_rounds: int = 1, side_px: int = 0
) -> Mapping[str, int]:
    """Turn Parquet files of Pick-a-Pic into an export; the user's number is the only field.

    Rows without a label become rounds with no tick, ties rounds of two halves. Pictures that cannot
    be decoded are left out with their row, and counted. Which part of the data a round belongs to
    is left to its id, 8:1:1 (see `groups.split_of`).

    Args:
        source: a file, or a folder of files as the hub has them.
        folder: the export's.
        min_rounds: users with fewer labelled rows are left out, as too little is known of them;
            the paper takes 10.
        side_px: pictures are brought to this square size, as a generator needs; 0 keeps them.

    Returns:
        How many rounds were written, under "", and how many rows were left out, by reason.

    Raises:
        RoundsError: there is no such file, or it is from somewhere else.
    """
    files = _files(source)
    heard = _users(files) if min_rounds > 1 else Counter[int]()
    counts = Counter[str]()

    def rounds() -> Iterator[Round]:
        for number, row in enumerate(row for file in files for row in _rows(file)):
            if min_rounds > 1 and heard[row["user_id"]] < min_rounds:
                counts[f"of users with fewer than {min_rounds} rounds"] += 1
            elif (read := _read_row(number, row, folder, side_px)) is None:
                counts["with a damaged image"] += 1
            else:
                counts[""] += 1
                yield read

    write_rounds(folder, rounds())
    return dict(counts)


def _files(source: Path) -> list[Path]:
    files = sorted(source.rglob("*.parquet")) if source.is_dir() else [source]
    if not files or not all(file.is_file() for file in files):
        raise RoundsError(f"There are no Parquet files at {source}. Check the path.")
    return files


def _users(files: Sequence[Path]) -> Counter[int]:
    """How many labelled rows each user has; only two columns are read."""
    heard = Counter[int]()
    for file in files:
        for batch in _open(file).iter_batches(columns=["user_id", "has_label"]):
            rows = batch.to_pylist()
            heard.update(row["user_id"] for row in rows if row["has_label"])
    return heard


def _read_row(number: int, row: Mapping[str, Any], folder: Path, side_px: int) -> Round | None:
    pictures = [_picture(row[name], side_px) for name in ("jpg_0", "jpg_1")]
    if not all(pictures):
        return None
    return Round(
        id=f"pickapic-{number}",
        profile=Profile.of(store_id=str(row["user_id"])),
        prompt=row["caption"],
        images=tuple(save_bytes(folder, content, "jpg") for content in pictures if content),
        labels=(row["label_0"], row["label_1"]) if row["has_label"] else (0.0, 0.0),
        made_at=row["created_at"],
        model=row.get("model_0") or "",
    )


def write_pickapic(export: Rounds, file: Path) -> None:
    """Write rounds as pairs with Pick-a-Pic's columns.

    A round of two is one row. A larger one gives a row for each pair of which at least one
    image was ticked; two ticked images are a tie. Stores are numbered in the order of their
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


def _open(file: Path) -> pq.ParquetFile:
    try:
        parquet = pq.ParquetFile(file)
    except (OSError, pa.ArrowException) as error:
        raise RoundsError(f"{file} can't be read as Parquet. Download it again.") from error
    missing = set(_NEEDED) - set(parquet.schema_arrow.names)
    if missing:
        raise RoundsError(f"{file} is not from Pick-a-Pic: it lacks {sorted(missing)}.")
    return parquet


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    parquet = _open(file)
    names = [name for name in PICKAPIC_COLUMNS.names if name in parquet.schema_arrow.names]
    for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names):
        yield from batch.to_pylist()


def _picture(content: bytes | None, side_px: int) -> bytes | None:
    """The JPEG file as it is, or brought to size; None if it can't be decoded."""
    try:
        picture = Image.open(io.BytesIO(content or b"")).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if not side_px or picture.size == (side_px, side_px):
        return content
    buffer = io.BytesIO()
    fit_picture(picture, (side_px, side_px)).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _pairs(labels: Sequence[float]) -> list[tuple[int, int]]:
    pairs = list(combinations(range(len(labels)), 2))
    if len(pairs) == 1:
        return pairs
    return [(one, other) for one, other in pairs if labels[one] or labels[other]]


def _pair_row(
    folder: Path, each: Round, pair: tuple[int, int], ranking_id: int, user_id: int
) -> dict[str, Any]:
    uids = [Path(each.images[place]).stem for place in pair]
    labels = [each.labels[place] for place in pair]
    total = sum(labels)
    shares = [label / total if total else 0.0 for label in labels]
    best = "tie" if shares[0] == shares[1] else uids[shares.index(max(shares))]
    return {
        "are_different": shares[0] != shares[1],
        "best_image_uid": best if total else None,
        "caption": each.prompt,
        "created_at": each.made_at.replace(tzinfo=None),
        "has_label": total > 0,
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
