"""Both parts of the fine-tuning, from the app's own export, undisturbed and disturbed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from studio.perfusion.checkpoint import load_pipeline, save_pipeline
from studio.perfusion.reward_model import PerFusionRM
from studio.services.studio import Studio
from tests.serving import wait_until
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline
from tests.tiny_reward_models import ANNA
from tests.training.tiny_taste import LEARNS, as_options, make_taste_world
from training.data.groups import read_rounds, write_rounds
from training.finetune import KEPT_BACK, main
from training.perfusion_task import PerFusionTask

GENERATOR = {
    "steps": 60,
    "batch_size": 4,
    "learning_rate": 5e-3,
    "beta": 500,
    "warmup_steps": 1,
    "decay_fraction": 0,
    "forget_store": 0,
    "prompt_dropout": 0,
    "evaluation_draws": 2,
    "sample_prompts": 1,
    "sample_steps": 2,
    "field_width": 4,
    "log_steps": 1,
    "most_visits": 0,
    "serve_unsure": "true",  # two stores are few to be sure by
}
SHORT = {**GENERATOR, "steps": 3}
REWARD = {**LEARNS, "serve_unsure": "true"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with a CLIP and a generator, and rounds of two stores that differ."""
    folder = tmp_path_factory.mktemp("world")
    make_taste_world(folder)
    save_pipeline(
        tiny_pipeline(),
        folder / "checkpoint",
        phrasebook=tiny_phrasebook(),
        defaults=TINY_DEFAULTS,
    )
    return folder


def command(world: Path, folder: Path, *more: str, **parts: Mapping[str, object]) -> list[str]:
    """The words of the command line; `parts` are settings by part."""
    settings = [word for part in parts for word in as_options(part, parts[part])]
    return [
        *("--rounds", str(world / "rounds")),
        *("--from", str(world / "checkpoint")),
        *("--to", str(folder / "new")),
        *("--runs", str(folder / "runs")),
        *settings,
        *more,
    ]


def only_generator(world: Path, folder: Path, **changes: object) -> list[str]:
    return command(world, folder, "--only", "generator", generator={**SHORT, **changes})


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def losses(folder: Path) -> list[float]:
    log = next((folder / "runs").glob("generator-*/log.jsonl"))
    records = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return [record["loss"] for record in records if "loss" in record]


def test_one_command_trains_both_parts_and_puts_them_into_service_together(
    world: Path, tmp_path: Path, caplog
):
    before = contents(world)

    with caplog.at_level("INFO"):
        status = main(command(world, tmp_path, reward=REWARD, generator=GENERATOR))

    assert status == 0, caplog.text
    pipeline = load_pipeline(tmp_path / "new")
    assert pipeline.adaptive_network.schema.fields[0].values == ("anna", "berta")
    assert PerFusionRM.from_pretrained(tmp_path / "new" / "reward_model")
    assert (tmp_path / "new" / "phrasebook.json").exists()
    assert contents(world) == before
    assert "part 1 of 2: the reward" in caplog.text
    assert "part 2 of 2: the generator" in caplog.text
    assert "minutes_left" in caplog.text
    assert len(list((tmp_path / "runs").glob("*/report.html"))) == 2


def test_of_two_parts_the_better_one_serves_and_the_worse_one_is_kept_apart(
    world: Path, tmp_path: Path, caplog
):
    lazy = {**SHORT, "learning_rate": 0}

    with caplog.at_level("INFO"):
        line = command(world, tmp_path, "--fail-if-kept-back", reward=REWARD, generator=lazy)
        assert main(line) == KEPT_BACK

    assert (tmp_path / "new" / "reward_model").is_dir()
    assert load_pipeline(tmp_path / "new").adaptive_network is None
    run = next((tmp_path / "runs").glob("generator-*"))
    assert (run / "candidate" / "adaptive_network").is_dir()
    assert "the old one stays in service" in (run / "report.html").read_text(encoding="utf-8")
    assert "generator: kept back" in caplog.text


def test_a_checkpoint_can_be_fine_tuned_in_place(world: Path, tmp_path: Path):
    shutil.copytree(world / "checkpoint", tmp_path / "new")
    line = command(world, tmp_path, "--only", "generator", generator=GENERATOR)
    line[line.index("--from") + 1] = str(tmp_path / "new")

    assert main(line) == 0

    assert load_pipeline(tmp_path / "new").adaptive_network is not None


