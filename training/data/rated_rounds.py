"""Ratings made into rounds: groups of five images that a rater saw, the better-liked ones ticked.

A rater's images are dealt by lot into groups of five; of each group those are ticked that the
rater gave more than the group's own mean, so generous and strict raters count alike. Groups whose
five ratings are equal compare nothing, and are left out. A rater's groups go 8:1:1 into training,
validation and test; some raters are kept for the end, and training never sees them.
"""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from studio.domain import ProfileError
from studio.perfusion.pictures import PictureError, read_picture
from studio.perfusion.profile import Profile, user_id_schema
from studio.perfusion.whole_folders import write_text
from training.data.groups import Round, Rounds, Split, read_rounds, save_bytes, write_rounds
from training.data.own_fields import SCHEMA_FILE, propose
from training.data.ratings import REPEATED, Ratings, RatingsError
from training.evaluation.progress import with_time_left

GROUP = 5
"""Images of a round."""
MISSING = "with a missing image"
AMBIGUOUS = "with an image name that fits several files"
FEW = "of users with fewer than five usable images"
LEFT_OVER = "left over from groups of five"
EQUAL = "in groups without a difference"
_ENDINGS = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".webp": "webp"}
_TURNS = 10
"""Of a rater's groups: the second and the fourth of ten are held out."""
_FEWEST_KNOWN = 2


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """How ratings become rounds.

    Attributes:
        prompt: what raters are taken to have been asked for.
        new_users: share of the raters that training never sees; two are always left to it.
        seed: of who is new, and of what is shown together.
    """

    prompt: str = "a photo"
    new_users: float = 0.1
    seed: int = 0


def bring_pictures(ratings: Ratings, images: Path, folder: Path) -> Ratings:
    """Copy the rated images into an export; ratings of others are left out.

    Args:
        ratings: with images as their table names them.
        images: folder of the images, searched with its subfolders.
        folder: the export's.

    Returns:
        The ratings that are left, with images as the export names them.

    Raises:
        RatingsError: none is left.
    """
    files = _files_by_name(images)
    rated_images = list(dict.fromkeys(image for own in ratings.by_rater.values() for image in own))
    brought = {
        image: _brought(files.get(_key(image), []), folder)
        for image in with_time_left(rated_images, len(rated_images), "rated images")
    }
    left_out = Counter(ratings.left_out)
    by_rater: dict[str, dict[str, float]] = {}
    for rater, rated in ratings.by_rater.items():
        kept: dict[str, float] = {}
        for image, rating in rated.items():
            name, reason = brought[image]
            if name in kept:
                reason = REPEATED
            if reason:
                left_out[reason] += 1
            else:
                kept[name] = rating
        if kept:
            by_rater[rater] = kept
    found = replace(ratings, by_rater=by_rater, left_out=dict(left_out))
    if not by_rater:
        raise RatingsError(
            f"None of the rated images can be used: {found.report()}. {images} has to hold them, "
            "as PNG, JPEG or WebP, under the names that the table has."
        )
    return found


def write_rated_rounds(
    ratings: Ratings, grouping: Grouping, folder: Path
) -> tuple[Rounds, Ratings]:
    """Write an export of rounds; its images are there already, see `bring_pictures`.

    Returns:
        The rounds, and the ratings with what was left out by now.

    Raises:
        RatingsError: they make too few rounds, or are all by one rater.
        ProfileError: a field of the raters can't be used.
    """
    left_out = Counter(ratings.left_out)
    rng = np.random.default_rng(grouping.seed)
    if len(ratings.by_rater) < _FEWEST_KNOWN:
        raise RatingsError(
            f"All ratings are by one rater, “{next(iter(ratings.by_rater))}”. Whether a model is "
            "personal shows only where raters differ: bring the ratings of two or more."
        )
    names = sorted(ratings.by_rater)
    order = [names[place] for place in rng.permutation(len(names))]
    groups = {rater: _groups(ratings.by_rater[rater], rng, left_out) for rater in order}
    answered = [rater for rater, own in groups.items() if own]
    new = min(round(grouping.new_users * len(answered)), len(answered) - _FEWEST_KNOWN)
    profiles = {rater: _profile(rater, ratings) for rater in answered}
    rounds = [
        Round(
            id=f"rater-{place}-{number}",
            profile=profiles[rater],
            prompt=grouping.prompt,
            images=tuple(group),
            labels=_labels(list(group.values())),
            split="new-stores" if place < new else _part(place, number),
        )
        for place, rater in enumerate(answered)
        for number, group in enumerate(groups[rater])
    ]
    counted = replace(ratings, left_out=dict(+left_out))
    _check_enough(rounds, counted)
    write_rounds(folder, rounds)
    schema = propose(list(profiles.values()), user_id_schema())
    write_text(folder / SCHEMA_FILE, schema.to_json() + "\n")
    return read_rounds(folder), counted


