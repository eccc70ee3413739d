import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.perfusion.reward_model import PerFusionRM
from tests.training.tiny_taste import LEARNS, as_options, make_taste_world
from training.config import PARTS
from training.finetune import (
    KEPT_BACK,
    LOOPS,
    STOPPED,
    FineTuning,
    TargetError,
    config_of,
    from_options,
    main,
    parser,
    run,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_taste_world(folder)
    (folder / "checkpoint" / "README.md").write_text("# A model card\n", encoding="utf-8")
    return folder


def arguments(world: Path, folder: Path, **settings: object) -> list[str]:
    return [
        *("--rounds", str(world / "rounds")),
        *("--from", str(world / "checkpoint")),
        *("--to", str(folder / "new")),
        *("--runs", str(folder / "runs")),
        *("--only", "reward"),
        *as_options("reward", {**LEARNS, **settings}),
    ]


def test_saved_rounds_become_a_new_checkpoint_with_a_reward_model(world: Path, tmp_path: Path):
    before = {path: path.read_bytes() for path in world.rglob("*") if path.is_file()}

    outcome = tmp_path / "outcome.json"
    assert main([*arguments(world, tmp_path), "--outcome", str(outcome)]) == 0

    told = json.loads(outcome.read_text(encoding="utf-8"))
    assert (told["error"], told["parts"]["reward"]["passed"]) == ("", True)
    model = PerFusionRM.from_pretrained(tmp_path / "new" / "reward_model")
    assert model.schema.fields[0].values == ("anna", "berta")
    assert model.config.pick_slope is not None  # measured on the rounds that were held out
    assert model.config.pick_slope > 0
    assert (tmp_path / "new" / "README.md").read_text(encoding="utf-8") == "# A model card\n"
    assert before == {path: path.read_bytes() for path in world.rglob("*") if path.is_file()}


def test_what_is_no_better_is_kept_back_which_is_a_result_and_no_failure(
    world: Path, tmp_path: Path, capsys
):
    line = arguments(world, tmp_path, steps=1, learning_rate=1e-9)

    assert main(line) == 0

    assert "Kept back: reward." in capsys.readouterr().out
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "runs").glob("reward-*/report.html"))
    assert main([*line, "--fail-if-kept-back"]) == KEPT_BACK != 0


@pytest.mark.slow  # a launcher, and a process that it starts
def test_a_launcher_takes_what_is_kept_back_for_success(world: Path, tmp_path: Path):
    line = arguments(world, tmp_path, steps=1, learning_rate=1e-9)
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "1"]

    done = subprocess.run(
        [*launch, "-m", "training.finetune", *line], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "Kept back: reward." in done.stdout


def test_asked_to_end_before_anything_is_learnt_it_says_so(
    world: Path, tmp_path: Path, capsys, monkeypatch
):
    def ended(_config: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)

    monkeypatch.setitem(LOOPS, "reward", ended)

    assert main(arguments(world, tmp_path)) == STOPPED

    assert "the same command goes on" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_skipped_rounds_are_named_with_their_reason(world: Path, tmp_path: Path, caplog):
    damaged = tmp_path / "damaged"
    make_taste_world(damaged)
    images = sorted((damaged / "rounds" / "images").iterdir())
    images[0].unlink()

    with caplog.at_level("INFO"):
        main([*arguments(damaged, tmp_path, steps=1, learning_rate=1e-9)])

    assert "skipped: 1 with a missing image" in caplog.text


def job(world: Path, folder: Path, **changes: object) -> FineTuning:
    parts = {"reward": PARTS["reward"]()}
    given = {"source": world / "checkpoint", "target": folder / "new", "parts": parts, **changes}
    return FineTuning(rounds=world / "rounds", runs=folder / "runs", **given)  # type: ignore[arg-type]  # tests pass literals


def test_the_same_command_goes_on_with_its_own_run_and_no_other_one_does(
    world: Path, tmp_path: Path
):
    one = config_of(job(world, tmp_path), "reward")

    assert one == config_of(job(world, tmp_path, target=tmp_path / "elsewhere"), "reward")
    longer = {"reward": PARTS["reward"](steps=7)}
    assert one.run != config_of(job(world, tmp_path, parts=longer), "reward").run
    other = tmp_path / "other"
    make_taste_world(other, count=24)
    assert one.run != config_of(job(other, tmp_path), "reward").run


def test_a_folder_with_other_things_in_it_is_not_replaced(world: Path, tmp_path: Path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "thesis.txt").write_text("years of work", encoding="utf-8")

    with pytest.raises(TargetError, match="Name a new folder"):
        run(job(world, tmp_path))

    assert (tmp_path / "new" / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["--rounds", "nowhere"], "no readable export"),
        (["--from", "nowhere"], "nowhere"),
        (["--set", "reward.stepps=3"], "Unknown setting 'stepps'"),
        (["--set", "steps=3"], "Write --set PART.KEY=VALUE"),
        (["--recipe", "nowhere.toml"], "Cannot read the recipe"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_not_a_traceback(
    world: Path, tmp_path: Path, capsys, changes: list[str], message: str
):
    assert main([*arguments(world, tmp_path), *changes]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_recipe_holds_for_both_parts_and_an_option_beats_it(world: Path, tmp_path: Path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[reward]\nsteps = 3\nbatch_size = 5\n[generator]\nbeta = 7\n", "utf-8")

    parser_input = [*arguments(world, tmp_path)[:6], "--recipe", str(recipe)]
    line = [*parser_input, "--set", "reward.steps=4", "--paper-literal"]
    found = from_options(parser().parse_args(line))

    assert list(found.parts) == ["reward", "generator"]
    reward, generator = found.parts.values()
    assert (reward.steps, reward.batch_size, generator.beta) == (4, 5, 7.0)  # type: ignore[attr-defined]  # a PerFusionConfig
    assert reward.paper_literal  # type: ignore[attr-defined]  # a RewardConfig


def test_every_part_has_its_loop():
    assert LOOPS.keys() == PARTS.keys()
