"""Checkpoints as other programs and other people leave them, in all their common spellings."""

import json
import os
import shutil
from pathlib import Path

import pytest
import torch
from diffusers import (
    DEISMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    HeunDiscreteScheduler,
    LCMScheduler,
)
from safetensors.torch import load_file, save_file

from studio.domain import CheckpointError, GenerationRequest
from studio.perfusion.checkpoint import load_component, load_pipeline, write_index
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.config import of_repository
from studio.perfusion.generator import Generator
from studio.perfusion.sources import checkpoint_folder, fetch
from tests.hub_layouts import FolderHub, save_in_hub_layout, save_single_file, sd15_pipeline


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "sd15"
    save_in_hub_layout(sd15_pipeline(), folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(made, tmp_path / "sd15"))


def drawn(folder: Path) -> bytes:
    request = GenerationRequest(prompt="red dress", num_candidates=1, num_inference_steps=1)
    return Generator.load(folder, device="cpu").generate(request).candidates[0].image.tobytes()


def edit(path: Path, **entries: object) -> None:
    record = {**json.loads(path.read_text(encoding="utf-8")), **entries}
    path.write_text(json.dumps(record), encoding="utf-8")


# --- Numbers of a file -----------------------------------------------------------------------


@pytest.mark.parametrize("said", [None, 10**30, 1e30, 0, -1, 2, "77", True, 100_000])
def test_a_tokenizer_whose_length_cannot_be_used_takes_that_of_the_text_tower(folder, said):
    config = folder / "tokenizer" / "tokenizer_config.json"
    record = json.loads(config.read_text(encoding="utf-8"))
    record.pop("model_max_length", None)
    config.write_text(json.dumps(record | ({} if said is None else {"model_max_length": said})))

    pipeline = load_pipeline(folder)

    positions = pipeline.text_encoder.config.max_position_embeddings
    assert pipeline.tokenizer.model_max_length == positions
    assert pipeline.encode_prompts(["red dress"]).shape[1] == positions


def test_a_tokenizer_that_reads_less_than_the_text_tower_stays_so(folder):
    edit(folder / "tokenizer" / "tokenizer_config.json", model_max_length=9)

    assert load_pipeline(folder).encode_prompts(["red"]).shape[1] == 9


# --- Solvers that get replaced anyway --------------------------------------------------------


@pytest.mark.parametrize(
    "solver",
    [DEISMultistepScheduler, HeunDiscreteScheduler, LCMScheduler],
    ids=lambda s: s.__name__,
)
def test_any_solver_with_a_schedule_of_betas_will_do(folder, solver):
    own = load_component(folder, "scheduler")
    shutil.rmtree(folder / "scheduler")
    solver.from_config(own.config).save_pretrained(folder / "scheduler")

    assert torch.equal(load_pipeline(folder).scheduler.betas, own.betas)
    write_index(folder)
    assert drawn(folder)


def test_a_solver_of_tomorrow_will_do_as_well(folder):
    own = load_component(folder, "scheduler")
    edit(folder / "scheduler" / "scheduler_config.json", _class_name="SolverOfTomorrow", odd=[1])

    assert torch.equal(load_pipeline(folder).scheduler.betas, own.betas)


def test_a_solver_of_another_kind_of_model_is_refused_by_name(folder):
    shutil.rmtree(folder / "scheduler")
    FlowMatchEulerDiscreteScheduler().save_pretrained(folder / "scheduler")

    with pytest.raises(CheckpointError, match="FlowMatchEulerDiscreteScheduler"):
        load_pipeline(folder)


@pytest.mark.parametrize("betas", [{"beta_schedule": "none such"}, {"trained_betas": ["x"]}])
def test_a_schedule_that_cannot_be_read_is_a_sentence(folder, betas):
    edit(folder / "scheduler" / "scheduler_config.json", _class_name="SolverOfTomorrow", **betas)

    with pytest.raises(CheckpointError, match="can't be read"):
        load_pipeline(folder)


# --- A byte order mark -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "model_index.json",
        "unet/config.json",
        "vae/config.json",
        "text_encoder/config.json",
        "tokenizer/tokenizer_config.json",
        "scheduler/scheduler_config.json",
    ],
)
def test_a_byte_order_mark_is_read_over_and_left_where_it_is(folder, name):
    marked = b"\xef\xbb\xbf" + (folder / name).read_bytes()
    (folder / name).write_bytes(marked)

    assert load_pipeline(folder).unet is not None
    assert (folder / name).read_bytes() == marked


# --- Repositories ----------------------------------------------------------------------------


