"""Generators in turn: what starts from what, what is done already, and what can't be."""

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.domain import CheckpointError
from studio.perfusion.checkpoint import load_component, load_pipeline, save_component, save_pipeline
from tests.tiny_models import (
    TINY_DEFAULTS,
    tiny_adaptive_network,
    tiny_phrasebook,
    tiny_pipeline,
)
from tests.training.tiny_rounds import write_tiny_rounds
from training.config import ConfigError
from training.evaluation.contenders import CONTENDERS
from training.generators import (
    PLAIN,
    RATE_FIGURE,
    GeneratorSet,
    StartError,
    from_options,
    main,
    parser,
    read_rates,
    read_recipe,
    run,
)
from training.loops import perfusion
from training.perfusion_task import PerFusionTask

RECIPE = """
[all]
steps = 2
batch_size = 2
warmup_steps = 1
draws_per_round = 1
evaluation_draws = 1
sample_prompts = 1
sample_steps = 2
field_width = 4

[dpo]
start = "plain"
trains = "unet"
objective = "pairs"
learning_rate = 1e-2

[perfusion]
start = "dpo"
steps = 1
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    pipeline = tiny_pipeline()
    save_pipeline(
        pipeline, folder / "checkpoint", phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS
    )
    save_component(folder / "checkpoint", "adaptive_network", tiny_adaptive_network(pipeline.unet))
    write_tiny_rounds(folder / "rounds", count=12)
    (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    return folder


def arguments(world: Path, folder: Path) -> list[str]:
    return [
        *("--recipe", str(world / "recipe.toml")),
        *("--from", str(world / "checkpoint")),
        *("--rounds", str(world / "rounds")),
        *("--to", str(folder / "generators")),
        *("--runs", str(folder / "runs")),
    ]


def job_of(world: Path, folder: Path, *options: str) -> GeneratorSet:
    return from_options(parser().parse_args([*arguments(world, folder), *options]))


def weights_of(folder: Path) -> torch.Tensor:
    weights: torch.Tensor = load_component(folder, "unet").conv_in.weight
    return weights


def test_each_generator_is_a_checkpoint_that_starts_from_another_one(world: Path, tmp_path: Path):
    assert main(arguments(world, tmp_path)) == 0

    plain, dpo, perfusion = (tmp_path / "generators" / name for name in (PLAIN, "dpo", "perfusion"))
    assert load_pipeline(plain).adaptive_network is None
    assert "adaptive_network" not in (plain / "model_index.json").read_text(encoding="utf-8")
    assert torch.equal(weights_of(plain), weights_of(world / "checkpoint"))
    assert not torch.equal(weights_of(dpo), weights_of(plain))
    assert torch.equal(weights_of(perfusion), weights_of(dpo))
    assert load_pipeline(perfusion).adaptive_network is not None
    assert (perfusion / "phrasebook.json").exists()
    assert load_pipeline(world / "checkpoint").adaptive_network is not None


def test_what_is_finished_is_not_trained_again_unless_something_changed(
    world: Path, tmp_path: Path
):
    assert run(job_of(world, tmp_path)) == ["dpo", "perfusion"]
    assert run(job_of(world, tmp_path)) == []
    assert run(job_of(world, tmp_path, "--set", "perfusion.beta=100")) == ["perfusion"]

    # Another DPO generator is another start, so PerFusion follows.
    assert run(job_of(world, tmp_path, "--set", "dpo.beta=100")) == ["dpo", "perfusion"]


def test_a_result_that_comes_into_service_leaves_plain_as_it_was(world: Path, tmp_path: Path):
    source = tmp_path / "checkpoint"
    shutil.copytree(world / "checkpoint", source)
    run(replace(job_of(world, tmp_path, "--only", "dpo"), source=source))
    before = weights_of(tmp_path / "generators" / PLAIN)
    shutil.rmtree(source)
    shutil.copytree(tmp_path / "generators" / "dpo", source)

    assert run(replace(job_of(world, tmp_path, "--only", "dpo"), source=source)) == []
    assert torch.equal(weights_of(tmp_path / "generators" / PLAIN), before)


def test_ctrl_c_ends_it_with_a_sentence_and_the_same_command_goes_on(
    world: Path, tmp_path: Path, monkeypatch, capsys
):
    accumulate = PerFusionTask.accumulate

    def interrupting(self: PerFusionTask, model: torch.nn.Module, step: int) -> object:
        if step == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return accumulate(self, model, step)

    monkeypatch.setattr(PerFusionTask, "accumulate", interrupting)
    assert main(arguments(world, tmp_path)) == 130
    assert "Stopped after 1 of 2 steps" in capsys.readouterr().err
    assert not (tmp_path / "generators" / "dpo").exists()

    monkeypatch.undo()
    assert main(arguments(world, tmp_path)) == 0
    assert (tmp_path / "generators" / "perfusion").exists()


def test_a_start_that_was_not_trained_is_a_sentence(world: Path, tmp_path: Path):
    with pytest.raises(StartError, match=r"starts from .*dpo, which has not been trained"):
        run(job_of(world, tmp_path, "--only", "perfusion"))


def test_spo_without_a_reward_model_is_a_sentence(world: Path, tmp_path: Path):
    with pytest.raises(StartError, match="finetune --only reward"):
        run(job_of(world, tmp_path, "--set", "dpo.objective=steps"))


def test_a_checkpoint_that_is_not_there_leaves_nothing_behind(world: Path, tmp_path: Path):
    with pytest.raises(CheckpointError, match="nowhere"):
        run(job_of(world, tmp_path, "--from", "nowhere"))

    assert not (tmp_path / "generators" / PLAIN).exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[dpo]\nsteps = 3", r"\[dpo\] .* needs a `start`: one of plain"),
        ('[dpo]\nstart = "later"', r"needs a `start`"),
        ('[dpo]\nstart = "plain"\nstepps = 3', "Unknown setting 'stepps'"),
        ("[dpo", "Cannot read the recipe"),
    ],
)
def test_a_recipe_that_cannot_be_used_is_a_sentence(tmp_path: Path, text: str, sentence: str):
    (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=sentence):
        read_recipe(tmp_path / "recipe.toml")


@pytest.mark.parametrize("option", [["--only", "dpoo"], ["--set", "steps=3"]])
def test_unknown_names_are_sentences(world: Path, tmp_path: Path, capsys, option: list[str]):
    assert main([*arguments(world, tmp_path), *option]) == 2
    assert "dpo, perfusion" in capsys.readouterr().err


def test_the_recipe_trains_every_generator_that_is_compared():
    trainings = read_recipe(Path("training/recipes/generators.toml"), ["all.seed=3"])

    named = {each.name: each for each in trainings}
    assert {*named, PLAIN} == {each.folder for each in CONTENDERS.values()}
    assert all(each.config.seed == 3 for each in trainings)
    assert len({(each.config.steps, each.config.batch_size) for each in trainings}) == 1
    paper = {name: named[name].config for name in ("perfusion", "without_network", "without_group")}
    assert (paper["without_group"].trains, paper["without_group"].objective) == (
        "adaptive_network",
        "supervised",
    )
    assert (paper["without_network"].trains, paper["without_network"].objective) == (
        "unet",
        "group",
    )
    for name, objective in (("one_pair", "one-pair"), ("all_pairs", "pairs")):
        config = replace(named[name].config, objective="group")
        assert (named[name].config.objective, config) == (objective, paper["perfusion"])


def test_each_training_seed_has_a_folder_of_its_own_and_other_weights(world: Path, tmp_path: Path):
    job = job_of(world, tmp_path, "--only", "dpo", "--training-seeds", "0,2")

    assert run(job) == ["dpo", "dpo-seed-2"]

    folders = [tmp_path / "generators" / name for name in ("dpo", "dpo-seed-2")]
    assert not torch.equal(*(weights_of(folder) for folder in folders))
    assert run(job) == []


def test_a_rate_is_chosen_on_validation_rounds_kept_and_used(
    world: Path, tmp_path: Path, monkeypatch
):
    asked = []
    trained = perfusion.run

    def remembering(config):
        asked.append(config)
        outcome = trained(config)
        assert outcome is not None
        if config.judged_on == "validation":  # as if the middle one were best
            outcome.figures[RATE_FIGURE] = 1 - abs(config.learning_rate - 2e-3)
        return outcome

    monkeypatch.setattr(perfusion, "run", remembering)
    line = ["--only", "dpo", "--choose-rates", "1e-3,2e-3,4e-3", "--rate-steps", "1"]
    assert main([*arguments(world, tmp_path), *line]) == 0

    assert [(each.judged_on, each.steps) for each in asked] == [("validation", 1)] * 3
    assert read_rates(tmp_path / "generators") == {"dpo": 2e-3}
    assert not (tmp_path / "generators" / "dpo").exists()
    assert run(job_of(world, tmp_path, "--only", "dpo")) == ["dpo"]
    assert asked[-1].learning_rate == 2e-3
    assert asked[-1].judged_on == "all"


@pytest.mark.parametrize(
    ("option", "text"), [("--choose-rates", "fast"), ("--training-seeds", "1,x")]
)
def test_numbers_that_are_none_are_sentences(world: Path, tmp_path: Path, capsys, option, text):
    assert main([*arguments(world, tmp_path), option, text]) == 2
    assert f"{option} takes numbers between commas" in capsys.readouterr().err
