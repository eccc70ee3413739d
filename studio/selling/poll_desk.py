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
from studio.services.tech_packs import language_of
from studio.storage.database import Database
from studio.techpack.said import Language, Said

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

    def begin(
        self, title: str, candidate_ids: Sequence[int], language: str = "en"
    ) -> tuple[str, bytes]:
        """Make a poll of designs: a page of one file that can be sent to anybody.

        Args:
            title: the question.
            candidate_ids: what it is about; what comes twice counts once.
            language: of the page: "en", "zh" or "both".

        Returns:
            The poll's key, and the page.

        Raises:
            PollError: there are fewer than two designs, or too many, or no title.
            StudioError: a design's picture is missing, or pages don't speak that language.
        """
        chosen = language_of(language)
        title = " ".join(title.split())
        ids = list(dict.fromkeys(candidate_ids))
        if not 1 <= len(title) <= 100 or not 2 <= len(ids) <= MOST_DESIGNS:
            raise PollError(f"A poll has a title and 2 to {MOST_DESIGNS} designs.")
        pictures = [_picture(self._designs.png(each)[1]) for each in ids]
        key = secrets.token_hex(6)
        self._polls.add(key, title, ids, self._keeper.now())
        return key, poll_page(key, title, list(zip(ids, pictures, strict=True)), chosen)


def _picture(content: bytes) -> bytes:
    """A picture for strangers: it says that a machine made it, and nothing of how or for whom."""
    with Image.open(BytesIO(content)) as image:
        image.load()
        image.thumbnail((PICTURE_HEIGHT_PX, PICTURE_HEIGHT_PX))
        return marked(image, "jpg")


def poll_page(
    key: str, title: str, designs: Sequence[tuple[int, bytes]], language: Language
) -> bytes:
    """A page of one file: pictures to choose from, and an answer to send back as text."""
    tiles = "".join(
        f'<label><input type="checkbox" value="{candidate_id}">'
        f'<img alt="{_DESIGN.filled(number=number).told(language)}" '
        f'src="data:image/jpeg;base64,{base64.b64encode(picture).decode()}"></label>'
        for number, (candidate_id, picture) in enumerate(designs, 1)
    )
    said = {name: text.filled(key=key).told(language) for name, text in _SAID.items()}
    lang = "zh" if language == "zh" else "en"
    return _PAGE.format(title=html.escape(title), key=key, tiles=tiles, lang=lang, **said).encode()


_DESIGN = Said("Design {number}", "设计 {number}")
_SAID = {
    "lead": Said(
        "Tick what you like, as many as you want. Then send the lines below to whoever asked you.",
        "勾选你喜欢的，数量不限；然后把下面几行发给提问的人。",
    ),
    "answer": Said("Your answer", "你的回答"),
    "copy": Said("Copy the answer", "复制回答"),
    "copied": Said("Copied", "已复制"),
    "small": Said(
        "Pictures made by AI. A tick is an opinion and no order. Poll {key}.",
        "图片由 AI 生成。勾选只是意见，不是订单。投票编号 {key}。",
    ),
}
_PAGE = """<!doctype html>
<html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
body {{ margin: 0 auto; max-width: 1100px; padding: 40px 20px; background: #f7f4ed;
  color: #1d1a17; font: 17px/1.5 "Hanken Grotesk", system-ui, sans-serif; }}
h1 {{ font: 400 34px/1.2 Caladea, Cambria, Georgia, serif; margin: 0 0 8px;
  overflow-wrap: anywhere; }}
p {{ margin: 0 0 24px; white-space: pre-line; }}
main {{ display: grid; gap: 16px; margin: 0 0 24px;
  grid-template-columns: repeat(auto-fill, minmax(min(220px, 44%), 1fr)); }}
label {{ position: relative; border: 1px solid #e0dacd; border-radius: 10px; padding: 8px;
  background: #fff; cursor: pointer; }}
label:has(:checked) {{ border-color: #8c2a38; box-shadow: 0 0 0 1px #8c2a38; }}
label:has(:focus-visible) {{ outline: 2px solid #8c2a38; outline-offset: 2px; }}
input {{ position: absolute; top: 14px; left: 14px; width: 22px; height: 22px; margin: 0;
  accent-color: #8c2a38; }}
img {{ display: block; width: 100%; border-radius: 6px; }}
textarea {{ box-sizing: border-box; width: 100%; padding: 10px 12px; border: 1px solid #e0dacd;
  border-radius: 10px; background: #fff; color: inherit; font: 14px/1.5 monospace; }}
button {{ margin: 8px 0 0; padding: 10px 18px; border: 0; border-radius: 10px;
  background: #8c2a38; color: #fff; font: inherit; cursor: pointer; }}
small {{ color: #6b655c; }}
</style>
<h1>{title}</h1>
<p>{lead}</p>
<main>{tiles}</main>
<p><textarea rows="4" readonly aria-label="{answer}"></textarea>
<button type="button">{copy}</button></p>
<p><small>{small}</small></p>
<script>
const boxes = [...document.querySelectorAll("input")];
const answer = document.querySelector("textarea");
const button = document.querySelector("button");
const voter = Math.random().toString(36).slice(2);
const told = () => {{
  answer.value = ["poll,design,voter",
    ...boxes.filter((box) => box.checked).map((box) => `{key},${{box.value}},${{voter}}`)]
    .join("\\n");
  button.textContent = "{copy}";
}};
boxes.forEach((box) => box.addEventListener("change", told));
button.addEventListener("click", () => {{
  answer.select();
  if (document.execCommand("copy")) button.textContent = "{copied}";
}});
told();
</script>
</html>
"""