def lightness(studio: Studio, image: str) -> float:
    path = studio.images.find(image)
    assert path is not None
    return float(np.asarray(Image.open(path)).mean())


def app_export(folder: Path, studio: Studio, rounds: int) -> None:
    """Rounds as a studio saves them: two stores, one ticks light designs, the other dark ones."""
    stores = [studio.stores.add(name, {"style": [name.lower()]}) for name in ("Street", "Romantic")]
    studio.start()
    for number in range(rounds):
        store = stores[number % 2]
        prompt = ("dress, red", "skirt, navy")[number % 3 % 2]
        job = studio.request_round(prompt, 3, number * 10, store_id=store.id)
        wait_until(lambda job=job: studio.status(job.id).job.state.is_final)  # type: ignore[misc]  # bound now
        group = studio.status(job.id).group
        assert group is not None
        light = {each.id: lightness(studio, each.image) for each in group.candidates}
        ticked = (max if number % 2 else min)(light, key=lambda each: light[each])
        studio.select(group.id, frozenset({ticked}))
    studio.export.write_folder(folder)


def test_what_the_app_exports_can_be_learnt_from(world: Path, tmp_path: Path, generator, caplog):
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    app_export(tmp_path / "rounds", studio, 12)
    studio.stop()
    shutil.copytree(world / "checkpoint", tmp_path / "checkpoint")
    short = {**LEARNS, "steps": 2, "evaluate_steps": 2}

    with caplog.at_level("INFO"):
        line = command(tmp_path, tmp_path, "--fail-if-kept-back", reward=short, generator=SHORT)
        status = main(line)

    assert status == KEPT_BACK, (
        caplog.text
    )  # too few of twelve rounds are held out to judge anything
    assert caplog.text.count("Save more rounds, then train again") >= 2
    assert len(losses(tmp_path)) == 3
    assert len(list((tmp_path / "runs").glob("*/report.html"))) == 2


def without_rounds(folder: Path) -> None:
    write_rounds(folder / "rounds", [])


def without_ticks(folder: Path) -> None:
    rounds = read_rounds(folder / "rounds").rounds
    write_rounds(folder / "rounds", [replace(r, labels=(0.0,) * len(r.labels)) for r in rounds])


def of_one_store(folder: Path) -> None:
    rounds = read_rounds(folder / "rounds").rounds
    write_rounds(folder / "rounds", [replace(each, profile=ANNA) for each in rounds])


def without_images(folder: Path) -> None:
    shutil.rmtree(folder / "rounds" / "images")


def of_another_version(folder: Path) -> None:
    (folder / "rounds" / "export.json").write_text('{"format": "perfusion-rounds", "version": 2}')


def with_half_a_table(folder: Path) -> None:
    table = folder / "rounds" / "rounds.parquet"
    table.write_bytes(table.read_bytes()[:200])


def without_a_column(folder: Path) -> None:
    file = folder / "rounds" / "rounds.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["labels"]), file)


def of_pictures_alone(folder: Path) -> None:
    rounds = read_rounds(folder / "rounds").rounds
    write_rounds(folder / "rounds", [replace(each, designs=()) for each in rounds])


def weights(folder: Path) -> Path:
    return folder / "checkpoint" / "unet" / "diffusion_pytorch_model.safetensors"


def with_a_truncated_file(folder: Path) -> None:
    weights(folder).write_bytes(weights(folder).read_bytes()[:-50])


def with_a_missing_file(folder: Path) -> None:
    weights(folder).unlink()


def with_a_renamed_file(folder: Path) -> None:
    weights(folder).rename(weights(folder).with_name("model.safetensors"))


