"""The whole journey on tiny real models: rounds in, a judged plug-in and a report out."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from safetensors.torch import load_file

from studio.domain import CheckpointError, StudioError
from studio.perfusion.profile import FASHION_SCHEMA, Profile
from studio.perfusion.reward_loss import reward_loss
from studio.perfusion.reward_model import PerFusionRM
from tests.tiny_reward_models import ANNA, BACKBONES, BERTA
from tests.training.atelier.test_market import CONFIG as MARKET
from tests.training.tiny_rounds import write_tiny_rounds
from tests.training.tiny_taste import make_taste_world, tiny_reward_config
from tests.training.tiny_world import draw_blocks
from training.atelier.market import write_market
from training.config import RewardConfig
from training.data.groups import Round, read_rounds, split_of, write_rounds
from training.loops import reward
from training.loops.reward import (
    NothingToLearnError,
    Outcome,
    batch_loss,
    build,
    run,
    stages_of,
    temperature,
)
from training.runner import StoppedError
from training.scorers import GeneralScorer, PersonalScorer, measure


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint and an export that no test may change."""
    folder = tmp_path_factory.mktemp("world")
    make_taste_world(folder)
    return folder


def ran(config: RewardConfig) -> Outcome:
    outcome = run(config, Accelerator(cpu=True))
    assert outcome is not None
    return outcome


def plug_in(outcome: Outcome) -> dict[str, torch.Tensor]:
    return load_file(outcome.candidate / "model.safetensors")


def rewritten(world: Path, folder: Path, change) -> Path:
    """The world's rounds in another folder, each put through `change(number, round)`."""
    shutil.copytree(world / "rounds", folder)
    rounds = read_rounds(folder).rounds
    write_rounds(folder, [change(number, each) for number, each in enumerate(rounds)])
    return folder


def test_a_run_leaves_a_candidate_a_report_and_the_checkpoint_as_it_was(
    world: Path, tmp_path: Path
):
    files = {path: path.read_bytes() for path in world.rglob("*") if path.is_file()}

    outcome = ran(tiny_reward_config(world, tmp_path / "run"))

    model = PerFusionRM.from_pretrained(outcome.candidate, world / "checkpoint" / "clip")
    assert model.schema.fields[0].values == ("anna", "berta")
    assert "On 12 held-out rounds of 2 stores" in outcome.verdict.reasons[0]
    page = outcome.report.read_text(encoding="utf-8")
    assert outcome.verdict.reasons[0].split(":")[0] in page
    assert "held-out gauc" in page
    assert files == {path: path.read_bytes() for path in world.rglob("*") if path.is_file()}


def test_it_learns_who_likes_what(world: Path, tmp_path: Path):
    config = tiny_reward_config(
        world, tmp_path / "run", text_first_steps=0, steps=60, learning_rate=2e-2, evaluate_steps=20
    )

    outcome = ran(config)

    assert outcome.verdict.passed
    assert outcome.figures["gauc"] > 0.9


@pytest.mark.parametrize(
    ("variant", "update"),
    [("full", 3), ("full", 7), ("shared", 3), ("vision-only", 3), ("text-only", 3)],
)
def test_stopping_and_going_on_equals_never_stopping(
    world: Path, tmp_path: Path, variant: str, update: int
):
    whole = tiny_reward_config(world, tmp_path / "whole", variant=variant)
    parts = replace(whole, run=str(tmp_path / "parts"))
    once = ran(whole)

    with pytest.raises(KeyboardInterrupt):
        run(parts, InterruptedAccelerator(update))
    again = ran(parts)

    assert all(torch.equal(value, plug_in(once)[key]) for key, value in plug_in(again).items())


def build_model(config: RewardConfig, folder: Path) -> PerFusionRM:
    rounds = read_rounds(Path(config.rounds))
    return build(replace(config, run=str(folder / "x" / "run")), rounds, torch.device("cpu")).model


class InterruptedAccelerator(Accelerator):
    """Stops, as a person would with Ctrl+C, in an update."""

    def __init__(self, update: int) -> None:
        super().__init__(cpu=True)
        self.updates_left = update

    def backward(self, loss: torch.Tensor, **kwargs: object) -> None:
        self.updates_left -= 1
        if self.updates_left == 0:
            raise KeyboardInterrupt
        super().backward(loss, **kwargs)