def rename_weights(folder: Path, variant: str) -> None:
    for file in list(folder.rglob("*.safetensors")):
        halves = {
            name: value.half() if value.is_floating_point() else value
            for name, value in load_file(file).items()
        }
        other = file.with_name(file.name.replace(".safetensors", f".{variant}.safetensors"))
        save_file(halves, other, metadata={"format": "pt"})
        file.unlink()


@pytest.fixture
def hub(folder: Path, tmp_path: Path) -> FolderHub:
    shutil.copytree(folder, tmp_path / "hub" / "owner" / "name")
    shutil.rmtree(folder)
    return FolderHub(tmp_path / "hub")


@pytest.mark.parametrize("variant", ["fp16", "bf16"])
def test_a_repository_of_half_precision_alone_opens_by_its_id(hub, variant):
    rename_weights(hub.folder / "owner" / "name", variant)

    assert drawn(checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub))


def test_weights_in_several_files_are_fetched_with_all_of_them(hub):
    unet = hub.folder / "owner" / "name" / "unet"
    whole = unet / "diffusion_pytorch_model.safetensors"
    tensors = load_file(whole)
    whole.unlink()
    names = sorted(tensors)
    index: dict[str, str] = {}
    for number, some in enumerate((names[::2], names[1::2]), 1):
        shard = f"diffusion_pytorch_model-0000{number}-of-00002.safetensors"
        save_file({name: tensors[name] for name in some}, unet / shard, metadata={"format": "pt"})
        index |= dict.fromkeys(some, shard)
    sharded = json.dumps({"metadata": {"total_size": 1}, "weight_map": index})
    (unet / "diffusion_pytorch_model.safetensors.index.json").write_text(sharded)

    assert drawn(checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub))


def test_where_plain_weights_are_there_the_halves_are_not_fetched(hub):
    name = hub.folder / "owner" / "name"
    shutil.copy(
        name / "vae" / "diffusion_pytorch_model.safetensors",
        name / "vae" / "diffusion_pytorch_model.fp16.safetensors",
    )

    folder = checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub)

    assert not list(folder.rglob("*.fp16.*"))


def test_a_repository_of_pickles_is_refused_and_looks_like_no_checkpoint(hub):
    vae = hub.folder / "owner" / "name" / "vae"
    whole = vae / "diffusion_pytorch_model.safetensors"
    whole.rename(whole.with_suffix(".bin"))

    for _ in range(2):
        with pytest.raises(CheckpointError, match="no safetensors weights of its vae"):
            checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub)
    assert not Path("checkpoints/owner--name").exists()


def test_a_repository_of_one_file_says_what_to_do_with_it(hub):
    (hub.folder / "owner" / "name" / "model_index.json").unlink()

    with pytest.raises(CheckpointError, match=r"single \.safetensors file"):
        checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub)


def test_a_half_folder_of_an_earlier_download_is_completed(hub):
    folder = checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub)
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()

    assert drawn(checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub))


def test_a_download_that_broke_off_within_a_repository_goes_on(hub):
    def breaks(repo_id: str, **places: object) -> str:
        hub(repo_id, allow_patterns=["model_index.json"], local_dir=places["local_dir"])
        raise OSError("Connection reset by peer")

    preset = of_repository("owner/name")
    place = Path("checkpoints/owner--name")
    with pytest.raises(CheckpointError, match="goes on where it stopped"):
        fetch(preset, place, licences_accepted=True, download=breaks)
    assert not place.exists()

    assert drawn(checkpoint_folder(Path("owner/name"), licences_accepted=True, download=hub))


# --- One file --------------------------------------------------------------------------------


@pytest.fixture
def beside(folder: Path) -> Path:
    """A folder with all that a single file lacks."""
    for weights in folder.rglob("*.safetensors"):
        weights.unlink()
    return folder


def conv_in(folder: Path) -> torch.Tensor:
    return load_pipeline(folder).unet.conv_in.weight


def halves(pipeline: CheckpointPipeline) -> torch.Tensor:
    return pipeline.unet.conv_in.weight.half().float()


@pytest.mark.parametrize(
    "name",
    [
        "unet/config.json",
        "vae/config.json",
        "text_encoder/config.json",
        "tokenizer/tokenizer_config.json",
        "scheduler/scheduler_config.json",
    ],
)
def test_what_stands_beside_a_single_file_may_begin_with_a_byte_order_mark(beside, name):
    file, one = beside / "model.safetensors", sd15_pipeline(1)
    save_single_file(one, file)
    marked = b"\xef\xbb\xbf" + (beside / name).read_bytes()
    (beside / name).write_bytes(marked)

    assert torch.equal(conv_in(checkpoint_folder(file)), halves(one))
    assert (beside / name).read_bytes() == marked


