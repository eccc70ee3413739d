"""Random sequences of what people do on the Design page: what is shown is what is done and kept."""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.generator import Generator
from studio.services.daring import MIDDLE, notch_of, strength_of
from studio.services.recipe import recipe_in_png
from studio.services.studio import Studio
from studio.ui.collections_tab import CollectionHandlers
from studio.ui.design_handlers import DesignHandlers
from studio.ui.design_screen import DesignScreen
from studio.ui.history_tab import HistoryHandlers
from studio.ui.session import Session
from studio.ui.stores_tab import StoresHandlers
from studio.ui.words import ENGLISH, Words
from tests.serving import wait_until
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook

WORDS = Words(ENGLISH, {})
ACTIONS = 200
PROMPTS = ("dress", "dress, red", "dress, midi, navy", "red, dress, v-neck", "navy, dress")


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def is_new(value: object) -> bool:
    return not (isinstance(value, dict) and value.get("__type__") == "update")


class Page:
    """A page without its looks: handlers in, component values out, as Gradio would keep them."""

    def __init__(self, studio: Studio, data: Path) -> None:
        self.studio = studio
        self.on = DesignHandlers(studio, WORDS)
        self.stores = StoresHandlers(studio, WORDS)
        self.history = HistoryHandlers(studio, WORDS)
        self.book = CollectionHandlers(studio, WORDS)
        self.data = data
        self.session = Session()
        self.phrases: dict[str, Any] = {"prompt": ""}
        self.fields: list[Any] = [1.0, "", MIDDLE, 1.0, True]
        self.card: dict[str, Any] = DesignScreen(studio, WORDS).card(Session())
        self.board: dict[str, Any] = {"group_id": None}
        self.seeds: set[int] = set()

    def stands(self) -> tuple[Any, ...]:
        return self.phrases, *self.fields

    # --- What people do -----------------------------------------------------------------------

    def type(self, lot: random.Random) -> None:
        self.phrases = {"prompt": lot.choice(PROMPTS)}

    def set_options(self, lot: random.Random) -> None:
        self.fields[0] = float(lot.choice((1, 1, 2)))
        self.fields[1] = lot.choice(("", "", str(lot.randrange(2**31))))
        self.fields[2] = lot.choice((MIDDLE, 3.0))

    def generate(self, lot: random.Random) -> None:
        if not self.phrases["prompt"]:
            self.type(lot)
        told = self.plan()
        typed, pinned = self.fields[1], self.session.seed
        self.watch(*self.on.generate(self.session, self.phrases, *self.fields))
        assert self.session.job_id is not None
        request = self.studio.status(self.session.job_id).job.request
        assert request.parent_id == told["parent_id"]
        assert request.generation.prompt == self.phrases["prompt"]
        assert request.store_id == self.store_id()
        assert request.generation.num_candidates == self.fields[0]
        assert request.generation.strength == strength_of(self.fields[2])
        pins = dict(told["chips"])
        assert ("seed" in pins) == bool(typed or pinned is not None)
        if "seed" in pins:
            assert pins["seed"] == f"seed {request.generation.seed}"
        else:
            assert request.generation.seed not in self.seeds
        assert ("start" in pins) == bool(request.start_images)
        assert [pin for pin, _ in self.plan()["chips"]] == [
            pin for pin in pins if pin == "daring" or (pin == "seed" and typed)
        ]
        self.finish()

    def more(self, lot: random.Random) -> None:
        if tiles := self.tiles():
            asked = event(group_id=self.board["group_id"], candidate_ids=[lot.choice(tiles)])
            session, board, timer, self.card = self.on.more(self.session, self.fields[0], asked)
            self.watch(session, board, timer)
            self.finish()

    def redraw(self, lot: random.Random) -> None:
        if tiles := self.tiles():
            asked = event(
                group_id=self.board["group_id"], candidate_id=lot.choice(tiles), parts=["fabric"]
            )
            self.watch(*self.on.redraw(self.session, self.fields[0], asked))
            self.finish()

    def cancel(self, lot: random.Random) -> None:
        if not self.phrases["prompt"]:
            return
        before = self.board["group_id"]
        self.watch(*self.on.generate(self.session, self.phrases, *self.fields))
        self.watch(*self.on.cancel(self.session))
        self.finish()
        if self.board.get("told"):  # it may have been done already
            assert self.board["group_id"] == before

    def refine(self, lot: random.Random) -> None:
        if self.tiles():
            asked = event(group_id=self.board["group_id"])
            self.phrases, self.session = self.on.refine(self.session, asked, *self.stands())
            assert self.plan()["parent_id"] == self.board["group_id"]

    def start_afresh(self, lot: random.Random) -> None:
        before = self.looks()
        self.phrases, self.session = self.on.start_afresh(self.session, *self.stands())
        assert self.plan()["parent_id"] is None
        assert self.phrases["phrases"] == []
        if self.plan()["is_replaced"] and lot.random() < 0.5:
            self.put_back_once()
            assert self.looks() == before

    def put_back(self, lot: random.Random) -> None:
        if self.plan()["is_replaced"]:
            was = self.looks()
            self.put_back_once()
            if lot.random() < 0.3:
                self.put_back_once()
                assert self.looks() == was

    def put_back_once(self) -> None:
        values = self.on.put_back(self.session, *self.stands())
        self.session, self.board, _, self.card, self.phrases, *self.fields = values

    def looks(self) -> tuple[Any, ...]:
        plan = self.plan()
        shown = self.board["group_id"], self.store_id(), plan["parent_id"], plan["chips"]
        return self.phrases["prompt"], *self.fields, *shown

    def choose_store(self, lot: random.Random) -> None:
        ids = [None, *(store.id for store in self.studio.stores.all()[:3])]
        chosen = event(store_id=lot.choice(ids))
        self.session, self.card, self.board = self.on.choose_store(self.session, chosen)

    def open(self, lot: random.Random) -> None:
        rounds = self.studio.history.find()
        if not rounds:
            return
        group = lot.choice(rounds)
        asked = event(group_id=group.id)
        values = self.on.open(self.session, asked, *self.stands())
        self.session, self.board, _, self.card, self.phrases, *self.fields = values
        assert self.board["group_id"] == self.plan()["parent_id"] == group.id
        assert self.phrases["prompt"] == group.request.generation.prompt
        assert self.store_id() == group.request.store_id
        assert self.fields[0] == len(group.candidates)
        assert self.fields[1:3] == ["", notch_of(group.request.generation.strength)]

    def save(self, lot: random.Random) -> None:
        if tiles := self.tiles():
            ids = [each for each in tiles if lot.random() < 0.5]
            asked = event(group_id=self.board["group_id"], candidate_ids=ids)
            self.session, self.board, self.card = self.on.save(self.session, asked)
            assert self.board["ticked"] == sorted(ids)
            assert self.board["can_undo"]

    def unsave(self, lot: random.Random) -> None:
        kept = self.session.kept
        self.session, self.board, self.card = self.on.unsave(self.session)
        if kept is not None:
            assert self.studio.group(kept.group_id).selected_ids == kept.before

    def restore(self, lot: random.Random) -> None:
        if tiles := self.tiles():
            _, png = self.studio.designs.png(lot.choice(tiles))
            asked = event(recipe=recipe_in_png(png))
            values = self.on.restore(self.session, asked, *self.stands())
            self.phrases, self.card, self.session, *self.fields = values
            assert "seed" in dict(self.plan()["chips"])

    def unpin(self, lot: random.Random) -> None:
        if pins := dict(self.plan()["chips"]):
            pin = lot.choice(sorted(pins))
            self.session, _card, *changed = self.on.unpin(
                self.session, event(pin=pin), *self.stands()
            )
            for place, value in zip((1, 2, 3, 4), changed, strict=True):
                if is_new(value):
                    self.fields[place] = value
            assert pin not in dict(self.plan()["chips"])

    def delete(self, lot: random.Random) -> None:
        rounds = [each for each in self.studio.history.find() if each.id != self.board["group_id"]]
        if rounds:
            self.history.delete(event(group_id=lot.choice(rounds).id))
            self.card = self.on.show_store(self.session)

    def undelete(self, lot: random.Random) -> None:
        wanted = event(search="", favourites=False, deleted=True)
        if rounds := self.history.find(wanted)["rounds"]:
            self.history.undelete(event(group_id=lot.choice(rounds)["id"]))
            self.card = self.on.show_store(self.session)

    def collect(self, lot: random.Random) -> None:
        if tiles := self.tiles():
            some = [{"collection_id": each["id"]} for each in self.book.refresh()["collections"]]
            target = lot.choice([*some, {"collection_id": None, "name": "Autumn"}][:4])
            told = self.book.collect(event(candidate_ids=[lot.choice(tiles)], **target))
            if told["undo"] and lot.random() < 0.5:
                assert not self.book.take_back(event(**told["undo"]))["undo"]

    def delete_collection(self, lot: random.Random) -> None:
        kept, gone = self.book.refresh()["collections"], self.book.refresh()["gone"]
        if kept and lot.random() < 0.5:
            self.book.delete(event(collection_id=lot.choice(kept)["id"]))
        elif gone:
            self.book.undelete(event(collection_id=lot.choice(gone)["id"]))

    def change_store(self, lot: random.Random) -> None:
        store = lot.choice(self.stores.show()["stores"])
        rules: dict[str, Any] = {"only": {}, "never": {}}
        name = f"{store['name'][:20]}."
        asked = event(store_id=store["id"], name=name, answers={}, house_rules=rules)
        done = self.stores.save(asked)
        assert done["undo"]["event"] == "save"
        again = self.stores.save(event(**done["undo"]["data"]))
        assert store in again["stores"]

    def reload(self, lot: random.Random) -> None:
        values = self.on.load(Session())
        self.phrases, self.card, session, board, _, *fields = values
        if is_new(session):
            self.session, self.board = session, board
        self.fields = [
            new if is_new(new) else old
            for new, old in zip(fields, (2.0, "", MIDDLE, 1.0, True), strict=True)
        ]

    # --- What is seen -------------------------------------------------------------------------

    def plan(self) -> dict[str, Any]:
        return self.on.tell_plan(self.session, *self.fields)

    def tiles(self) -> list[int]:
        return [tile["id"] for tile in self.board.get("tiles", []) if tile["id"] is not None]

    def store_id(self) -> int | None:
        return None if self.card["current"] is None else self.card["current"]["id"]

    def watch(self, session: Session, board: dict[str, Any], _timer: object) -> None:
        self.session, self.board = session, board

    def finish(self) -> None:
        job_id = self.session.job_id
        if job_id is not None:
            wait_until(lambda: self.studio.status(job_id).job.state.is_final, limit_s=120)
            self.watch(*self.on.tick(self.session))

    def check(self) -> None:
        """What is shown is what the database holds."""
        with sqlite3.connect(self.data / "studio.db") as connection:
            rounds = dict(connection.execute("SELECT id, parent_id FROM groups"))
            seeds = connection.execute(
                "SELECT json_extract(request, '$.generation.seed') FROM jobs"
            )
            self.seeds = {seed for (seed,) in seeds}
            taught = dict(
                connection.execute(
                    "SELECT store_id, count(*) FROM groups JOIN selections ON group_id = groups.id "
                    "WHERE deleted_at IS NULL AND store_id IS NOT NULL GROUP BY store_id"
                )
            )
            ticked = connection.execute(
                "SELECT candidate_id FROM ticks WHERE group_id = ? ORDER BY candidate_id",
                (self.board["group_id"],),
            ).fetchall()
        shown = self.plan()["parent_id"]
        assert shown in (None, self.board["group_id"]), (
            "It goes on from another round than is seen."
        )
        assert self.session.store_id == self.store_id()
        if self.board["group_id"] is not None:
            line: list[int] = []
            each = self.board["group_id"]
            while each is not None and len(line) < len(self.board["lineage"]):
                line.insert(0, each)
                each = rounds[each]
            assert [round_["id"] for round_ in self.board["lineage"]] == line
            assert self.board["ticked"] == [candidate for (candidate,) in ticked]
        listed = {store["id"]: store["summary"] for store in self.stores.show()["stores"]}
        for store in self.studio.stores.all():
            assert store.taught == taught.get(store.id, 0)
            said = "1 round taught" if store.taught == 1 else f"{store.taught} rounds taught"
            assert listed[store.id].endswith(said)
            if store.id == self.store_id():
                assert self.card["current"]["summary"] == said


