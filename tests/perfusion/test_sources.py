import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.domain import CheckpointError, GenerationRequest, LicenceError
from studio.perfusion.checkpoint import load_pipeline
from studio.perfusion.config import BASELINES, DRAWING, PRESETS, SD15, of_repository
from studio.perfusion.generator import Generator
from studio.perfusion.reward_model import load_backbone
from studio.perfusion.sources import checkpoint_folder, fetch, is_hub_id, unpack
from tests.hub_layouts import (
    BASE,
    REWARD,
    UNET,
    FolderHub,
    files_of,
    save_in_hub_layout,
    save_single_file,
    sd15_pipeline,
    tiny_hub,
)


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_hub(tmp_path_factory.mktemp("hub"))


@pytest.fixture
def hub(hub_folder: Path) -> FolderHub:
    return FolderHub(hub_folder)


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def drawn(folder: Path) -> bytes:
    generator = Generator.load(folder)
    request = GenerationRequest(prompt="a red dress", num_candidates=1, num_inference_steps=2)
    return generator.generate(request).candidates[0].image.tobytes()


# --- From the hub ----------------------------------------------------------------------------


def test_before_the_first_download_every_licence_is_shown_and_nothing_fetched(hub):
    with pytest.raises(LicenceError) as told:
        checkpoint_folder(Path("checkpoints/sd15"), download=hub)

    for model in SD15.of_roles(*DRAWING).hub_models:
        assert model.repo_id in str(told.value)
        assert model.licence in str(told.value)
    assert "--accept-licences" in str(told.value)
    assert hub.asked == []
    assert not Path("checkpoints").exists()


def test_the_preset_is_the_base_with_the_tuned_unet_and_draws(hub, hub_folder):
    folder = checkpoint_folder(Path("checkpoints/sd15"), licences_accepted=True, download=hub)

    assert hub.asked == [BASE.repo_id, UNET.repo_id]
    tuned = load_file(hub_folder / UNET.repo_id / "unet" / "diffusion_pytorch_model.safetensors")
    unet = load_pipeline(folder).unet
    assert torch.equal(unet.conv_in.weight, tuned["conv_in.weight"])
    assert drawn(folder) == drawn(folder)


def test_what_is_there_is_taken_as_it_is_without_asking_again(hub):
    checkpoint_folder(Path("checkpoints/sd15"), licences_accepted=True, download=hub)
    hub.asked.clear()

    assert checkpoint_folder(Path("checkpoints/sd15"), download=hub) == Path("checkpoints/sd15")
    assert hub.asked == []


def test_neither_code_nor_pickles_come_along(hub):
    folder = checkpoint_folder(Path("checkpoints/sd15"), licences_accepted=True, download=hub)

    endings = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert endings <= {".json", ".safetensors", ".txt"}
    for preset in (*PRESETS.values(), *BASELINES.values(), of_repository("a/b")):
        assert not [
            name for name in files_of(preset) if name.endswith((".bin", ".py", "*"))
        ] or all(name.startswith("tokenizer/") for name in files_of(preset) if name.endswith("*"))


def test_a_repository_is_opened_by_its_id(hub):
    folder = checkpoint_folder(Path(BASE.repo_id), licences_accepted=True, download=hub)

    assert folder == Path("checkpoints") / BASE.repo_id.replace("/", "--")
    assert drawn(folder)
    assert checkpoint_folder(Path(BASE.repo_id), download=hub) == folder


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_the_published_baselines_are_the_base_with_another_unet(hub, hub_folder, name, tmp_path):
    [_, unet] = BASELINES[name].hub_models
    if not (hub_folder / unet.repo_id).exists():
        shutil.copytree(hub_folder / UNET.repo_id, hub_folder / unet.repo_id)

    folder = checkpoint_folder(Path("checkpoints", name), licences_accepted=True, download=hub)

    assert load_pipeline(folder).unet.config.in_channels == 4


def test_the_reward_models_backbone_and_its_processor_lie_together(hub):
    fetch(SD15.of_roles(*DRAWING), Path("checkpoints/sd15"), licences_accepted=True, download=hub)

    fetch(SD15, Path("checkpoints/sd15"), licences_accepted=True, download=hub)

    model, processor = load_backbone("checkpoints/sd15/clip")
    assert REWARD.repo_id in hub.asked
    ids, mask = processor.prompts(["red dress"])
    assert model.get_text_features(input_ids=ids, attention_mask=mask) is not None
    assert drawn(Path("checkpoints/sd15"))


def test_what_was_taught_since_outlives_another_download(hub):
    sd15 = Path("checkpoints/sd15")
    fetch(SD15.of_roles(*DRAWING), sd15, licences_accepted=True, download=hub)
    (sd15 / "unet" / "config.json").write_text("taught")
    (sd15 / "vae" / "notes.txt").write_text("mine")

    fetch(SD15, sd15, licences_accepted=True, download=hub)

    (before,) = Path("checkpoints").glob("sd15.before-*")
    assert [path.name for path in before.iterdir()] == ["unet"]
    assert (before / "unet" / "config.json").read_text() == "taught"
    assert (sd15 / "vae" / "notes.txt").read_text() == "mine"
    assert drawn(sd15)
    assert not Path("checkpoints/.sd15.unfinished").exists()


