import hashlib
import json
import os
import threading
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

import studio.backup
import studio.restore
from studio.domain import BackupError, StorageError
from studio.perfusion.checkpoint import save_pipeline
from studio.perfusion.generator import Generator
from studio.services.backup import restore_backup, write_backup
from studio.services.in_service import InService
from studio.services.nightly import KEPT, NightlyBackups
from studio.services.studio import Studio
from tests.scripted_training import ended_training
from tests.serving import drawn_round
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook, tiny_pipeline


@pytest.fixture
def worked(generator, tmp_path):
    """A studio that runs, on a folder with an answered round."""
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    group = drawn_round(studio, "dress, red", 2, seed=1)
    studio.select(group.id, frozenset({group.candidates[0].id}))
    yield studio
    studio.stop()


def rewritten(source, target, change) -> None:
    """A copy of a zip with another content: name -> content, None to leave a file out."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            content = change(name, before.read(name))
            if content is not None:
                after.writestr(name, content)


def test_a_running_studio_comes_back_as_it_was(worked, generator, tmp_path):
    before = worked.group(1)

    backup = write_backup(tmp_path / "data", tmp_path / "kept.zip")
    restored = restore_backup(tmp_path / "kept.zip", tmp_path / "new")

    assert restored == backup
    assert (backup.rounds, backup.pictures, backup.missing) == (1, 2, ())
    again = Studio.open(tmp_path / "new", generator, "tiny")
    assert again.group(1) == before
    for candidate in before.candidates:
        there, here = again.images.find(candidate.image), worked.images.find(candidate.image)
        assert there is not None
        assert here is not None
        assert there.read_bytes() == here.read_bytes()
    again.stop()


def test_what_is_drawn_and_answered_meanwhile_does_no_harm(worked, generator, tmp_path):
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            worked.select(1, frozenset({worked.group(1).candidates[0].id}))
            worked.favourites.keep("red")
            worked.favourites.drop("red")

    busy = threading.Thread(target=work)
    busy.start()
    try:
        for number in range(5):
            write_backup(tmp_path / "data", tmp_path / f"{number}.zip")
    finally:
        stop.set()
        busy.join()

    for number in range(5):
        restored = restore_backup(tmp_path / f"{number}.zip", tmp_path / f"new-{number}")
        assert (restored.rounds, restored.missing) == (1, ())


def test_a_missing_and_a_damaged_picture_are_told_and_the_rest_is_kept(worked, tmp_path):
    first, second = (worked.images.find(each.image) for each in worked.group(1).candidates)
    first.unlink()
    second.write_bytes(b"no picture")

    backup = write_backup(tmp_path / "data", tmp_path / "kept.zip")

    assert set(backup.missing) == {first.stem, second.stem}
    assert "2 pictures were missing or damaged" in backup.sentence()
    assert restore_backup(tmp_path / "kept.zip", tmp_path / "new").rounds == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: content[:-1] if name == "studio.db" else content,
        lambda name, content: content + b"0" if name.endswith(".png") else content,
        lambda name, content: None if name.endswith(".png") else content,
        lambda name, content: None if name == "studio.db" else content,
        lambda name, content: None if name == "backup.json" else content,
        lambda name, content: b"{" if name == "backup.json" else content,
        lambda name, content: b"[" * 100_000 if name == "backup.json" else content,
        lambda name, content: content.replace(b'"version": 2', b'"version": 3'),
        lambda name, content: content.replace(b"images/", b"../../images/"),
        lambda name, content: content.replace(b'"studio.db"', b'"/etc/studio.db"'),
    ],
)
def test_what_is_not_whole_is_not_restored_and_leaves_nothing(worked, tmp_path, change):
    write_backup(tmp_path / "data", tmp_path / "kept.zip")
    rewritten(tmp_path / "kept.zip", tmp_path / "harmed.zip", change)
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises((BackupError, StorageError)):
        restore_backup(tmp_path / "harmed.zip", tmp_path / "new")

    assert sorted(tmp_path.rglob("*")) == before


def test_a_picture_under_a_wrong_name_is_refused_even_with_its_digest(worked, tmp_path):
    write_backup(tmp_path / "data", tmp_path / "kept.zip")
    content = b"another picture"

    def swap(name: str, before: bytes) -> bytes:
        if name.endswith(".png"):
            return content
        if name != "backup.json":
            return before
        facts = json.loads(before)
        for each in facts["files"]:
            if each.endswith(".png"):
                facts["files"][each] = hashlib.sha256(content).hexdigest()
        return json.dumps(facts).encode()

    rewritten(tmp_path / "kept.zip", tmp_path / "harmed.zip", swap)

    with pytest.raises(BackupError, match="none of a studio"):
        restore_backup(tmp_path / "harmed.zip", tmp_path / "new")


def test_nothing_is_written_over(worked, tmp_path):
    (tmp_path / "kept.zip").write_text("mine")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.jpg").write_text("mine")
    write_backup(tmp_path / "data", tmp_path / "other.zip")

    with pytest.raises(BackupError, match="there already"):
        write_backup(tmp_path / "data", tmp_path / "kept.zip")
    with pytest.raises(BackupError, match="not empty"):
        restore_backup(tmp_path / "other.zip", tmp_path / "mine")

    assert (tmp_path / "kept.zip").read_text() == "mine"
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["photo.jpg"]


def test_the_commands_say_what_they_did_or_what_is_wrong(worked, tmp_path, caplog):
    caplog.set_level("INFO")
    data, kept, new = tmp_path / "data", tmp_path / "kept.zip", tmp_path / "new"

    studio.backup.main([str(kept), "--data", str(data)])
    studio.restore.main([str(kept), "--data", str(new)])

    assert "1 rounds and 2 pictures" in caplog.text
    for command, arguments in (
        (studio.backup, [str(kept), "--data", str(data)]),
        (studio.backup, [str(tmp_path / "b.zip"), "--data", str(tmp_path / "nowhere")]),
        (studio.restore, [str(kept), "--data", str(new)]),
        (studio.restore, [str(tmp_path / "absent.zip"), "--data", str(tmp_path / "c")]),
        (studio.restore, [str(data / "studio.db"), "--data", str(tmp_path / "c")]),
    ):
        with pytest.raises(SystemExit, match=r"\w"):
            command.main(arguments)
    assert not (tmp_path / "c").exists()


def test_a_night_has_one_backup_and_two_weeks_stay(worked, tmp_path):
    folder = tmp_path / "nights"
    folder.mkdir()
    (folder / "studio-2025-01-01.zip").mkdir()  # somebody's folder
    (folder / "holidays.zip").write_text("mine")
    moments = [datetime(2026, 11, day, hour) for day in range(1, 21) for hour in (1, 4, 23)]
    clock = iter(moments)
    nightly = NightlyBackups(tmp_path / "data", folder, now=lambda: next(clock))

    made = [nightly.make_if_due() for _ in moments]

    assert sum(each is not None for each in made) == 20
    backups = sorted(each.name for each in folder.iterdir() if each.is_file())
    assert backups == ["holidays.zip", *(f"studio-2026-11-{day:02}.zip" for day in range(7, 21))]
    assert KEPT == 14
    assert (folder / "studio-2025-01-01.zip").is_dir()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_place_that_cannot_be_written_is_told(worked, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)

    with pytest.raises(StorageError, match="can't be written"):
        write_backup(tmp_path / "data", tmp_path / "closed" / "kept.zip")


@pytest.fixture
def taught(worked, generator, tmp_path):
    """The same studio with a taught checkpoint in service; what loads one, and where it began."""
    data, first = tmp_path / "data", tmp_path / "tiny"
    ended_training(data)
    checkpoint = data / "trainings" / "checkpoints" / "taught-1"
    save_pipeline(
        tiny_pipeline(seed=9), checkpoint, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS
    )
    (checkpoint / "again.json").write_bytes((checkpoint / "model_index.json").read_bytes())
    (checkpoint / "run.py").write_text("print('of nobody')")
    first.mkdir()

    def load(folder: Path):
        return (generator if folder == first else Generator.load(folder, device="cpu")), None

    InService(worked, data, first, load).use(checkpoint)
    return checkpoint, first, load


def test_taught_checkpoints_come_back_and_the_one_in_service_is_in_service(taught, tmp_path):
    checkpoint, first, load = taught
    parts = {path.relative_to(checkpoint): path for path in checkpoint.rglob("*") if path.is_file()}

    backup = write_backup(tmp_path / "data", tmp_path / "kept.zip")
    restored = restore_backup(tmp_path / "kept.zip", tmp_path / "new")

    assert restored == backup
    assert (backup.taught, backup.pictures) == (1, 2)
    assert "and 1 taught checkpoints" in backup.sentence()
    there = tmp_path / "new" / "trainings" / "checkpoints" / "taught-1"
    found = {path.relative_to(there): path for path in there.rglob("*") if path.is_file()}
    assert found.keys() == parts.keys() - {Path("run.py")}
    assert all(found[name].read_bytes() == parts[name].read_bytes() for name in found)
    again = Studio.open(tmp_path / "new", load(first)[0], "tiny")
    try:
        assert InService(again, tmp_path / "new", first, load).restore() == ""
        assert again.checkpoint == "taught-1"
    finally:
        again.stop()


def test_a_content_is_in_the_backup_once(taught, tmp_path):
    write_backup(tmp_path / "data", tmp_path / "kept.zip")

    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        names = set(archive.namelist())
        digests = json.loads(archive.read("backup.json"))["files"]

    again = "trainings/checkpoints/taught-1/again.json"
    assert digests[again] == digests[again.replace("again", "model_index")]
    assert len(names - {"backup.json"}) == len({*digests.values()}) < len(digests)


@pytest.mark.parametrize(
    "name",
    [
        "trainings/checkpoints/taught-1/run.py",
        "trainings/checkpoints/taught-1/../../../../run.json",
        "trainings/checkpoints/taught-1/.hidden.json",
        "trainings/checkpoints/mine/config.json",
        "trainings/0001/training.json",
        "settings.json",
    ],
)
def test_a_backup_brings_no_file_that_teaching_does_not_make(taught, tmp_path, name):
    write_backup(tmp_path / "data", tmp_path / "kept.zip")
    part = "trainings/checkpoints/taught-1/again.json"

    def rename(entry: str, content: bytes) -> bytes:
        return content.replace(part.encode(), name.encode()) if entry == "backup.json" else content

    rewritten(tmp_path / "kept.zip", tmp_path / "harmed.zip", rename)

    with pytest.raises(BackupError, match="none of a studio"):
        restore_backup(tmp_path / "harmed.zip", tmp_path / "new")


def test_a_harmed_checkpoint_is_not_restored(taught, tmp_path):
    write_backup(tmp_path / "data", tmp_path / "kept.zip")

    def harm(name: str, content: bytes) -> bytes:
        return content[:-1] + b"!" if name.endswith(".safetensors") else content

    rewritten(tmp_path / "kept.zip", tmp_path / "harmed.zip", harm)

    with pytest.raises(BackupError, match="is not what it was"):
        restore_backup(tmp_path / "harmed.zip", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_backup_from_before_there_were_checkpoints_in_it_is_restored(worked, tmp_path):
    write_backup(tmp_path / "data", tmp_path / "kept.zip")

    def older(name: str, content: bytes) -> bytes:
        return content.replace(b'"version": 2', b'"version": 1')

    rewritten(tmp_path / "kept.zip", tmp_path / "older.zip", older)

    assert restore_backup(tmp_path / "older.zip", tmp_path / "new").rounds == 1


def test_what_a_killed_backup_left_goes_with_a_later_one_and_nothing_else_does(worked, tmp_path):
    folder = tmp_path / "nights"
    folder.mkdir()
    left = [".a.zip.0123456789abcdef.unfinished", ".a.zip.0123456789abcdef.database-wal"]
    kept = [
        ".a.zip.0123456789abcdef.mine",
        "a.zip.0123456789abcdef.unfinished",
        ".a.zip.unfinished",
    ]
    for name in [*left, *kept]:
        (folder / name).write_text("half")
        os.utime(folder / name, (10**9, 10**9))
    (folder / ".b.zip.0123456789abcdef.unfinished").write_text("just being written")

    write_backup(tmp_path / "data", folder / "new.zip")

    found = {path.name for path in folder.iterdir()}
    assert found == {*kept, ".b.zip.0123456789abcdef.unfinished", "new.zip"}
