"""The poll desk: ask before listing. Votes are never counted as orders."""

import base64
import hashlib
import html
import secrets
from collections.abc import Sequence
from typing import IO

from studio.selling.errors import OrderError, OrdersFileError, PollError
from studio.selling.keeper import Keeper
from studio.selling.order_desk import Tally
from studio.selling.order_files import digest_of
from studio.selling.storage.orders import Batch
from studio.selling.storage.polls import Poll, PollStore
from studio.selling.tables import name_in, pieces_in, read_table
from studio.services.designs import DesignFiles
from studio.storage.database import Database

MOST_DESIGNS = 24
VOTE_COLUMNS = ("poll", "design", "voter")
"""The columns of a file of votes; the design is its number on the poll's page."""


class PollDesk:
    """Makes polls, counts votes, and learns what they were worth.

    Args:
        database: a visitor's view of it.
        keeper: knows listings and the time.
        designs: their pictures.
    """

    def __init__(self, database: Database, keeper: Keeper, designs: DesignFiles) -> None:
        self._database = database
        self._keeper = keeper
        self._designs = designs
        self._polls = PollStore(database)

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
        pictures = [self._designs.png(each)[1] for each in ids]
        key = secrets.token_hex(6)
        self._polls.add(key, title, ids, self._keeper.now())
        return key, poll_page(key, title, list(zip(ids, pictures, strict=True)))

    def vote(self, key: str, candidate_id: int, voter: str) -> bool:
        """Count a vote; the same voter's for the same design counts once.

        Raises:
            PollError: the poll does not ask about this design, or nobody votes.
        """
        poll_id, _, designs = self._polls.get(key)
        if candidate_id not in designs:
            raise PollError("That poll does not ask about this design.")
        if not voter.strip():
            raise PollError("Say who votes, by any word that is the same next time.")
        mark = hashlib.sha256(f"{key} {voter.strip()}".encode()).hexdigest()[:24]
        return self._polls.vote(poll_id, candidate_id, mark)

    def import_votes(self, file: IO[bytes]) -> Batch:
        """Take a file of votes, each row that can be used.

        Raises:
            OrdersFileError: it is no such table.
        """
        digest = digest_of(file)
        columns, rows = read_table(file)
        if not set(VOTE_COLUMNS) <= set(columns):
            raise OrdersFileError(f"A table of votes has the columns {', '.join(VOTE_COLUMNS)}.")
        tally = Tally()
        with self._database.transaction():
            for number, row in rows:
                try:
                    if isinstance(row, str):
                        raise OrderError(row)
                    design = pieces_in(row, "design")
                    is_new = self.vote(name_in(row, "poll"), design, name_in(row, "voter"))
                except (OrderError, PollError) as error:
                    tally.refuse(number, str(error))
                    continue
                tally.taken += is_new
                tally.unchanged += not is_new
            batch = tally.batch("votes", "poll", digest, tally.rows, self._keeper.now())
            self._keeper.orders.add_batch(batch, None)
        return batch

    def all(self) -> tuple[Poll, ...]:
        """Every poll with its votes, the newest first."""
        return self._polls.all()


def poll_page(key: str, title: str, designs: Sequence[tuple[int, bytes]]) -> bytes:
    """A page of one file: pictures to choose from, and an answer to send back as text."""
    tiles = "".join(
        f'<label><input type="checkbox" value="{number}"><img alt="Design {number}" '
        f'src="data:image/png;base64,{base64.b64encode(picture).decode()}"></label>'
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
