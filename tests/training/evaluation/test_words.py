"""The evaluation of words: what counts as understood, invented and wrongly refused."""

from pathlib import Path

import pytest

from studio.domain import SettingsError
from training.atelier.grammar import build_phrasebook
from training.evaluation import words
from training.evaluation.words import Meaning, Tally, WordsEvaluation, count

BOOK = build_phrasebook()


def tally(prompt: str, meant: tuple[str, ...], refused: tuple[str, ...] = ()) -> Tally:
    found = Tally()
    count(Meaning("en", prompt, meant, refused), BOOK.parse(prompt), found)
    return found


def test_what_is_read_as_meant_is_understood() -> None:
    found = tally("boho maxi dress, dusty pink", ("dress", "maxi", "dusty pink", "style boho"))

    assert (found.meant, found.understood, found.invented, found.refused) == (4, 4, 0, 0)


def test_what_is_not_read_is_missed_by_name() -> None:
    assert tally("neoprene dress", ("dress", "neoprene")).missed == ["neoprene"]


def test_what_nobody_meant_is_invented() -> None:
    found = tally("red dress with pockets", ("dress",))

    assert found.made_up == ["colour: red", "pockets: patch pockets"]


def test_another_colour_is_not_the_one_that_is_meant() -> None:
    assert tally("dress, navy", ("dress", "dusty pink")).missed == ["dusty pink"]


def test_a_refusal_is_understood_when_all_of_it_is_ruled_out() -> None:
    assert tally("dress, no belt", ("dress",), ("belt",)).understood == 2
    assert tally("dress with a belt", ("dress",), ("belt",)).missed == ["no belt"]


def test_a_real_contradiction_is_not_refused_wrongly() -> None:
    assert tally("mini, maxi dress", ("dress",)).refused == 0
    assert tally("qqq zzz", ("dress",)).refused == 1


def test_a_file_that_is_no_list_of_prompts_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("one\ttwo\n1\t2\n", encoding="utf-8")

    with pytest.raises(SettingsError, match="needs the columns"):
        words.read_meanings(tmp_path / "a.tsv")
    with pytest.raises(SettingsError, match="can't be read"):
        words.read_meanings(tmp_path / "none.tsv")


def test_the_projects_own_prompts_are_understood(tmp_path: Path) -> None:
    figures = words.run(WordsEvaluation(results=tmp_path), "python -m training.evaluate words")

    assert figures["prompts_own_all"].value >= 120
    assert figures["understood_own_all"].value >= 0.95
    assert figures["invented_own_all"].value <= 0.01
    assert figures["refused_wrongly_own_all"].value == 0
    assert (tmp_path / "words.json").exists()
