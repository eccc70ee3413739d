"""The rating desk: experts rate pictures blind, and nobody sees what others gave."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from studio.perfusion.pictures import fit_picture
from studio.selling.agreement import ASPECTS, SCORES, Line, table
from studio.selling.errors import PanelError
from studio.selling.keeper import Keeper
from studio.selling.storage.ratings import Panel, RatingStore
from studio.services.picture_keeper import PictureKeeper
from studio.services.references import opened_picture
from studio.storage.brought_pictures import BroughtPictureStore
from studio.storage.database import Database
from studio.storage.image_files import ImageFiles

HEIGHT_PX = 1024
LONGEST_NAME = 60
MOST_PICTURES = 500


@dataclass(frozen=True)
class Sheet:
    """What a rater sees: pictures in an order of the rater's own, with the scores given so far.

    Attributes:
        items: (item, SHA-256 of its picture, aspect -> score).
    """

    items: tuple[tuple[int, str, Mapping[str, int]], ...]


class RatingDesk:
    """Makes panels, takes scores, and tells what came of them.

    Args:
        database: a visitor's view of it.
        keeper: knows the time.
        images: where pictures are kept that are brought along.
    """

    def __init__(self, database: Database, keeper: Keeper, images: ImageFiles) -> None:
        self._keeper = keeper
        self._ratings = RatingStore(database)
        self._pictures = PictureKeeper(database, images)
        self._brought = BroughtPictureStore(database)

    def bring(self, content: bytes) -> str:
        """Keep a picture that a person designed, to be rated beside those made with AI.

        It is written anew, as high as most of ours: neither its size nor what its file says is to
        tell a rater where it comes from.

        Returns:
            SHA-256 of its file.

        Raises:
            ReferenceImageError: it is too large, of another kind, or damaged.
            StorageError: it can't be kept.
        """
        image, _ = opened_picture(content)
        width = max(1, round(image.width * HEIGHT_PX / image.height))
        file = BytesIO()
        fit_picture(image, (width, HEIGHT_PX)).save(file, "PNG")
        digests = self._pictures.keep([file.getvalue()])
        self._brought.add(digests)
        return digests[0]

    def panels(self) -> tuple[Panel, ...]:
        """Every panel, the newest first."""
        return self._ratings.panels()

    def begin(self, name: str, ai: Sequence[str], human: Sequence[str]) -> int:
        """Make a panel of pictures made with AI and others, by SHA-256.

        Returns:
            Its id.

        Raises:
            PanelError: there are none of a kind, too many, or one is of both.
        """
        name = _name("panel", name)
        pictures = {**dict.fromkeys(ai, True), **dict.fromkeys(human, False)}
        if not ai or not human or len(pictures) > MOST_PICTURES:
            raise PanelError(
                f"A panel compares pictures of both kinds, {MOST_PICTURES} in all at most."
            )
        if len(pictures) < len(set(ai)) + len(set(human)):
            raise PanelError("A picture is there as made with AI and as made without. Choose.")
        return self._ratings.add(name, pictures, self._keeper.now())

    def sheet(self, panel_id: int, rater: str) -> Sheet:
        """What one rater sees: nothing of kinds, of stores, or of other raters.

        Raises:
            PanelError: there is no such panel, or the rater has no name.
        """
        rater = _name("rater", rater)
        items = self._ratings.items(panel_id)
        own: dict[int, dict[str, int]] = {}
        for aspect, ratings in self._ratings.ratings(panel_id).items():
            for who, item, score in ratings:
                if who == rater:
                    own.setdefault(item, {})[aspect] = score

        def place(item: int) -> str:
            return hashlib.sha256(f"{panel_id} {rater} {item}".encode()).hexdigest()

        shuffled = sorted(items, key=place)
        return Sheet(tuple((each, items[each][0], own.get(each, {})) for each in shuffled))

    def rate(self, panel_id: int, rater: str, item_id: int, scores: Mapping[str, int]) -> None:
        """Keep a rater's scores of a picture.

        Raises:
            PanelError: the picture is not of the panel, or these are no scores.
        """
        rater = _name("rater", rater)
        if item_id not in self._ratings.items(panel_id):
            raise PanelError("That picture does not belong to the panel. Reload the page.")
        for aspect, score in scores.items():
            if aspect not in ASPECTS or score not in SCORES:
                raise PanelError(f"Rate {', '.join(ASPECTS)}, each with 0, 1 or 2.")
        for aspect, score in scores.items():
            self._ratings.put(item_id, rater, aspect, score)

    def result(self, panel_id: int) -> tuple[Line, ...]:
        """Table 6, with how the raters agree; see `agreement.table`.

        Raises:
            PanelError: there is no such panel.
        """
        is_ai = {item: kind for item, (_, kind) in self._ratings.items(panel_id).items()}
        return table(self._ratings.ratings(panel_id), is_ai)


def _name(of: str, text: str) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= LONGEST_NAME or not text.isprintable():
        raise PanelError(f"Give the {of} a name of 1 to {LONGEST_NAME} characters.")
    return text