def with_an_unet_of_another_checkpoint(folder: Path) -> None:
    config = folder / "checkpoint" / "unet" / "config.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["in_channels"] += 4
    config.write_text(json.dumps(settings), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (without_rounds, "holds no rounds. Save some rounds"),
        (without_ticks, "Tick what you would sell"),
        (of_one_store, "All of these rounds are of one store"),
        (without_images, "48 with a missing image"),
        (of_another_version, "another format"),
        (with_half_a_table, "no readable export"),
        (without_a_column, r"lacks the columns \['labels'\]"),
        (of_pictures_alone, "This checkpoint learns from designs"),
        (with_a_truncated_file, "damaged, or was not copied completely"),
        (with_a_missing_file, "is missing. Copy the checkpoint folder again"),
        (with_a_renamed_file, "is missing. Copy the checkpoint folder again"),
        (with_an_unet_of_another_checkpoint, "don't fit its config.json"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_cannot_be_learnt_from_is_a_sentence_and_changes_nothing(
    world: Path, tmp_path: Path, capsys, harm: Callable[[Path], None], sentence: str
):
    for name in ("rounds", "checkpoint"):
        shutil.copytree(world / name, tmp_path / name)
    harm(tmp_path)
    before = contents(tmp_path)

    assert main(only_generator(tmp_path, tmp_path)) == 2

    told = capsys.readouterr().err
    assert re.search(sentence, told), told
    assert "Traceback" not in told
    assert not (tmp_path / "new").exists()
    assert before.items() <= contents(tmp_path).items()


def test_a_part_that_fails_does_not_take_the_other_one_with_it(world: Path, tmp_path: Path, capsys):
    for name in ("rounds", "checkpoint"):
        shutil.copytree(world / name, tmp_path / name)
    with_a_truncated_file(tmp_path)

    assert main(command(tmp_path, tmp_path, reward=REWARD, generator=SHORT)) == 2

    assert "damaged" in capsys.readouterr().err
    assert (tmp_path / "new" / "reward_model").is_dir()


def test_a_disk_that_fills_up_is_a_sentence_and_the_last_whole_state_stays(
    world: Path, tmp_path: Path, monkeypatch, capsys
):
    lazy = only_generator(world, tmp_path, learning_rate=0)
    assert main(lazy) == 0  # kept back, which is a result
    state = next((tmp_path / "runs").glob("generator-*")) / "state"
    before = contents(state)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.run_state.save_file", full)
    assert main(lazy) == 2

    assert "Make room on the disk" in capsys.readouterr().err
    assert contents(state) == before
    assert not (tmp_path / "new").exists()


def test_ctrl_c_saves_and_the_same_command_comes_to_the_same_end(
    world: Path, tmp_path: Path, monkeypatch, capsys
):
    assert main(only_generator(world, tmp_path / "whole")) == 0
    accumulate = PerFusionTask.accumulate

    def interrupting(self: PerFusionTask, model: torch.nn.Module, step: int) -> object:
        if step == 1:
            os.kill(os.getpid(), signal.SIGINT)
        return accumulate(self, model, step)

    monkeypatch.setattr(PerFusionTask, "accumulate", interrupting)
    assert main(only_generator(world, tmp_path / "parts")) == 130
    assert "Stopped after 2 of 3 steps" in capsys.readouterr().err
    assert not (tmp_path / "parts" / "new").exists()

    monkeypatch.undo()
    assert main(only_generator(world, tmp_path / "parts")) == 0
    assert losses(tmp_path / "parts") == losses(tmp_path / "whole")


@pytest.mark.slow
def test_after_kill_9_the_same_command_comes_to_the_same_end(world: Path, tmp_path: Path):
    settings = {"steps": 40, "save_minutes": 0, "evaluation_draws": 1}
    assert main(only_generator(world, tmp_path / "whole", **settings)) == 0
    line = only_generator(world, tmp_path / "parts", **settings)

    process = subprocess.Popen([sys.executable, "-m", "training.finetune", *line])
    facts = "runs/generator-*/state/facts.json"
    while not list((tmp_path / "parts").glob(facts)):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "parts" / "new").exists()

    assert main(line) == 0

    ends = [
        load_file(next((tmp_path / name).glob("runs/generator-*/state")) / "model.safetensors")
        for name in ("whole", "parts")
    ]
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


@pytest.mark.slow
def test_two_processes_come_to_the_losses_of_one(world: Path, tmp_path: Path):
    settings = {"steps": 4, "batch_size": 3}
    assert main(only_generator(world, tmp_path / "alone", **settings)) == 0
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    worker = ["-m", "training.finetune"]

    done = subprocess.run(
        [*launch, *worker, *only_generator(world, tmp_path / "together", **settings)],
        stderr=subprocess.PIPE,
        text=True,
    )

    assert "process 1 of 2" in done.stderr
    assert done.returncode == 0
    assert losses(tmp_path / "together") == pytest.approx(losses(tmp_path / "alone"), rel=1e-4)