def test_a_download_that_broke_off_leaves_nothing_that_looks_whole(hub):
    def broken(repo_id: str, **places: object) -> str:
        if repo_id == UNET.repo_id:
            raise OSError("Connection reset by peer")
        return hub(repo_id, **places)

    with pytest.raises(CheckpointError, match="goes on where it stopped"):
        fetch(SD15, Path("checkpoints/sd15"), licences_accepted=True, download=broken)
    assert not Path("checkpoints/sd15").exists()

    fetch(SD15.of_roles(*DRAWING), Path("checkpoints/sd15"), licences_accepted=True, download=hub)
    assert drawn(Path("checkpoints/sd15"))


def test_without_a_way_to_the_hub_a_sentence_says_what_to_do():
    # The tests are offline, so this is the hub library's own refusal.
    with pytest.raises(CheckpointError, match=r"python -m studio\.fetch sd15 .*copy .*sd15"):
        checkpoint_folder(Path("checkpoints/sd15"), licences_accepted=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("owner/name", True),
        ("name", False),
        ("a/b/c", False),
        ("checkpoints/x", False),
        ("here/x", False),
    ],
)
def test_a_hub_id_is_told_from_a_place_on_the_disk(name, expected):
    Path("here").mkdir()

    assert is_hub_id(Path(name)) is expected


# --- One file --------------------------------------------------------------------------------


@pytest.fixture
def single_file(tmp_path: Path) -> Path:
    """A file with a whole checkpoint, and beside it what it lacks."""
    pipeline = sd15_pipeline(seed=3)
    file = tmp_path / "models" / "dresses.safetensors"
    save_single_file(pipeline, file)
    save_in_hub_layout(pipeline, tmp_path / "layout")
    for weights in (tmp_path / "layout").rglob("*.safetensors"):
        weights.unlink()
    shutil.copytree(tmp_path / "layout", tmp_path / "models", dirs_exist_ok=True)
    return file


def test_a_single_file_becomes_a_folder_with_the_same_weights(single_file):
    folder = checkpoint_folder(single_file)

    assert folder == single_file.with_suffix("")
    expected = sd15_pipeline(seed=3)
    loaded = load_pipeline(folder)
    for name in ("unet", "vae", "text_encoder"):
        own, other = getattr(loaded, name).state_dict(), getattr(expected, name).state_dict()
        assert own.keys() == other.keys()
        for key, value in other.items():
            rounded = value.half().float() if value.is_floating_point() else value
            assert torch.equal(own[key], rounded), f"{name}.{key}"


def test_it_is_unpacked_only_once(single_file):
    folder = checkpoint_folder(single_file)
    single_file.unlink()

    assert checkpoint_folder(single_file) == folder


def test_what_a_single_file_lacks_comes_from_the_hub_if_it_lies_nowhere(single_file, hub, tmp_path):
    alone = tmp_path / "alone" / "dresses.safetensors"
    alone.parent.mkdir()
    shutil.copy(single_file, alone)

    with pytest.raises(LicenceError, match="Open RAIL"):
        unpack(alone, download=hub)
    folder = unpack(alone, licences_accepted=True, download=hub)

    assert drawn(folder)
    assert not list(Path("checkpoints/sd15-layout").rglob("*.safetensors"))


@pytest.mark.parametrize("dropped", ["model.diffusion_model", "first_stage", "cond_stage"])
def test_a_file_that_holds_something_else_is_refused(single_file, dropped):
    tensors = load_file(single_file)
    save_file({k: v for k, v in tensors.items() if not k.startswith(dropped)}, single_file)

    with pytest.raises(CheckpointError, match="no whole checkpoint"):
        checkpoint_folder(single_file)
    assert not single_file.with_suffix("").exists()


@pytest.mark.parametrize(
    "key",
    [
        "model.diffusion_model.input_blocks.1.0.in_layers.2.weight",
        "first_stage_model.decoder.up.0.block.0.conv1.weight",
        "cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight",
    ],
)
def test_a_file_that_lacks_a_tensor_is_refused(single_file, key):
    tensors = load_file(single_file)
    del tensors[key]
    save_file(tensors, single_file)

    with pytest.raises(CheckpointError, match="does not fit"):
        checkpoint_folder(single_file)


def test_a_damaged_file_is_refused(single_file):
    single_file.write_bytes(single_file.read_bytes()[:-100])

    with pytest.raises(CheckpointError, match="damaged"):
        checkpoint_folder(single_file)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(CheckpointError, match="There is no file"):
        checkpoint_folder(tmp_path / "nothing.safetensors")
