import random
import sqlite3
from contextlib import closing

import pytest

from studio.services.backup import write_backup
from studio.services.studio import Studio
from studio.ui.words_english import ENGLISH
from tests.scripted_training import ended_training
from tests.serving import drawn_round, served
from tests.soak.checks import losses, lost_in_backups, strays
from tests.soak.commands import ELSEWHERE
from tests.soak.kill import KillSoak, run
from tests.soak.ledger import Ledger
from tests.soak.lessons import sentence_of_last
from tests.soak.shop import Shopkeeper, lost_in_shop


@pytest.fixture
def killed(generator, tmp_path):
    """A data folder with one answered round, and what was promised about it."""
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    group = drawn_round(studio, "dress, red", 2, seed=1)
    ticks = frozenset({group.candidates[0].id})
    studio.select(group.id, ticks)
    studio.stop()
    ledger = Ledger(
        jobs={1},
        rounds={group.id: frozenset(each.id for each in group.candidates)},
        answers={group.id: ticks},
        sent={group.id: {ticks}},
    )
    (tmp_path / "temporary").mkdir()
    return tmp_path, ledger


def change(folder, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "data" / "studio.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_short_soak_loses_nothing(tmp_path):
    said: list[str] = []

    report = run(KillSoak(cycles=3, seed=1, longest_s=2.0, folder=tmp_path), said.append)

    assert report.cycles == len(said) == 3


def test_the_shopkeeper_lists_and_sells_and_what_he_was_told_is_there(killed, generator):
    folder, ledger = killed
    with served(folder / "data", generator) as address:
        shopkeeper = Shopkeeper(address, ledger, random.Random(0))
        while len(ledger.orders) < 5:
            shopkeeper.act()

    assert list(lost_in_shop(folder / "data", ledger)) == []
    ledger.orders["another"] = 2
    assert len(list(lost_in_shop(folder / "data", ledger))) == 1


def test_a_whole_folder_has_no_losses(killed):
    folder, ledger = killed

    assert losses(folder / "data", ledger) == []
    assert strays(folder / "data", folder / "temporary") == []


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (("DELETE FROM ticks",), "was saved"),
        (("DELETE FROM ticks", "DELETE FROM selections"), "was saved"),
        (("DELETE FROM selections",), "refers to nothing"),
        (("DELETE FROM candidates WHERE position = 2",), "not as it was shown"),
        (("DELETE FROM candidates WHERE position = 2",), "without the images"),
        (("DELETE FROM jobs",), "job 1 is gone"),
        (("UPDATE candidates SET design = ''",), "without its design"),
        (("UPDATE candidates SET design = '{' WHERE position = 1",), "without its design"),
        (("DELETE FROM jobs",), "no job drew"),
        (("UPDATE jobs SET group_id = NULL",), "finished job without"),
        (("UPDATE jobs SET state = 'failed'",), "unfinished job"),
    ],
)
def test_a_planted_loss_is_found(killed, statements, sentence):
    folder, ledger = killed
    change(folder, *statements)

    assert any(sentence in loss for loss in losses(folder / "data", ledger))


def test_ticks_that_were_never_acknowledged_may_be_there_or_not(killed):
    folder, ledger = killed
    (ticks,) = ledger.answers.values()
    ledger.answers[1] = frozenset({99})
    ledger.unanswered[1] = ticks

    assert losses(folder / "data", ledger) == []
    assert ledger.answers == {1: ticks}
    assert ledger.unanswered == {}


def test_files_of_nobody_are_found(killed):
    folder, _ = killed
    images = sorted((folder / "data" / "images").rglob("*.png"))
    (folder / "temporary" / "rounds.zip").write_bytes(b"half")
    (folder / "data" / "notes.txt").write_text("whose?")
    images[0].with_name("0" * 64 + ".png").write_bytes(b"no picture")
    images[1].unlink()

    found = "\n".join(strays(folder / "data", folder / "temporary"))

    for sentence in ("nobody clears up", "of nobody in", "no row names", "gone", "damaged"):
        assert sentence in found


def test_a_backup_that_lacks_an_answer_or_is_gone_is_found(killed):
    folder, ledger = killed
    whole, empty, gone = (folder / f"{name}.zip" for name in ("whole", "empty", "gone"))
    write_backup(folder / "data", whole)
    change(folder, "DELETE FROM ticks", "DELETE FROM selections")
    write_backup(folder / "data", empty)
    ledger.backups = {each: (True, frozenset({1})) for each in (whole, empty, gone)}

    found = lost_in_backups(ledger, folder / "again")

    assert found == [
        "the backup empty.zip lacks the answer to round 1",
        "the backup gone.zip is gone",
    ]
    assert lost_in_backups(ledger, folder / "again") == []


def test_a_killed_backup_may_be_missing_and_half_a_one_is_found(killed):
    folder, ledger = killed
    (folder / "half.zip").write_bytes(b"PK")
    ledger.backups = {folder / f"{each}.zip": (False, frozenset()) for each in ("none", "half")}

    (found,) = lost_in_backups(ledger, folder / "again")

    assert "half.zip can't be put back" in found


@pytest.mark.parametrize("has_ended", [True, False])
def test_half_an_import_is_found(killed, has_ended):
    folder, ledger = killed
    change(folder, f"UPDATE groups SET checkpoint = '{ELSEWHERE}'")
    ledger.imports = {"dress, red": has_ended}

    found = losses(folder / "data", ledger)

    assert any("1 rounds are there" in each for each in found)


def test_an_import_that_said_it_was_done_must_be_there_and_a_killed_one_may_not(killed):
    folder, ledger = killed
    ledger.imports = {"said": True, "killed": False}

    assert losses(folder / "data", ledger) == ["of the import 'said' 0 rounds are there"]


def test_a_training_is_what_its_files_and_processes_say(tmp_path):
    assert sentence_of_last(tmp_path) == ""
    ended_training(tmp_path)
    assert sentence_of_last(tmp_path) == ENGLISH["training_done"].format(number=1)
    (tmp_path / "trainings" / "0001" / "outcome.json").unlink()
    assert sentence_of_last(tmp_path) == ENGLISH["training_interrupted"].format(number=1)


@pytest.mark.slow
def test_fifty_kills_lose_nothing():
    report = run(KillSoak(cycles=50), print)

    assert report.cycles == 50
    assert min(report.answers, report.imports, report.backups, report.trainings) > 0
