import json
import shutil
from pathlib import Path

import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    PNDMScheduler,
    UNet2DConditionModel,
    UniPCMultistepScheduler,
)
from safetensors.torch import load_file, save_file
from transformers import CLIPTextModel, CLIPTokenizer

from studio.domain import CheckpointError, GenerationRequest
from studio.perfusion.checkpoint import (
    PARTS,
    load_component,
    load_defaults,
    load_phrasebook,
    load_pipeline,
    save_component,
    save_pipeline,
    save_tokenizer,
)
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.generator import Generator
from studio.perfusion.whole_folders import replacing
from tests.tiny_models import (
    DESIGN_CHANNELS,
    TINY_DEFAULTS,
    tiny_adaptive_network,
    tiny_autoencoder_kl,
    tiny_phrasebook,
    tiny_pipeline,
    tiny_unet,
)
from tests.tiny_reward_models import SCHEMA

MODELS = ("codec", "text_encoder", "unet")
WEIGHTS = {name: f"{name}/{PARTS[name].weights}.safetensors" for name in MODELS}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    save_pipeline(tiny_pipeline(), folder, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of a good checkpoint folder that a test may damage."""
    shutil.copytree(saved, tmp_path / "tiny")
    return tmp_path / "tiny"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def change_json(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


# --- Round trips -----------------------------------------------------------------------------


@pytest.mark.parametrize("decoder", ["codec", "vae"])
def test_a_round_trip_in_fp16_gives_every_weight_rounded_once(tmp_path, decoder):
    before = tiny_pipeline(decoder=decoder)
    save_pipeline(before, tmp_path / "tiny")

    after = load_pipeline(tmp_path / "tiny")

    for name in (decoder, "text_encoder", "unet"):
        old, new = getattr(before, name).state_dict(), getattr(after, name).state_dict()
        assert old.keys() == new.keys()
        for key, value in old.items():
            expected = value.half().float() if value.is_floating_point() else value
            assert torch.equal(new[key], expected), key
            assert new[key].dtype == expected.dtype


def test_saving_leaves_the_models_in_memory_as_they_are(tmp_path):
    pipeline = tiny_pipeline()
    before = {key: value.clone() for key, value in pipeline.unet.state_dict().items()}

    save_pipeline(pipeline, tmp_path / "tiny")

    assert pipeline.unet.dtype == torch.float32
    assert all(torch.equal(before[key], v) for key, v in pipeline.unet.state_dict().items())


def test_a_saved_generator_draws_the_same_again_and_again(saved, tmp_path):
    request = GenerationRequest(prompt="dress, red", num_candidates=2, seed=5)
    first = Generator.load(saved)
    save_pipeline(first.pipeline, tmp_path / "again", defaults=first.defaults)

    groups = [
        Generator(load_pipeline(folder), TINY_DEFAULTS, tiny_phrasebook()).generate(request)
        for folder in (saved, tmp_path / "again")
    ]

    assert [c.image.tobytes() for c in groups[0].candidates] == [
        c.image.tobytes() for c in groups[1].candidates
    ]
    assert first.defaults == TINY_DEFAULTS
    assert first.phrasebook == tiny_phrasebook()


def test_the_weights_on_disk_are_halves_and_in_memory_what_was_asked_for(saved):
    assert {t.dtype for t in load_file(saved / WEIGHTS["unet"]).values()} == {torch.float16}
    assert load_pipeline(saved).unet.dtype == torch.float32
    coarse = load_pipeline(saved, dtype=torch.bfloat16)
    assert coarse.unet.dtype == torch.bfloat16
    assert coarse.codec.dtype == torch.float32


def test_the_codes_of_a_checkpoint_are_read_and_not_made_again(folder):
    codes = load_file(folder / WEIGHTS["codec"])
    codes["codes"] = -codes["codes"]
    save_file(codes, folder / WEIGHTS["codec"], metadata={"format": "pt"})

    assert torch.equal(load_pipeline(folder).codec.codes, codes["codes"].float())


def test_loaded_models_are_for_use_and_not_for_training(saved):
    pipeline = load_pipeline(saved)

    for name in MODELS:
        model = getattr(pipeline, name)
        assert not model.training
        assert not any(parameter.requires_grad for parameter in model.parameters())


def test_stock_libraries_open_every_stock_part(saved):
    unet = UNet2DConditionModel.from_pretrained(saved, subfolder="unet")
    solver = DPMSolverMultistepScheduler.from_pretrained(saved, subfolder="scheduler")
    text_encoder = CLIPTextModel.from_pretrained(saved / "text_encoder")
    tokenizer = CLIPTokenizer.from_pretrained(saved / "tokenizer")

    assert unet.config.cross_attention_dim == text_encoder.config.hidden_size
    assert solver.config.prediction_type == "v_prediction"
    assert tokenizer("dress").input_ids[0] == tokenizer.bos_token_id


def test_no_file_tells_where_the_models_came_from(saved, tmp_path):
    save_pipeline(load_pipeline(saved), tmp_path / "again")

    for name, content in contents(tmp_path / "again").items():
        if name.endswith(".json"):
            assert str(tmp_path.parent).encode() not in content, name


def test_a_part_is_saved_and_loaded_alone(folder):
    other = tiny_unet()

    save_component(folder, "unet", other, dtype=torch.float32)

    again = load_component(folder, "unet")
    assert torch.equal(again.conv_in.weight, other.conv_in.weight)
    assert load_pipeline(folder).unet.dtype == torch.float32


def test_a_checkpoint_can_be_built_part_by_part(tmp_path):
    pipeline = tiny_pipeline()
    for name in (*MODELS, "tokenizer", "scheduler"):
        save_component(tmp_path / "tiny", name, getattr(pipeline, name))

    assert load_pipeline(tmp_path / "tiny").unet.config.in_channels == DESIGN_CHANNELS
    assert load_phrasebook(tmp_path / "tiny") is None


def test_a_slow_solver_in_the_folder_becomes_a_fast_one(folder):
    save_component(folder, "scheduler", PNDMScheduler(beta_schedule="scaled_linear"))

    assert isinstance(load_pipeline(folder).scheduler, DPMSolverMultistepScheduler)
    save_component(folder, "scheduler", UniPCMultistepScheduler())
    assert isinstance(load_pipeline(folder).scheduler, UniPCMultistepScheduler)


def test_a_folder_in_stable_diffusions_own_layout_opens(tmp_path):
    pipeline = tiny_pipeline(prediction_type="epsilon", decoder="vae")
    pipeline.save_pretrained(tmp_path / "sd", variant="fp16")
    change_json(
        tmp_path / "sd" / "model_index.json",
        _class_name="StableDiffusionPipeline",
        safety_checker=["stable_diffusion", "StableDiffusionSafetyChecker"],
    )
    (tmp_path / "sd" / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")

    loaded = load_pipeline(tmp_path / "sd")

    assert torch.equal(loaded.unet.conv_in.weight, pipeline.unet.conv_in.weight)
    defaults = load_defaults(tmp_path / "sd")
    assert (defaults.height_px, defaults.width_px) == (64, 32)
    assert load_phrasebook(tmp_path / "sd") is None
    group = Generator.load(tmp_path / "sd").generate(
        GenerationRequest(prompt="a red dress", num_candidates=1, num_inference_steps=2)
    )
    assert group.candidates[0].image.size == (32, 64)
    assert group.candidates[0].design is None


def test_a_folder_of_designs_without_defaults_takes_what_suits_designs(folder):
    (folder / "generation.json").unlink()

    defaults = load_defaults(folder)

    assert (defaults.height_px, defaults.width_px, defaults.guidance_scale) == (1024, 512, 1.0)


def test_defaults_that_earlier_studios_wrote_of_stable_diffusion_still_open(folder):
    change_json(folder / "generation.json", calm_below=0, last_timestep=0)

    assert load_defaults(folder) == TINY_DEFAULTS


def test_sharded_weights_open(folder):
    unet = tiny_unet()
    shutil.rmtree(folder / "unet")
    unet.save_pretrained(folder / "unet", max_shard_size="10KB")
    assert len(list((folder / "unet").glob("*.safetensors"))) > 1

    assert torch.equal(load_pipeline(folder).unet.conv_in.weight, unet.conv_in.weight)
    next((folder / "unet").glob("*-00002-*.safetensors")).unlink()
    with pytest.raises(CheckpointError, match=r"00002.*is missing"):
        load_pipeline(folder)


# --- What is refused -------------------------------------------------------------------------


def test_a_missing_folder_is_a_sentence(tmp_path):
    with pytest.raises(CheckpointError, match=r"no checkpoint folder at .*nowhere"):
        Generator.load(tmp_path / "nowhere")


def with_adaptive_network(folder: Path) -> Path:
    network = tiny_adaptive_network(load_component(folder, "unet"))
    save_component(folder, "adaptive_network", network)
    return folder


def test_an_adaptive_network_is_saved_and_loaded_with_the_rest(folder, tmp_path):
    first = load_pipeline(with_adaptive_network(folder))
    save_pipeline(first, tmp_path / "again")

    again = load_pipeline(tmp_path / "again")

    own, saved_again = first.adaptive_network.state_dict(), again.adaptive_network.state_dict()
    assert own.keys() == saved_again.keys()
    assert all(torch.equal(own[key], saved_again[key]) for key in own)
    assert again.adaptive_network.schema == SCHEMA
    index = json.loads((tmp_path / "again" / "model_index.json").read_text())
    assert index["adaptive_network"][1] == "PersonalisedAdaptiveNetwork"


def test_diffusers_own_loading_takes_the_adaptive_network_along(folder):
    pipeline = CheckpointPipeline.from_pretrained(with_adaptive_network(folder))

    assert pipeline.adaptive_network.schema == SCHEMA


def test_an_adaptive_network_of_another_unet_is_refused(folder):
    network = tiny_adaptive_network(tiny_unet(latent_channels=3))
    save_component(folder, "adaptive_network", network)

    with pytest.raises(CheckpointError, match="trained on another U-Net"):
        load_pipeline(folder)


def test_a_damaged_adaptive_network_is_no_reason_to_go_on_without_it(folder):
    path = (
        with_adaptive_network(folder) / "adaptive_network" / "diffusion_pytorch_model.safetensors"
    )
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(CheckpointError, match=r"adaptive_network.* is damaged"):
        load_pipeline(folder)


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if not part.optional])
def test_a_missing_part_is_named(folder, name):
    shutil.rmtree(folder / name)

    with pytest.raises(CheckpointError, match=f"no folder {name}.*Copy"):
        load_pipeline(folder)


def test_a_folder_has_a_codec_or_an_autoencoder_and_not_both(folder):
    save_component(folder, "vae", tiny_autoencoder_kl())
    with pytest.raises(CheckpointError, match=r"has vae and codec; .* one of them"):
        load_pipeline(folder)

    for name in ("vae", "codec"):
        shutil.rmtree(folder / name)
    with pytest.raises(CheckpointError, match=r"no folder vae or codec; .* one of them"):
        load_pipeline(folder)


def test_a_checkpoint_of_the_time_before_designs_is_refused_with_what_to_do(folder):
    shutil.rmtree(folder / "codec")
    (folder / "vae").mkdir()
    (folder / "vae" / "config.json").write_text('{"_class_name": "PatchAutoencoder"}')

    with pytest.raises(CheckpointError, match=r"earlier studio.*Take the checkpoint that came"):
        Generator.load(folder)


def test_a_codec_for_other_families_is_refused(folder):
    config = json.loads((folder / "codec" / "config.json").read_text())
    config["families"]["colour"].append("octarine")
    change_json(folder / "codec" / "config.json", families=config["families"])

    with pytest.raises(CheckpointError, match="other families of designs"):
        load_pipeline(folder)


@pytest.mark.parametrize("sample_size", [(16, 8), 8])
def test_a_codec_that_does_not_fit_the_unet_is_refused(folder, sample_size):
    unet = UNet2DConditionModel.from_config({**tiny_unet().config, "sample_size": sample_size})
    save_component(folder, "unet", unet)

    with pytest.raises(CheckpointError, match=r"unet and codec are of different.*\(16, 8, 4\)"):
        load_pipeline(folder)


@pytest.mark.parametrize(
    "name",
    [
        "model_index.json",
        "unet/config.json",
        "codec/config.json",
        "text_encoder/config.json",
        "tokenizer/tokenizer_config.json",
        "scheduler/scheduler_config.json",
        *WEIGHTS.values(),
    ],
)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()

    with pytest.raises(CheckpointError, match=f"{name} is missing"):
        load_pipeline(folder)


@pytest.mark.parametrize(
    "name",
    [
        "model_index.json",
        "generation.json",
        "phrasebook.json",
        "unet/config.json",
        "tokenizer/tokenizer.json",
        "scheduler/scheduler_config.json",
    ],
)
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00"])
def test_a_damaged_text_file_is_named(folder, name, content):
    (folder / name).write_bytes(content)

    with pytest.raises(CheckpointError, match=r"phrasebook|" + name.split("/")[0]):
        Generator.load(folder)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kept", [0, 4, 0.5, -1])
def test_truncated_weights_are_named(folder, name, kept):
    path = folder / WEIGHTS[name]
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept) if kept == 0.5 else kept])

    with pytest.raises(CheckpointError, match=f"{WEIGHTS[name]} is damaged"):
        load_pipeline(folder)


@pytest.mark.parametrize("name", MODELS)
def test_weights_of_another_shape_are_refused(folder, name):
    weights = load_file(folder / WEIGHTS[name])
    key = max(weights, key=lambda each: weights[each].numel())
    weights[key] = torch.cat([weights[key], weights[key]])
    save_file(weights, folder / WEIGHTS[name], metadata={"format": "pt"})

    with pytest.raises(CheckpointError, match=f"{name} don't fit its config.json"):
        load_pipeline(folder)


@pytest.mark.parametrize("name", MODELS)
def test_weights_with_a_renamed_tensor_are_refused(folder, name):
    weights = load_file(folder / WEIGHTS[name])
    key = sorted(weights)[0]
    weights["renamed"] = weights.pop(key)
    save_file(weights, folder / WEIGHTS[name], metadata={"format": "pt"})

    with pytest.raises(CheckpointError, match=f"{name} don't fit"):
        load_pipeline(folder)


@pytest.mark.parametrize("ending", ["bin", "ckpt", "pt"])
def test_pickled_weights_are_never_opened(folder, ending):
    weights = folder / WEIGHTS["unet"]
    weights.rename(weights.with_suffix(f".{ending}"))

    with pytest.raises(CheckpointError, match="Pickles can run any code"):
        load_pipeline(folder)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("unet/config.json", {"_class_name": "UNet3DConditionModel"}),
        ("codec/config.json", {"_class_name": "os.system"}),
        ("text_encoder/config.json", {"architectures": ["BertModel"]}),
        ("tokenizer/tokenizer_config.json", {"tokenizer_class": "T5Tokenizer"}),
        ("model_index.json", {"_class_name": "StableDiffusion3Pipeline"}),
    ],
)
def test_a_class_that_is_not_on_the_list_is_refused(folder, name, changes):
    change_json(folder / name, **changes)

    with pytest.raises(CheckpointError, match="the studio opens"):
        load_pipeline(folder)


@pytest.mark.parametrize("name", ["FlowMatchEulerDiscreteScheduler", None, "os.system"])
def test_a_solver_of_unknown_noise_is_refused(folder, name):
    config = json.dumps({"_class_name": name})
    (folder / "scheduler" / "scheduler_config.json").write_text(config)

    with pytest.raises(CheckpointError, match="the studio opens"):
        load_pipeline(folder)


def test_code_in_a_checkpoint_folder_is_never_run(folder, tmp_path):
    for part in ("unet", "codec", "."):
        (folder / part / "modeling.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    change_json(folder / "unet" / "config.json", auto_map={"AutoModel": "modeling.Model"})

    load_pipeline(folder)

    assert not (tmp_path / "ran").exists()


def test_an_index_of_shards_may_not_lead_out_of_its_folder(folder):
    (folder / WEIGHTS["unet"]).rename(folder / "elsewhere.safetensors")
    index = folder / "unet" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "../elsewhere.safetensors"}}))

    with pytest.raises(CheckpointError, match="leads out of its folder"):
        load_pipeline(folder)


@pytest.mark.parametrize("channels", [3, 5])
def test_parts_of_different_checkpoints_are_refused(folder, channels):
    save_component(folder, "unet", tiny_unet(latent_channels=channels))

    with pytest.raises(CheckpointError, match=f"unet and codec are of different.*{channels}"):
        load_pipeline(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"num_inference_steps": 0},
        {"guidance_scale": "high"},
        {"height_px": 64.5},
        {"num_candidates": True},
        {"unheard_of": 1},
    ],
)
def test_defaults_that_cannot_be_used_are_refused(folder, changes):
    change_json(folder / "generation.json", **changes)

    with pytest.raises(CheckpointError, match=r"generation\.json"):
        load_defaults(folder)


# --- Nothing is ever half-written ------------------------------------------------------------


def test_other_files_in_the_folder_stay(folder):
    (folder / "reward_model").mkdir()
    (folder / "reward_model" / "model.safetensors").write_bytes(b"kept")
    (folder / "README.md").write_text("A model card.")
    kept = contents(folder)

    save_pipeline(tiny_pipeline(seed=1), folder)

    now = contents(folder)
    assert now.keys() == kept.keys()
    learnt = {WEIGHTS["unet"], WEIGHTS["text_encoder"]}  # a codec is always the same
    assert {n for n in now if now[n] != kept[n]} == learnt


class FullDisk:
    """Stands for a part whose saving fails half-way."""

    def save_pretrained(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "half").write_bytes(b"half a file")
        raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_the_old_part_and_no_debris(folder):
    before = contents(folder.parent)

    with pytest.raises(CheckpointError, match=r"disk is full.*untouched"):
        save_component(folder, "scheduler", FullDisk())

    assert contents(folder.parent) == before


def test_a_full_disk_leaves_the_whole_old_checkpoint(folder):
    before = contents(folder.parent)
    pipeline = tiny_pipeline(seed=1)
    pipeline.register_modules(scheduler=FullDisk())

    with pytest.raises(CheckpointError, match="disk is full"):
        save_pipeline(pipeline, folder)

    assert contents(folder.parent) == before


def test_a_kill_between_the_two_renamings_is_put_right_by_the_next_reader(folder):
    before = contents(folder)
    folder.rename(folder.with_name(".tiny.old"))

    load_pipeline(folder)

    assert contents(folder) == before


def test_a_kill_while_writing_leaves_only_a_folder_that_the_next_writer_removes(folder):
    debris = folder.with_name(".tiny.new")
    debris.mkdir()
    (debris / "half").write_bytes(b"half a file")

    load_pipeline(folder)
    save_pipeline(tiny_pipeline(), folder)

    assert not debris.exists()


def test_any_error_while_filling_keeps_the_old_folder(tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "file").write_text("old")

    def interrupted() -> None:
        with replacing(folder) as fresh:
            (fresh / "file").write_text("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert contents(tmp_path) == {"kept/file": b"old"}


def test_a_folder_with_somebodys_files_is_not_replaced(tmp_path):
    folder = tmp_path / "Documents"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "mother.odt").write_text("Dear mother")
    before = contents(tmp_path)

    with pytest.raises(CheckpointError, match=r"mother\.odt.*Choose another folder"):
        replace_whole(folder)

    assert contents(tmp_path) == before


def replace_whole(folder: Path) -> None:
    with replacing(folder) as fresh:
        (fresh / "config.json").write_text("{}")


def test_somebodys_files_in_a_checkpoint_are_taken_over(folder):
    (folder / "sketch.jpg").write_bytes(b"a sketch")

    save_pipeline(tiny_pipeline(), folder)

    assert (folder / "sketch.jpg").read_bytes() == b"a sketch"


def test_a_tokenizer_comes_back_from_a_file_without_indentation(tmp_path):
    tokenizer = tiny_pipeline().tokenizer
    tokenizer.save_pretrained(tmp_path / "usual")

    save_tokenizer(tokenizer, tmp_path / "small")

    again = CLIPTokenizer.from_pretrained(tmp_path / "small")
    prompt = ["dress, v-neck", "a long-hair model"]
    assert again(prompt).input_ids == tokenizer(prompt).input_ids
    usual, small = ((tmp_path / name / "tokenizer.json") for name in ("usual", "small"))
    assert small.stat().st_size < 0.7 * usual.stat().st_size
