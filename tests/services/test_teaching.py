import json
import os
import threading
from pathlib import Path

import pytest

from studio.domain import CheckpointError, NothingTickedError, StorageError, TeachingError
from studio.perfusion.checkpoint import save_pipeline
from studio.perfusion.generator import Generator
from studio.services.in_service import InService
from studio.services.studio import Studio
from studio.services.teaching import Part, Trainings, TrainingState
from tests.scripted_training import ENDLESS, FAILS, HALF, PASSES, scripted_training
from tests.serving import drawn_round, wait_until
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline


@pytest.fixture
def answered(studio):
    group = drawn_round(studio, "dress, red", 2, seed=1)
    return studio.select(group.id, frozenset({group.candidates[0].id}))


@pytest.fixture
def trainings(studio, answered, tmp_path):
    """Makes trainings whose process does as it is told."""

    def make(ending: str) -> Trainings:
        command = scripted_training(tmp_path, ending)
        return Trainings(tmp_path / "trainings", studio.export, command)

    return make


def state_of(trainings: Trainings) -> TrainingState:
    latest = trainings.latest()
    assert latest is not None
    return latest.state


def test_a_training_goes_from_rounds_to_a_verdict_and_a_checkpoint(trainings, tmp_path):
    teaching = trainings(PASSES)

    teaching.start(tmp_path, [Part.REWARD])
    wait_until(lambda: state_of(teaching).is_final)

    latest = teaching.latest()
    assert latest.state is TrainingState.DONE
    assert latest.verdicts == (("reward", True, ("On 20 held-out rounds it is better.",)),)
    assert [path.name for path in teaching.checkpoints()] == ["taught-1"]


def test_progress_is_seen_and_a_second_training_is_refused(trainings, tmp_path):
    teaching = trainings(ENDLESS)
    teaching.start(tmp_path, [*Part])
    wait_until(lambda: teaching.latest().step is not None)

    latest = teaching.latest()
    assert (latest.part, latest.step, latest.minutes_left) == ("reward", 7, 2.4)
    with pytest.raises(TeachingError, match="under way"):
        teaching.start(tmp_path, [*Part])

    teaching.stop()
    wait_until(lambda: state_of(teaching).is_final)
    assert state_of(teaching) is TrainingState.CANCELLED
    assert teaching.checkpoints() == ()