@pytest.mark.parametrize("kind", [kind for kind in BACKBONES if kind != "clip"])
def test_other_backbones_are_trained_the_same_way(tmp_path: Path, kind: str):
    make_taste_world(tmp_path, kind, count=32)
    backbone = str(tmp_path / "checkpoint" / "clip")

    outcome = ran(tiny_reward_config(tmp_path, tmp_path / "run", backbone=backbone, steps=2))

    assert json.loads((outcome.candidate / "config.json").read_text())["backbone"] == backbone
    assert set(outcome.figures) == {"gauc", "map"}


def test_training_on_simulated_stores_never_opens_their_true_taste(tmp_path: Path):
    rounds, oracle, pool = (tmp_path / name for name in ("rounds", "oracle", "pool"))
    market = replace(MARKET, stores=8, new_stores=2, briefs=3, rounds_per_store=10)
    write_market(market, rounds, oracle, pool, draw_blocks)
    make_taste_world(tmp_path / "models")
    shutil.rmtree(oracle)
    shutil.rmtree(pool)

    config = tiny_reward_config(tmp_path, tmp_path / "run", steps=1, text_first_steps=1)
    outcome = ran(replace(config, checkpoint=str(tmp_path / "models" / "checkpoint")))

    assert set(outcome.figures) == {"gauc", "map"}


