"""The whole journey on tiny real models: rounds in, a judged candidate and a report out."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from accelerate import Accelerator
from diffusers import DPMSolverMultistepScheduler
from safetensors.torch import load_file

from studio.domain import CheckpointError, StudioError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import load_component, load_pipeline, save_component, save_pipeline
from studio.perfusion.profile import Profile
from tests.tiny_models import (
    TINY_DEFAULTS,
    tiny_adaptive_network,
    tiny_phrasebook,
    tiny_pipeline,
)
from tests.tiny_reward_models import ANNA, BERTA
from tests.training.tiny_rounds import write_tiny_rounds
from training.config import PerFusionConfig
from training.gate import Verdict
from training.loops.perfusion import (
    OBJECTIVES,
    Outcome,
    RunFolderError,
    build,
    effective_learning_rate,
    objective_of,
    run,
)
from training.losses.objective import GroupPreference, WithSupervised
from training.perfusion_task import REFERENCE_FILE


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint and an export that no test may change."""
    folder = tmp_path_factory.mktemp("world")
    save_pipeline(
        tiny_pipeline(),
        folder / "checkpoint",
        phrasebook=tiny_phrasebook(),
        defaults=TINY_DEFAULTS,
    )
    write_tiny_rounds(folder / "rounds", count=12)
    return folder


def config_of(world: Path, run_folder: Path, **changes: object) -> PerFusionConfig:
    config = PerFusionConfig(
        run=str(run_folder),
        rounds=str(world / "rounds"),
        checkpoint=str(world / "checkpoint"),
        steps=3,
        batch_size=2,
        warmup_steps=1,
        decay_fraction=0.0,
        draws_per_round=2,
        most_visits=0,
        evaluation_draws=1,
        sample_prompts=1,
        sample_steps=2,
        field_width=4,
        log_steps=1,
    )
    return replace(config, **changes)  # type: ignore[arg-type]  # tests pass literals


def ran(config: PerFusionConfig) -> Outcome:
    outcome = run(config, Accelerator(cpu=True))
    assert outcome is not None
    return outcome


def losses_of(run_folder: Path) -> list[float]:
    lines = (run_folder / "log.jsonl").read_text().splitlines()
    return [record["loss"] for record in map(json.loads, lines) if "loss" in record]


def test_a_run_leaves_a_candidate_a_report_and_the_checkpoint_as_it_was(
    world: Path, tmp_path: Path
):
    files = {path: path.read_bytes() for path in world.rglob("*") if path.is_file()}

    outcome = ran(config_of(world, tmp_path / "run"))

    assert load_component(outcome.candidate, "adaptive_network").schema.fields[0].values == (
        "anna",
        "berta",
    )
    page = outcome.report.read_text()
    assert "kept apart" in page
    assert page.count("data:image/png;base64") == 2
    assert "Only 3 held-out rounds" in page
    assert files == {path: path.read_bytes() for path in world.rglob("*") if path.is_file()}


@pytest.mark.parametrize("trains", ["adaptive_network", "unet"])
def test_stopping_and_going_on_equals_never_stopping(world: Path, tmp_path: Path, trains: str):
    whole = config_of(world, tmp_path / "whole", steps=5, trains=trains, objective="pairs")
    parts = replace(whole, run=str(tmp_path / "parts"))
    ran(whole)
    ran(replace(parts, steps=2))
    ran(parts)

    assert losses_of(tmp_path / "parts") == losses_of(tmp_path / "whole")
    for stem in ("state/model", "state/ema", "state/optimiser"):
        one, other = (
            load_file(tmp_path / name / f"{stem}.safetensors") for name in ("whole", "parts")
        )
        assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.slow
def test_two_processes_do_what_one_does(world: Path, tmp_path: Path):
    alone = config_of(world, tmp_path / "alone", steps=4, batch_size=3)
    together = replace(alone, run=str(tmp_path / "together"))
    ran(alone)
    (tmp_path / "config.json").write_text(json.dumps(asdict(together)))

    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    worker = ["-m", "tests.training.loops.perfusion_worker"]
    subprocess.run([*launch, *worker, str(tmp_path / "config.json")], check=True)

    assert losses_of(tmp_path / "together") == pytest.approx(losses_of(tmp_path / "alone"), 1e-4)
    one, other = (
        load_file(tmp_path / name / "state" / "model.safetensors") for name in ("alone", "together")
    )
    for name, weight in one.items():
        torch.testing.assert_close(other[name], weight, rtol=1e-3, atol=1e-5, msg=name)
    errors = [load_file(tmp_path / name / REFERENCE_FILE) for name in ("alone", "together")]
    torch.testing.assert_close(*errors, equal_nan=True)