def test_two_pages_that_start_at_once_start_one_training(trainings, tmp_path):
    teaching, refused = trainings(ENDLESS), []

    def start() -> None:
        try:
            teaching.start(tmp_path, [*Part])
        except TeachingError as error:
            refused.append(str(error))

    clicks = [threading.Thread(target=start) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    assert len(refused) == 1
    assert teaching.latest().number == 1
    teaching.stop()
    wait_until(lambda: state_of(teaching).is_final)


def test_what_came_of_a_training_is_told_even_if_it_was_to_stop(trainings, tmp_path):
    teaching = trainings(PASSES)
    teaching.start(tmp_path, [Part.REWARD])
    wait_until(lambda: state_of(teaching).is_final)
    (tmp_path / "trainings" / "0001" / "cancelled").touch()  # in its last moment

    teaching.stop()

    assert state_of(teaching) is TrainingState.DONE
    assert [path.name for path in teaching.checkpoints()] == ["taught-1"]


def test_a_training_whose_note_was_damaged_is_told_as_interrupted(trainings, tmp_path):
    teaching = trainings("sys.exit(1)")
    teaching.start(tmp_path, [*Part])
    wait_until(lambda: state_of(teaching).is_final)
    (tmp_path / "trainings" / "0001" / "training.json").write_text("")

    assert state_of(teaching) is TrainingState.INTERRUPTED


def test_a_training_outlives_the_app_and_is_seen_by_the_next_one(studio, trainings, tmp_path):
    trainings(ENDLESS).start(tmp_path, [*Part])

    after_restart = Trainings(tmp_path / "trainings", studio.export, ("unused",))
    assert state_of(after_restart) is TrainingState.RUNNING

    after_restart.stop()
    wait_until(lambda: state_of(after_restart).is_final)


def test_a_training_that_vanished_is_told_as_it_is(studio, trainings, tmp_path):
    teaching = trainings("sys.exit(1)")
    teaching.start(tmp_path, [*Part])

    wait_until(lambda: state_of(teaching).is_final)

    assert state_of(teaching) is TrainingState.INTERRUPTED


def test_one_part_that_could_not_be_taught_leaves_the_other_its_verdict(trainings, tmp_path):
    teaching = trainings(HALF)

    teaching.start(tmp_path, [*Part])
    wait_until(lambda: state_of(teaching).is_final)

    latest = teaching.latest()
    assert latest.state is TrainingState.DONE
    assert latest.verdicts == (("reward", False, ("Only 1 held-out rounds can judge it.",)),)
    assert latest.message == "All rounds are of one store."


def test_why_a_training_failed_is_its_own_sentence(trainings, tmp_path):
    teaching = trainings(FAILS)
    teaching.start(tmp_path, [*Part])
    wait_until(lambda: state_of(teaching).is_final)

    assert teaching.latest().message == "Save more rounds first."
    teaching.start(tmp_path, [*Part])
    assert teaching.latest().number == 2
    wait_until(lambda: state_of(teaching).is_final)


def test_a_training_that_could_not_be_started_leaves_its_number_to_nobody(
    studio, answered, trainings, tmp_path
):
    mine = tmp_path / "trainings" / "0001" / "rounds" / "README.md"
    mine.parent.mkdir(parents=True)
    mine.write_text("half of an export, or somebody's")
    teaching = trainings(FAILS)

    assert teaching.start(tmp_path, [*Part]).number == 2
    wait_until(lambda: state_of(teaching).is_final)
    teaching.start(tmp_path, [*Part])
    wait_until(lambda: state_of(teaching).is_final)

    assert mine.is_file()
    assert not (tmp_path / "trainings" / "0002" / "rounds").exists()
    assert (tmp_path / "trainings" / "0003" / "rounds" / "rounds.parquet").is_file()


def test_nothing_answered_teaches_nothing(studio, tmp_path):
    teaching = Trainings(tmp_path / "trainings", studio.export, ("unused",))

    with pytest.raises(NothingTickedError):
        teaching.start(tmp_path, [*Part])

    assert teaching.latest() is None


def test_a_data_folder_that_refuses_starts_nothing_and_says_so(studio, answered, tmp_path):
    (tmp_path / "trainings").write_text("a file is in the way")
    teaching = Trainings(tmp_path / "trainings", studio.export, ("unused",))

    with pytest.raises(StorageError):
        teaching.start(tmp_path, [*Part])

    assert teaching.latest() is None


# --- Which checkpoint is in service ----------------------------------------------------------


@pytest.fixture
def taught(tmp_path):
    """A checkpoint that draws otherwise."""
    folder = tmp_path / "taught-1"
    defaults = TINY_DEFAULTS
    save_pipeline(tiny_pipeline(seed=9), folder, phrasebook=tiny_phrasebook(), defaults=defaults)
    return folder


@pytest.fixture
def in_service(generator, database, images, tmp_path, taught):
    """A studio with a generator of its own: the shared one must not change."""
    own = Generator(generator.pipeline, generator.defaults, generator.phrasebook)
    studio = Studio(own, "tiny", database, images)

    def load(folder):
        return (own if folder.name == "tiny" else Generator.load(folder, device="cpu")), None

    yield InService(studio, tmp_path, tmp_path / "tiny", load), studio
    studio.stop()


def test_a_switch_draws_the_next_round_and_is_kept_for_the_next_start(in_service, taught, tmp_path):
    service, studio = in_service
    before = drawn_round(studio, "dress", 1, seed=5)

    service.use(taught)
    job = studio.request_round("dress", 1, 5)
    wait_until(lambda: studio.status(job.id).job.state.is_final)

    after = studio.status(job.id).group
    assert (before.checkpoint, after.checkpoint) == ("tiny", "taught-1")
    assert before.candidates[0].image != after.candidates[0].image
    record = json.loads((tmp_path / "checkpoint.json").read_text())
    assert record["in_service"] == "taught-1"


def test_the_choice_is_taken_up_again_and_a_broken_one_is_told(in_service, taught, tmp_path):
    service, studio = in_service
    service.use(taught)
    service.now = service.first

    assert service.restore() == ""
    assert studio.checkpoint == "taught-1"

    service.now = service.first
    (taught / "model_index.json").unlink()
    assert "tiny is in service" in service.restore()


def test_a_choice_of_before_holds_and_one_for_another_start_does_not(in_service, taught, tmp_path):
    service, studio = in_service
    gone, other = tmp_path / "elsewhere" / "tiny", tmp_path / "other" / "tiny"
    other.mkdir(parents=True)
    for started_with, then in ((service.first, "taught-1"), (gone, "taught-1"), (other, "tiny")):
        service.use(service.first)
        record = {"started_with": str(started_with), "in_service": str(taught)}
        (tmp_path / "checkpoint.json").write_text(json.dumps(record))

        assert service.restore() == ""
        assert studio.checkpoint == then


def test_a_checkpoint_that_cannot_be_read_changes_nothing(in_service, tmp_path):
    service, studio = in_service

    with pytest.raises(CheckpointError):
        service.use(tmp_path / "nowhere")

    assert studio.checkpoint == "tiny"
    assert service.now == service.first


def test_a_choice_that_cannot_be_kept_is_told_and_holds_until_the_restart(
    in_service, taught, tmp_path
):
    service, studio = in_service
    (tmp_path / "checkpoint.json").mkdir()

    with pytest.raises(StorageError, match="taught-1 is in service, but"):
        service.use(taught)

    assert (studio.checkpoint, service.now) == ("taught-1", taught)


def test_a_training_gives_way_to_drawing(trainings, tmp_path):
    teaching = trainings(ENDLESS)
    teaching.start(tmp_path, [*Part])
    request = json.loads((tmp_path / "trainings" / "0001" / "training.json").read_text())

    assert os.getpriority(os.PRIO_PROCESS, request["process"]) >= 10
    environment = Path(f"/proc/{request['process']}/environ").read_bytes().split(b"\0")
    assert any(each.startswith(b"OMP_NUM_THREADS=") for each in environment)


def test_all_that_teaching_needs_is_in_the_apps_own_requirements(studio, tmp_path):
    assert Trainings(tmp_path, studio.export).missing == ""
    listed = (Path(__file__).parents[2] / "requirements.txt").read_text()
    assert "accelerate==" in listed