DOINGS = (
    [Page.type, Page.set_options, Page.more, Page.redraw, Page.cancel, Page.start_afresh]
    + [Page.choose_store, Page.delete, Page.undelete, Page.reload, Page.put_back, Page.unsave]
    + [Page.collect, Page.delete_collection, Page.change_store]
    + 2 * [Page.generate, Page.refine, Page.open, Page.save, Page.restore, Page.unpin]
)


@pytest.fixture
def page(tmp_path: Path, pipeline: CheckpointPipeline) -> Iterator[Page]:
    quick = replace(TINY_DEFAULTS, num_inference_steps=1, preview_every=0, candidates_per_pass=1)
    studio = Studio.open(tmp_path, Generator(pipeline, quick, tiny_phrasebook()), "tiny")
    studio.start()
    yield Page(studio, tmp_path)
    studio.stop()


def test_two_hundred_actions_keep_what_is_shown_and_what_is_kept_together(page):
    lot = random.Random(7)
    done: list[str] = []
    for _ in range(ACTIONS):
        action = lot.choice(DOINGS)
        done.append(action.__name__)
        try:
            action(page, lot)
            page.check()
        except Exception as error:
            error.add_note(f"after {', '.join(done[-12:])}")
            raise
    assert {each.__name__ for each in DOINGS} <= {*done}