def test_a_file_that_was_replaced_under_its_name_is_unpacked_again(beside):
    file, one, two = beside / "last.safetensors", sd15_pipeline(1), sd15_pipeline(2)
    save_single_file(one, file)
    assert torch.equal(conv_in(checkpoint_folder(file)), halves(one))
    save_single_file(two, file)

    assert torch.equal(conv_in(checkpoint_folder(file)), halves(two))


def test_a_replaced_file_of_the_same_time_is_told_by_its_header(beside):
    file, one = beside / "last.safetensors", sd15_pipeline(1)
    save_single_file(one, file)
    checkpoint_folder(file)
    time = file.stat().st_mtime_ns
    tensors = load_file(file)
    save_file(tensors, file, metadata={"step": "2"})
    os.utime(file, ns=(time, time))
    mark = (beside / "last" / "made_from.json").read_text()

    checkpoint_folder(file)

    assert (beside / "last" / "made_from.json").read_text() != mark


def test_the_same_file_is_unpacked_once(beside):
    file = beside / "last.safetensors"
    save_single_file(sd15_pipeline(1), file)
    index = checkpoint_folder(file) / "model_index.json"
    made_at = index.stat().st_mtime_ns

    checkpoint_folder(file)

    assert index.stat().st_mtime_ns == made_at


def test_a_folder_without_a_mark_is_older_than_a_newer_file(beside):
    file, two = beside / "last.safetensors", sd15_pipeline(2)
    save_single_file(sd15_pipeline(1), file)
    folder = checkpoint_folder(file)
    (folder / "made_from.json").unlink()
    save_single_file(two, file)
    later = (folder / "model_index.json").stat().st_mtime_ns + 10**9
    os.utime(file, ns=(later, later))

    assert torch.equal(conv_in(checkpoint_folder(file)), halves(two))


def test_what_was_taught_since_lies_aside_when_its_file_is_replaced(beside):
    file = beside / "last.safetensors"
    save_single_file(sd15_pipeline(1), file)
    taught = checkpoint_folder(file) / "adaptive_network"
    taught.mkdir()
    (taught / "config.json").write_text("taught")
    save_single_file(sd15_pipeline(2), file)

    checkpoint_folder(file)

    [kept] = beside.glob("last.before-*/last/adaptive_network/config.json")
    assert kept.read_text() == "taught"
    assert not taught.exists()


def without_text_model(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name.replace(".text_model.", "."): value for name, value in tensors.items()}


def with_averages(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    more = {"model_ema.decay": torch.ones(()), "betas": torch.ones(5)}
    positions = "cond_stage_model.transformer.text_model.embeddings.position_ids"
    return {**tensors, **more, positions: torch.arange(7)[None]}


def in_halves(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: value.half() for name, value in tensors.items()}


@pytest.mark.parametrize("spelling", [without_text_model, with_averages, in_halves])
def test_single_files_open_in_their_common_spellings(beside, spelling):
    file, one = beside / "model.safetensors", sd15_pipeline(1)
    save_single_file(one, file)
    save_file({k: v.contiguous() for k, v in spelling(load_file(file)).items()}, file)

    loaded = load_pipeline(checkpoint_folder(file))

    assert torch.equal(loaded.unet.conv_in.weight, halves(one))
    text, own = loaded.text_encoder.state_dict(), one.text_encoder.state_dict()
    assert all(torch.equal(text[name], value.half().float()) for name, value in own.items())


@pytest.mark.parametrize("name", ["Model.SAFETENSORS", "model.SafeTensors"])
def test_the_ending_may_be_in_capitals(beside, name):
    save_single_file(sd15_pipeline(1), beside / name)

    assert drawn(checkpoint_folder(beside / name))


@pytest.mark.parametrize(
    "name",
    ["model.ckpt", "MODEL.CKPT", "model.pt", "model.bin", "model.gguf", "model.zip", "model"],
)
def test_another_kind_of_file_is_told_what_to_do(tmp_path, name):
    (tmp_path / name).write_bytes(b"x" * 100)

    with pytest.raises(CheckpointError, match=r"no safetensors file.*Get the same weights"):
        checkpoint_folder(tmp_path / name)


@pytest.mark.parametrize("name", ["model.ckpt", "Model.SAFETENSORS"])
def test_a_file_that_is_not_there_is_told_as_a_file(tmp_path, name):
    with pytest.raises(CheckpointError, match="There is no file"):
        checkpoint_folder(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 100, b"\xff" * 16])
def test_a_file_that_is_no_safetensors_inside_is_damaged(tmp_path, content):
    (tmp_path / "Model.SAFETENSORS").write_bytes(content)

    with pytest.raises(CheckpointError, match="damaged"):
        checkpoint_folder(tmp_path / "Model.SAFETENSORS")
