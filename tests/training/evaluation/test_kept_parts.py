from training.evaluation.kept_parts import KeptParts, fingerprint
from training.results import Figure

FIGURES = {"reading_mean": Figure(0.9, 0.88, 0.92), "sets": Figure.exact(500)}


def test_kept_figures_come_back_under_the_same_mark_only(tmp_path):
    kept = KeptParts(tmp_path / "new")
    assert kept.recall("generation", "a") is None

    kept.keep("generation", "a", FIGURES)

    assert kept.recall("generation", "a") == FIGURES
    assert kept.recall("generation", "b") is None
    assert kept.recall("order", "a") is None


def test_the_mark_changes_with_any_file_its_name_and_any_setting(tmp_path):
    folder = tmp_path / "unet"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    paths = [folder, tmp_path / "absent"]
    marks = [fingerprint(paths, {"seed": 0}), fingerprint(paths, {"seed": 1})]
    (folder / "config.json").write_text("{ }")
    marks.append(fingerprint(paths, {"seed": 0}))
    (folder / "config.json").rename(folder / "other.json")
    marks.append(fingerprint(paths, {"seed": 0}))

    assert len(set(marks)) == 4
    assert fingerprint(paths, {"seed": 0}) == marks[-1]


def test_the_mark_does_not_depend_on_where_the_folder_lies(tmp_path):
    for place in ("one", "other"):
        (tmp_path / place / "vae").mkdir(parents=True)
        (tmp_path / place / "vae" / "config.json").write_text("{}")

    one, other = (fingerprint([tmp_path / place / "vae"], {}) for place in ("one", "other"))

    assert one == other