def _files_by_name(images: Path) -> dict[str, list[Path]]:
    """Name -> the files that it may mean: by path, by file name, and both without ending.

    A path that is told in full means that file alone.
    """
    if not images.is_dir():
        raise RatingsError(f"There is no folder {images}. Name the one that holds the images.")
    whole: dict[str, list[Path]] = {}
    loose: dict[str, list[Path]] = {}
    for path in sorted(images.rglob("*")):
        if path.suffix.lower() in _ENDINGS and path.is_file():
            inside = path.relative_to(images)
            whole[_key(inside.as_posix())] = [path]
            for name in {path.name, path.stem, inside.with_suffix("").as_posix()}:
                loose.setdefault(_key(name), []).append(path)
    return loose | whole


def _key(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").casefold()


def _brought(files: Sequence[Path], folder: Path) -> tuple[str, str]:
    """The image's name in the export and "", or "" and why it can't be used."""
    if len(files) != 1:
        return "", AMBIGUOUS if files else MISSING
    try:
        content = files[0].read_bytes()
        read_picture(io.BytesIO(content))
    except PictureError as error:
        return "", str(error)
    except OSError:
        return "", MISSING
    return save_bytes(folder, content, _ENDINGS[files[0].suffix.lower()]), ""


def _groups(
    rated: Mapping[str, float], rng: np.random.Generator, left_out: Counter[str]
) -> list[dict[str, float]]:
    """A rater's images by lot in groups of five that compare something; the rest is counted."""
    if len(rated) < GROUP:
        left_out[FEW] += len(rated)
        return []
    names = sorted(rated)
    dealt = [names[place] for place in rng.permutation(len(names))]
    whole = len(dealt) - len(dealt) % GROUP
    left_out[LEFT_OVER] += len(dealt) - whole
    groups = [
        {name: rated[name] for name in dealt[start : start + GROUP]}
        for start in range(0, whole, GROUP)
    ]
    telling = [each for each in groups if len(set(each.values())) > 1]
    left_out[EQUAL] += GROUP * (len(groups) - len(telling))
    return telling


def _labels(ratings: Sequence[float]) -> tuple[float, ...]:
    """1 for what got more than the mean of the group."""
    mean = sum(ratings) / len(ratings)
    return tuple(float(rating > mean) for rating in ratings)


def _part(rater: int, group: int) -> Split:
    """Raters with few groups have either a test round first, or one for validation."""
    turn = group % _TURNS
    if turn not in (1, 3):
        return "train"
    return "test" if (turn == 1) == (rater % 2 == 0) else "validation"


def _profile(rater: str, ratings: Ratings) -> Profile:
    try:
        return Profile.of(store_id=rater, **ratings.fields.get(rater, {}))
    except ProfileError as error:
        raise ProfileError(f"What the table tells of “{rater}” can't be used. {error}") from error


def _check_enough(rounds: Sequence[Round], ratings: Ratings) -> None:
    parts = {each.split for each in rounds}
    known = {each.store_id for each in rounds if each.split == "train"}
    if len(known) < _FEWEST_KNOWN or not {"train", "validation", "test"} <= parts:
        raise RatingsError(
            f"{len(rounds)} groups of five can be made, too few to learn from and to judge by: "
            f"{ratings.report()}. Bring at least four raters with ten or more usable images each."
        )
