from pathlib import Path

import pytest

from studio.fetch import main
from studio.perfusion.config import DRAWING, SD15


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PERFUSION_ACCEPT_LICENCES", raising=False)


def test_without_acceptance_the_licences_are_listed_and_nothing_is_fetched(capsys):
    assert main(["sd15"]) == 2

    told = capsys.readouterr().err
    assert all(model.licence in told for model in SD15.of_roles(*DRAWING).hub_models)
    assert "PickScore" not in told
    assert not list(Path.cwd().iterdir())


def test_the_reward_models_licences_are_listed_when_it_is_wanted(capsys):
    assert main(["sd15", "--with-reward-model"]) == 2

    assert "PickScore" in capsys.readouterr().err


@pytest.mark.parametrize("accepted", ["argument", "variable"])
def test_a_hub_that_cannot_be_reached_is_a_sentence(accepted, capsys, monkeypatch):
    # The tests are offline, so this is the hub library's own refusal.
    arguments = ["sd15", "--accept-licences"] if accepted == "argument" else ["sd15"]
    if accepted == "variable":
        monkeypatch.setenv("PERFUSION_ACCEPT_LICENCES", "1")

    assert main(arguments) == 2
    assert "on another machine run" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["sd16", "atelier"])
def test_a_name_that_nothing_can_be_fetched_under_is_refused(name, capsys):
    with pytest.raises(SystemExit):
        main([name])

    assert "sd15-dpo" in capsys.readouterr().err
