"""The poll desk: ask before listing. Votes are never counted as orders."""

import base64
import html
import secrets
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from studio.selling.errors import PollError
from studio.selling.keeper import Keeper
from studio.selling.pictures import marked
from studio.selling.vote_desk import VoteDesk
from studio.services.designs import DesignFiles
from studio.storage.database import Database

MOST_DESIGNS = 24
PICTURE_HEIGHT_PX = 768


class PollDesk(VoteDesk):
    """Makes polls, and takes their votes.

    Args:
        database: a visitor's view of it.
        keeper: knows the time.
        designs: their pictures.
    """

    def __init__(self, database: Database, keeper: Keeper, designs: DesignFiles) -> None:
        super().__init__(database, keeper)
        self._designs = designs

    def begin(self, title: str, candidate_ids: Sequence[int]) -> tuple[str, bytes]:
        """Make a poll of designs: a page of one file that can be sent to anybody.

        Returns:
            The poll's key, and the page.

        Raises:
            PollError: there are fewer than two designs, or too many, or no title.
            StudioError: a design's picture is missing.
        """
        title = " ".join(title.split())
        ids = list(dict.fromkeys(candidate_ids))
        if not 1 <= len(title) <= 100 or not 2 <= len(ids) <= MOST_DESIGNS:
            raise PollError(f"A poll has a title and 2 to {MOST_DESIGNS} designs.")
        pictures = [_picture(self._designs.png(each)[1]) for each in ids]
        key = secrets.token_hex(6)
        self._polls.add(key, title, ids, self._keeper.now())
        return key, poll_page(key, title, list(zip(ids, pictures, strict=True)))


def _picture(content: bytes) -> bytes:
    """A picture for strangers: it says that a machine made it, and nothing of how or for whom."""
    with Image.open(BytesIO(content)) as image:
        image.load()
        image.thumbnail((PICTURE_HEIGHT_PX, PICTURE_HEIGHT_PX))
        return marked(image, "jpg")


def poll_page(key: str, title: str, designs: Sequence[tuple[int, bytes]]) -> bytes:
    """A page of one file: pictures to choose from, and an answer to send back as text."""
    tiles = "".join(
        f'<label><input type="checkbox" value="{number}"><img alt="Design {number}" '
        f'src="data:image/jpeg;base64,{base64.b64encode(picture).decode()}"></label>'
        for number, picture in designs
    )
    return _PAGE.format(title=html.escape(title), key=key, tiles=tiles).encode()


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ margin: 0 auto; max-width: 1100px; padding: 32px 20px; background: #f7f4ed;
  color: #1d1a17; font: 17px/1.5 Georgia, serif; }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 16px; }}
label {{ border: 1px solid #e0dacd; border-radius: 10px; padding: 8px; cursor: pointer; }}
label:has(:checked) {{ border-color: #8c2a38; box-shadow: 0 0 0 1px #8c2a38; }}
img {{ width: 100%; }} textarea {{ width: 100%; font: 14px monospace; }}
small {{ color: #6b655c; }}
</style>
<h1>{title}</h1>
<p>Which of these would you wear? Tick as many as you like, then send the lines below to whoever
asked you.</p>
<main>{tiles}</main>
<p><textarea rows="5" readonly aria-label="Your answer"></textarea></p>
<p><small>Pictures made by AI. A tick is an opinion and no order. Poll {key}.</small></p>
<script>
const boxes = [...document.querySelectorAll("input")];
const voter = Math.random().toString(36).slice(2);
const told = () => {{
  document.querySelector("textarea").value = ["poll,design,voter",
    ...boxes.filter((box) => box.checked).map((box) => `{key},${{box.value}},${{voter}}`)]
    .join("\\n");
}};
boxes.forEach((box) => box.addEventListener("change", told));
told();
</script>
</html>
"""
