"""Pick-a-Pic's own columns <-> our export of rounds.

`python -m training.data.pickapic read FILE.parquet FOLDER` makes an export of it,
`python -m training.data.pickapic write FOLDER FILE.parquet` the reverse.
The columns are those of `yuvalkirstain/pickapic_v1` and `_v2`. A row is a pair of JPEG images;
`label_0` and `label_1` are 1 and 0, 0 and 1, or 0.5 and 0.5 for a tie.
"""

import argparse
import io
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from studio.perfusion.profile import Profile
from training.data.groups import Round, Rounds, read_rounds, save_image, write_rounds

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


def read_pickapic(file: Path, folder: Path) -> Rounds:
    """Turn a Parquet file of Pick-a-Pic into an export; the user's number is the only field.

    Rows without a label become rounds with no tick. Pictures that cannot be decoded are left
    out with their row, and counted.
    """
    rounds, skipped = [], Counter[str]()
    for number, row in enumerate(_rows(file)):
        images = [_decode(row["jpg_0"]), _decode(row["jpg_1"])]
        if not all(images):
            skipped["with a damaged image"] += 1
            continue
        labels = (row["label_0"], row["label_1"]) if row["has_label"] else (0.0, 0.0)
        rounds.append(
            Round(
                id=f"pickapic-{number}",
                profile=Profile.of(store_id=str(row["user_id"])),
                prompt=row["caption"],
                images=tuple(save_image(folder, image) for image in images if image),
                labels=labels,
                made_at=row["created_at"],
                model=row.get("model_0") or "",
            )
        )
    write_rounds(folder, rounds)
    return Rounds(folder, tuple(rounds), dict(skipped))


def write_pickapic(export: Rounds, file: Path) -> None:
    """Write rounds as pairs with Pick-a-Pic's columns.

    A round of two is one row. A larger one gives a row for each pair of which at least one
    image was ticked; two ticked images are a tie. Stores are numbered in the order of their
    ids.
    """
    stores = sorted({each.store_id for each in export.rounds})
    numbers = {store: number for number, store in enumerate(stores, 1)}
    rows = [
        _pair_row(export.folder, each, pair, ranking_id, numbers[each.store_id])
        for ranking_id, each in enumerate(export.rounds)
        for pair in _pairs(each.labels)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=PICKAPIC_COLUMNS), file)


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    parquet = pq.ParquetFile(file)
    missing = set(_NEEDED) - set(parquet.schema_arrow.names)
    if missing:
        raise ValueError(f"{file} is not from Pick-a-Pic: it lacks {sorted(missing)}.")
    names = [name for name in PICKAPIC_COLUMNS.names if name in parquet.schema_arrow.names]
    for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names):
        yield from batch.to_pylist()


def _decode(content: bytes | None) -> Image.Image | None:
    try:
        return Image.open(io.BytesIO(content or b"")).convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return None


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m training.data.pickapic")
    parser.add_argument("direction", choices=("read", "write"))
    parser.add_argument("source", type=Path, help="read: Parquet file; write: export folder")
    parser.add_argument("target", type=Path, help="read: export folder; write: Parquet file")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if options.direction == "read":
        log.info(read_pickapic(options.source, options.target).report())
        return
    export = read_rounds(options.source)
    write_pickapic(export, options.target)
    log.info(export.report())


if __name__ == "__main__":
    main()