def test_going_on_from_a_trained_plug_in_keeps_what_it_knows_and_adds_stores(
    world: Path, tmp_path: Path
):
    first = ran(
        tiny_reward_config(
            world,
            tmp_path / "first",
            text_first_steps=0,
            steps=60,
            learning_rate=2e-2,
            temperature=3.0,
        )
    )
    checkpoint = tmp_path / "checkpoint"
    first.put_in_service(world / "checkpoint", checkpoint)
    carla = Profile.of(store_id="carla", style=["street"], price=70)
    write_tiny_rounds(tmp_path / "rounds", 24, stores=(ANNA, carla))
    config = tiny_reward_config(
        tmp_path, tmp_path / "run", init_from=str(checkpoint), steps=1, learning_rate=1e-9
    )

    task = build(config, read_rounds(tmp_path / "rounds"), torch.device("cpu"))

    assert task.model.schema.fields[0].values == ("anna", "berta", "carla")
    assert [stage.name for stage in stages_of(task.model, config)] == ["all"]
    assert temperature(task.model, config) == 3.0
    old = build(
        tiny_reward_config(world, tmp_path / "old"),
        read_rounds(world / "rounds"),
        torch.device("cpu"),
    )
    before = PersonalScorer(PerFusionRM.from_pretrained(checkpoint / "reward_model"), old.bank)
    after = PersonalScorer(task.model, old.bank)
    rounds = old.of_splits("validation")
    for one, other in zip(before.score(rounds), after.score(rounds), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_what_the_gate_keeps_back_does_not_go_into_service(world: Path, tmp_path: Path):
    outcome = ran(tiny_reward_config(world, tmp_path / "run", steps=0, text_first_steps=1))

    kept_back = replace(outcome, verdict=replace(outcome.verdict, passed=False))
    with pytest.raises(ValueError, match="keeps back"):
        kept_back.put_in_service(world / "checkpoint", tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_unusable_rounds_are_counted_by_reason_and_the_good_ones_are_all_used(
    world: Path, tmp_path: Path
):
    bad: dict[int, dict[str, Any]] = {
        0: {"labels": (0.0, 0.0, 0.0)},
        1: {"labels": (1.0, 1.0, 1.0, 1.0)},
        2: {"profile": Profile.of(store_id="anna", style=3.0)},
        4: {"profile": Profile.of(store_id="anna", style=["unheard of"])},
        5: {"prompt": " "},
    }

    def change(number: int, each: Round) -> Round:
        if number == 6:
            return replace(each, images=each.images[:1], labels=(1.0,), designs=())
        if number == 10:
            return replace(each, images=())
        return replace(each, **bad.get(number, {}))

    folder = rewritten(world, tmp_path / "rounds", change)
    rounds = read_rounds(folder).rounds
    damaged, missing = (next(r for r in rounds if r.id == f"round-{n}").images[0] for n in (8, 9))
    (folder / damaged).write_bytes((folder / damaged).read_bytes()[:60])
    (folder / missing).unlink()

    outcome = ran(replace(tiny_reward_config(world, tmp_path / "run"), rounds=str(folder)))

    assert outcome.rounds.skipped == {
        "with no tick": 1,
        "with all images ticked": 1,
        "with an unusable profile": 1,
        "without a prompt": 1,
        "with one image only": 1,
        "without pictures": 1,
        "with a damaged image": 1,
        "with a missing image": 1,
    }
    assert len(outcome.rounds.rounds) == 48 - 8
    assert "skipped: 1 with a damaged image" in outcome.report.read_text(encoding="utf-8")


def test_an_export_without_a_usable_round_is_refused_with_what_to_do(world: Path, tmp_path: Path):
    folder = rewritten(
        world, tmp_path / "rounds", lambda _, each: replace(each, labels=(0.0,) * len(each.labels))
    )

    with pytest.raises(NothingToLearnError, match=r"48 with no tick\. Save more rounds"):
        run(replace(tiny_reward_config(world, tmp_path / "run"), rounds=str(folder)))


@pytest.mark.parametrize("setting", ["variant", "injection", "cross"])
def test_an_unknown_choice_is_refused(world: Path, tmp_path: Path, setting: str):
    with pytest.raises(StudioError, match=f"{setting} is one of"):
        run(tiny_reward_config(world, tmp_path / "run", **{setting: "nonsense"}))


def test_a_checkpoint_without_a_backbone_is_refused(world: Path, tmp_path: Path):
    with pytest.raises(CheckpointError):
        run(tiny_reward_config(world, tmp_path / "run", checkpoint=str(tmp_path)))


def test_with_the_store_id_alone_nothing_else_of_a_store_is_known(world: Path, tmp_path: Path):
    config = tiny_reward_config(world, tmp_path / "run", only_store_id=True)

    task = build(config, read_rounds(world / "rounds"), torch.device("cpu"))

    assert [field.name for field in task.model.schema.fields] == ["store_id"]


def test_paper_literal_trains_on_cosines(world: Path, tmp_path: Path):
    config = tiny_reward_config(world, tmp_path / "run", paper_literal=True)
    model = build_model(config, tmp_path)

    scale = temperature(model, config)

    assert scale == pytest.approx(float(model.backbone.model.logit_scale.exp()))
    scores, labels = torch.tensor([[3.0, 1.0, 2.0]]), torch.tensor([[1.0, 0.0, 0.0]])
    torch.testing.assert_close(
        batch_loss(scores, labels, scale, 1), reward_loss(scores / scale, labels)[0]
    )


def test_a_round_of_half_the_weight_has_half_the_loss():
    scores = torch.tensor([[3.0, 1.0], [0.0, 2.0]])
    labels, weights = torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([1.0, 0.5])
    alone = reward_loss(scores, labels)

    loss = batch_loss(scores, labels, 1.0, 2, weights)

    torch.testing.assert_close(loss, (alone[0] + alone[1] / 2) / 2)


def test_before_training_the_model_orders_as_the_frozen_backbone(world: Path, tmp_path: Path):
    task = build(
        tiny_reward_config(world, tmp_path / "run"),
        read_rounds(world / "rounds"),
        torch.device("cpu"),
    )
    task.model.eval()
    rounds = [each for each in task.rounds.rounds if split_of(each) == "validation"]

    personal, general = (kind(task.model, task.bank) for kind in (PersonalScorer, GeneralScorer))

    for one, other in zip(personal.score(rounds), general.score(rounds), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert measure(personal, rounds).means() == pytest.approx(measure(general, rounds).means())


@pytest.mark.slow
def test_two_processes_do_what_one_does(world: Path, tmp_path: Path):
    alone = tiny_reward_config(world, tmp_path / "alone", batch_size=5)
    together = replace(alone, run=str(tmp_path / "together"))
    one = ran(alone)
    (tmp_path / "config.json").write_text(json.dumps(asdict(together)))

    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    worker = ["-m", "tests.training.loops.reward_worker"]
    subprocess.run([*launch, *worker, str(tmp_path / "config.json")], check=True)

    other = load_file(tmp_path / "together" / "candidate" / "model.safetensors")
    for name, weight in plug_in(one).items():
        torch.testing.assert_close(other[name], weight, rtol=1e-2, atol=1e-3, msg=name)


def test_the_schema_is_a_fashion_stores_where_more_than_the_id_is_told(world: Path, tmp_path: Path):
    model = build_model(tiny_reward_config(world, tmp_path / "run"), tmp_path)

    assert [f.name for f in model.schema.fields] == [f.name for f in FASHION_SCHEMA.fields]
    assert model.schema.encode(BERTA).notices == ()


def kill_at(update: int, config: RewardConfig) -> None:
    """Train until the process dies in an update, as by `kill -9`: nothing is saved on the way."""
    with pytest.raises(KeyboardInterrupt):
        run(config, InterruptedAccelerator(update))


@pytest.mark.parametrize("save_minutes", [0.0, 10.0])
def test_killed_again_and_again_it_comes_to_what_was_never_killed(
    world: Path, tmp_path: Path, save_minutes: float
):
    """Also before its first evaluation, and more often than it has patience."""
    whole = tiny_reward_config(world, tmp_path / "whole", text_first_steps=0, steps=8, patience=2)
    whole = replace(whole, evaluate_steps=4, save_minutes=save_minutes)
    parts = replace(whole, run=str(tmp_path / "parts"))
    once = ran(whole)

    for update in (1, 2, 2, 1, 3, 1):
        kill_at(update, parts)
    again = ran(parts)

    assert all(torch.equal(value, plug_in(once)[key]) for key, value in plug_in(again).items())
    assert again.verdict == once.verdict


def test_save_minutes_saves_between_evaluations(world: Path, tmp_path: Path):
    config = tiny_reward_config(
        world, tmp_path / "run", text_first_steps=0, steps=50, evaluate_steps=50, save_minutes=0.0
    )

    for _ in range(5):
        kill_at(4, config)

    facts = json.loads((tmp_path / "run" / "all" / "state" / "facts.json").read_text())
    assert facts["step"] == 15


def test_the_state_of_before_serves_after_a_kill_between_the_two_renamings(
    world: Path, tmp_path: Path
):
    config = tiny_reward_config(
        world, tmp_path / "run", text_first_steps=0, steps=6, evaluate_steps=3
    )
    kill_at(5, config)
    state = tmp_path / "run" / "all" / "state"
    state.rename(state.with_name("state.old"))

    assert ran(config).figures


def test_asked_to_stop_it_saves_and_says_so(world: Path, tmp_path: Path):
    class AskedToStop(Accelerator):
        def backward(self, loss: torch.Tensor, **kwargs: object) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            super().backward(loss, **kwargs)

    config = tiny_reward_config(
        world, tmp_path / "run", text_first_steps=0, steps=50, evaluate_steps=50
    )

    with pytest.raises(StoppedError, match="Stopped after 1 updates, and saved"):
        run(config, AskedToStop(cpu=True))

    facts = json.loads((tmp_path / "run" / "all" / "state" / "facts.json").read_text())
    assert facts["step"] == 1


def test_asked_to_stop_while_it_judges_it_does_not_wait_and_is_judged_by_who_goes_on(
    world: Path, tmp_path: Path, monkeypatch
):
    settings = {"text_first_steps": 0, "steps": 4, "evaluate_steps": 2}
    whole = ran(tiny_reward_config(world, tmp_path / "whole", **settings))
    judge, judged = getattr(reward, "measure"), []  # noqa: B009  imported there, to be replaced

    def stopped_at_the_second_time(scorer, rounds):
        judged.append(1)
        if len(judged) == 3:  # the start in service, the start of the run, and then
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        return judge(scorer, rounds)

    config = tiny_reward_config(world, tmp_path / "run", **settings)
    with monkeypatch.context() as patched:
        patched.setattr(reward, "measure", stopped_at_the_second_time)
        with pytest.raises(StoppedError, match="after 2 updates"):
            ran(config)

    assert ran(config).figures == whole.figures
