"""Figures of an evaluation's parts, kept until what they were measured on changes.

So a long evaluation can be run part by part, and figures of other weights never stand beside
those of the present ones.
"""

import hashlib
import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from training.results import Figure


@dataclass(frozen=True)
class KeptParts:
    """A folder with one file per part.

    Attributes:
        folder: where they lie; made when the first part is kept.
    """

    folder: Path

    def keep(self, part: str, mark: str, figures: Mapping[str, Figure]) -> None:
        """Remember a part's figures.

        Args:
            part: its name.
            mark: of what it was measured on, see `fingerprint`.
            figures: what was measured.
        """
        record = {"mark": mark, "figures": {key: asdict(each) for key, each in figures.items()}}
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f"{part}.part"
        unfinished.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        unfinished.replace(self.folder / f"{part}.json")

    def recall(self, part: str, mark: str) -> dict[str, Figure] | None:
        """A part's figures; None where there are none of the same mark."""
        path = self.folder / f"{part}.json"
        if not path.exists():
            return None
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["mark"] != mark:
            return None
        return {key: Figure(**figure) for key, figure in record["figures"].items()}


def fingerprint(paths: Iterable[Path], facts: Mapping[str, object]) -> str:
    """A short hash of files' contents, folders included, and of settings.

    Args:
        paths: files and folders; one that isn't there counts as empty.
        facts: settings that change what is measured; JSON can hold them.
    """
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in filter(Path.is_file, files):
            digest.update(f"\0{file.relative_to(path.parent).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def whole_command(command: str) -> str:
    """The line without `--only`: parts measured one by one are one measurement."""
    words: list[str] = []
    remaining: Sequence[str] = shlex.split(command)
    while remaining:
        word, *remaining = remaining
        if word == "--only":
            remaining = remaining[1:]
        elif not word.startswith("--only="):
            words.append(word)
    return shlex.join(words)