def test_the_reference_is_computed_once_per_round_and_draw(world: Path, tmp_path: Path):
    task, state, _ = build(config_of(world, tmp_path / "run"), Accelerator(cpu=True))
    rounds = len(task.train.groups)
    updates_per_epoch = -(-rounds // task.config.batch_size)
    calls: list[int] = []
    task.pipeline.unet.conv_out.register_forward_hook(lambda *_: calls.append(1))

    per_update = []
    for step in range(3 * updates_per_epoch):
        calls.clear()
        task.accumulate(state.model, step)
        per_update.append(len(calls))

    # Two draws per round: in the first two epochs policy and reference, then the policy alone.
    assert per_update[0] == 2
    assert per_update[-1] == 1


def test_eq_1_stands_beside_losses_that_compare_and_nowhere_else():
    for name in OBJECTIVES:
        objective = objective_of(PerFusionConfig(objective=name, beta=50.0, supervised_weight=0.1))
        compares = name in ("group", "one-pair", "pairs", "unary")
        assert isinstance(objective, WithSupervised) == compares
        if isinstance(objective, WithSupervised):
            assert objective.weight == pytest.approx(5.0)
    assert isinstance(objective_of(PerFusionConfig(supervised_weight=0.0)), GroupPreference)


def test_what_reads_a_store_learns_faster(world: Path, tmp_path: Path):
    config = config_of(world, tmp_path / "run", store_rate_factor=10.0)

    _, state, _ = build(config, Accelerator(cpu=True))

    fast = {
        id(weight)
        for group in state.optimiser.param_groups
        if group["rate_factor"] == 10.0
        for weight in group["params"]
    }
    names = {name for name, weight in state.model.named_parameters() if id(weight) in fast}
    assert {name.partition(".")[0] for name in names} == {
        "user_encoder", "to_latent", "incoming_conv",
    }  # fmt: skip


def test_what_learns_in_pure_noise_is_judged_at_all_noises(world: Path, tmp_path: Path):
    pipeline = tiny_pipeline()
    ends_in_noise = DPMSolverMultistepScheduler.from_config(
        pipeline.scheduler.config, rescale_betas_zero_snr=True
    )
    pipeline.register_modules(scheduler=ends_in_noise)
    save_pipeline(
        pipeline, tmp_path / "noisy", phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS
    )

    outcome = ran(
        config_of(
            world,
            tmp_path / "run",
            checkpoint=str(tmp_path / "noisy"),
            pure_noise_share=1.0,
            evaluation_draws=3,
        )
    )

    bands = [name for name in outcome.figures if name.startswith("margin_")]
    assert len(bands) == 3
    assert "margin_999_999" not in bands


def test_what_was_learnt_of_the_reference_survives_the_process(world: Path, tmp_path: Path):
    config = config_of(world, tmp_path / "run")
    ran(config)

    task, _, _ = build(config, Accelerator(cpu=True))

    known = [
        task.reference_errors.get(group, draw, len(task.train.groups[group].images))
        for group in range(len(task.train.groups))
        for draw in range(2)
    ]
    assert (tmp_path / "run" / REFERENCE_FILE).exists()
    assert sum(errors is not None for errors in known) == config.steps * config.batch_size


def test_it_learns_which_store_likes_what(world: Path, tmp_path: Path):
    write_tiny_rounds(tmp_path / "rounds", count=48)
    config = config_of(
        world,
        tmp_path / "run",
        rounds=str(tmp_path / "rounds"),
        steps=60,
        batch_size=4,
        learning_rate=5e-3,
        beta=60.0,
        forget_store=0.0,
        prompt_dropout=0.0,
        log_steps=20,
    )

    ran(config)

    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").open()]
    assert lines[-2]["implicit_accuracy"] > 0.75
    assert lines[-1]["implicit_accuracy_over_draws"] > 0.7
    assert lines[-1]["drift"] > 0


def outcome_with(folder: Path, part: str, model: object, passed: bool = True) -> Outcome:
    """As a run would leave it."""
    save_component(folder / "candidate", part, model)
    return Outcome(Verdict(passed, ()), folder / "candidate", part, folder / "report.html", {})


def test_a_candidate_that_passed_goes_into_service_beside_everything_else(
    world: Path, tmp_path: Path
):
    network = tiny_adaptive_network(load_component(world / "checkpoint", "unet"))
    outcome = outcome_with(tmp_path, "adaptive_network", network)

    outcome.put_in_service(world / "checkpoint", tmp_path / "new")

    assert load_pipeline(tmp_path / "new").adaptive_network is not None
    assert (tmp_path / "new" / "phrasebook.json").exists()
    assert load_pipeline(world / "checkpoint").adaptive_network is None


def test_a_candidate_that_was_kept_back_can_not_go_into_service(world: Path, tmp_path: Path):
    network = tiny_adaptive_network(load_component(world / "checkpoint", "unet"))
    outcome = outcome_with(tmp_path, "adaptive_network", network, passed=False)

    with pytest.raises(ValueError, match="keeps back"):
        outcome.put_in_service(world / "checkpoint", tmp_path / "new")

    assert not (tmp_path / "new").exists()


def test_a_new_unet_leaves_the_old_adaptive_network_behind(world: Path, tmp_path: Path):
    unet = load_component(world / "checkpoint", "unet")
    shutil.copytree(world / "checkpoint", tmp_path / "old")
    save_component(tmp_path / "old", "adaptive_network", tiny_adaptive_network(unet))

    outcome_with(tmp_path, "unet", unet).put_in_service(tmp_path / "old", tmp_path / "new")

    assert load_pipeline(tmp_path / "old").adaptive_network is not None
    assert load_pipeline(tmp_path / "new").adaptive_network is None


def test_training_goes_on_from_an_adaptive_network_and_welcomes_new_stores(
    world: Path, tmp_path: Path
):
    unet = load_component(world / "checkpoint", "unet")
    shutil.copytree(world / "checkpoint", tmp_path / "old")
    save_component(tmp_path / "old", "adaptive_network", tiny_adaptive_network(unet))
    dora = Profile.of(store_id="dora", style=["street"])
    write_tiny_rounds(tmp_path / "rounds", stores=(BERTA, dora))
    config = config_of(
        world,
        tmp_path / "run",
        checkpoint=str(tmp_path / "old"),
        rounds=str(tmp_path / "rounds"),
    )

    task, state, _ = build(config, Accelerator(cpu=True))

    old, new = task.pipeline.adaptive_network, state.model
    assert isinstance(new, PersonalisedAdaptiveNetwork)
    assert new.schema.field("store_id").values == ("anna", "berta", "carla", "dora")
    anna, dora_alone, nobody = (torch.tensor([[[store], [0], [0]]]) for store in (1, 4, 0))
    with torch.no_grad():
        torch.testing.assert_close(new.user_latents(anna), old.user_latents(anna))
        torch.testing.assert_close(new.user_latents(dora_alone), old.user_latents(nobody))


@pytest.mark.parametrize("objective", ["unary", "supervised"])
def test_every_objective_takes_a_step(world: Path, tmp_path: Path, objective: str):
    task, state, _ = build(
        config_of(world, tmp_path / "run", objective=objective), Accelerator(cpu=True)
    )

    figures = task.accumulate(state.model, 0)

    assert torch.isfinite(figures["loss"])
    assert any(weight.grad is not None for weight in state.model.parameters())


def test_the_effective_rate_counts_the_images_of_an_update_if_asked_to():
    config = PerFusionConfig(learning_rate=1e-8, batch_size=6)

    assert effective_learning_rate(config, 5.0) == 1e-8
    scaled = replace(config, scale_rate_by_batch=True)
    assert effective_learning_rate(scaled, 5.0) == pytest.approx(3e-7)


def test_a_small_export_takes_fewer_updates(world: Path, tmp_path: Path):
    config = config_of(world, tmp_path / "run", steps=900, most_visits=4)

    task, _, _ = build(config, Accelerator(cpu=True))

    assert task.config.steps == -(-len(task.train.groups) * 4 // 2)


def test_rounds_of_one_store_are_refused(world: Path, tmp_path: Path):
    write_tiny_rounds(tmp_path / "rounds", stores=(ANNA,))

    with pytest.raises(StudioError, match="All of these rounds are of one store"):
        run(config_of(world, tmp_path / "run", rounds=str(tmp_path / "rounds")))


def test_an_export_of_another_version_is_refused(world: Path, tmp_path: Path):
    shutil.copytree(world / "rounds", tmp_path / "rounds")
    (tmp_path / "rounds" / "export.json").write_text('{"format": "perfusion-rounds", "version": 9}')

    with pytest.raises(StudioError, match=r"another format.* Export the rounds again"):
        run(config_of(world, tmp_path / "run", rounds=str(tmp_path / "rounds")))


def test_a_damaged_checkpoint_is_refused(world: Path, tmp_path: Path):
    shutil.copytree(world / "checkpoint", tmp_path / "checkpoint")
    weights = tmp_path / "checkpoint" / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])

    with pytest.raises(CheckpointError, match="damaged"):
        run(config_of(world, tmp_path / "run", checkpoint=str(tmp_path / "checkpoint")))


def test_a_run_folder_with_other_settings_is_refused(world: Path, tmp_path: Path):
    ran(config_of(world, tmp_path / "run", steps=1, beta=200.0))

    with pytest.raises(RunFolderError, match=r"beta was 200.0"):
        run(config_of(world, tmp_path / "run", beta=300.0))


@pytest.mark.parametrize("setting", ["trains", "objective"])
def test_unknown_choices_are_refused(world: Path, tmp_path: Path, setting: str):
    with pytest.raises(RunFolderError, match=r"not nonsense"):
        run(config_of(world, tmp_path / "run", **{setting: "nonsense"}))
