"""Checkpoint folders: the only place that reads and writes a generator's files.

A folder has Stable Diffusion's own layout, so stock diffusers opens every part that is stock:

    model_index.json    unet/    vae/    text_encoder/    tokenizer/    scheduler/

or, where designs are generated, codec/ in place of vae/; and beside it what is ours:
adaptive_network/, generation.json (defaults) and phrasebook.json. Stable Diffusion XL's folders
have text_encoder_2/ and tokenizer_2/ as well.
Weights are safetensors; pickled ones are never opened. Which class a part has is looked up in a
list, never imported by a name out of the folder.
"""

import copy
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import diffusers
import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DDPMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LMSDiscreteScheduler,
    PNDMScheduler,
    UNet2DConditionModel,
    UniPCMultistepScheduler,
)
from diffusers.utils import is_accelerate_available
from safetensors import SafetensorError, safe_open
from transformers import (
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    PreTrainedTokenizerBase,
)

from studio.design.phrasebook import Phrasebook
from studio.design.phrasebook_file import PHRASEBOOK_FILE
from studio.domain import CheckpointError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.conditions import is_sized, pooled_width
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.decoders import CROQUIS_SIZE_PX, DesignDecoder, PictureDecoder
from studio.perfusion.design_codec import DesignCodec
from studio.perfusion.sampling import fast_solver
from studio.perfusion.sound_models import check_sizes, check_weights
from studio.perfusion.whole_folders import (
    keep_others,
    replacing,
    restore_interrupted,
    write_text,
)

INDEX_FILE = "model_index.json"
DEFAULTS_FILE = "generation.json"
TOKENIZER_FILE = "tokenizer.json"
PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")
VARIANTS = (None, "fp16", "bf16")
"""What weights' files may be called beside their plain name; the first that is there is read."""
PIPELINE_CLASS = "PerFusionPipeline"
PIPELINE_CLASSES = (
    PIPELINE_CLASS,
    "CheckpointPipeline",
    "StableDiffusionPipeline",
    "StableDiffusionXLPipeline",
)
ZEROS = "force_zeros_for_empty_prompt"
"""SDXL's note in `model_index.json`."""
COPY_AGAIN = "Copy the checkpoint folder again."
DECODERS = ("vae", "codec")
"""A checkpoint has exactly one of these parts."""
_AUTOENCODER_OF_OLD = "PatchAutoencoder"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOISE_SCHEDULE = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "trained_betas",
    "prediction_type",
    "rescale_betas_zero_snr",
)
"""All that the studio needs of a solver that it replaces."""


@dataclass(frozen=True)
class Part:
    """One sub-folder of a checkpoint: where its class is written, and which may stand there.

    `weights` is the weights' file name without its ending; None for parts without weights. A
    part that is `optional` may be absent. One that is `precise` stays in fp32 in memory. A class
    that is not listed is told by its noise schedule, where there is a `stand_in` for it.
    """

    config_file: str
    classes: Mapping[str, Any]
    weights: str | None = None
    optional: bool = False
    precise: bool = False
    stand_in: Any = None


def _by_name(*classes: Any) -> dict[str, Any]:
    return {each.__name__: each for each in classes}


PARTS: dict[str, Part] = {
    "vae": Part("config.json", _by_name(AutoencoderKL), "diffusion_pytorch_model", optional=True),
    "codec": Part(
        "config.json",
        _by_name(DesignCodec),
        "diffusion_pytorch_model",
        optional=True,
        precise=True,
    ),
    "text_encoder": Part("config.json", _by_name(CLIPTextModel), "model"),
    "tokenizer": Part("tokenizer_config.json", _by_name(CLIPTokenizer)),
    "text_encoder_2": Part(
        "config.json", _by_name(CLIPTextModelWithProjection), "model", optional=True
    ),
    "tokenizer_2": Part("tokenizer_config.json", _by_name(CLIPTokenizer), optional=True),
    "unet": Part("config.json", _by_name(UNet2DConditionModel), "diffusion_pytorch_model"),
    "scheduler": Part(
        "scheduler_config.json",
        _by_name(
            DDIMScheduler,
            DDPMScheduler,
            DPMSolverMultistepScheduler,
            EulerAncestralDiscreteScheduler,
            EulerDiscreteScheduler,
            LMSDiscreteScheduler,
            PNDMScheduler,
            UniPCMultistepScheduler,
        ),
        stand_in=DPMSolverMultistepScheduler,
    ),
    "adaptive_network": Part(
        "config.json",
        _by_name(PersonalisedAdaptiveNetwork),
        "diffusion_pytorch_model",
        optional=True,
    ),
}


# --- Reading ---------------------------------------------------------------------------------


def load_pipeline(
    folder: Path, *, dtype: torch.dtype = torch.float32, device: str = "cpu"
) -> CheckpointPipeline:
    """Read the models of a checkpoint folder, checked and ready to generate.

    The solver becomes a fast one, see `sampling.fast_solver`.

    Args:
        folder: a checkpoint folder of ours or of Stable Diffusion 1.5.
        dtype: to compute in, whatever is on disk; fp32 on a CPU.
        device: "cpu", "cuda", "cuda:1" ...

    Raises:
        CheckpointError: something is missing, damaged, or does not belong together.
    """
    folder = Path(folder)
    _check_folder(folder)
    _check_decoders(folder)
    parts = {
        name: load_component(folder, name, dtype=_precision(folder, name, dtype))
        for name, part in PARTS.items()
        if not part.optional or _is_there(folder / name)
    }
    _check_fit(parts)
    parts["scheduler"] = fast_solver(parts["scheduler"])
    pipeline = CheckpointPipeline(**parts, **{ZEROS: _reads_zeros(folder)})
    for part in parts.values():
        if isinstance(part, torch.nn.Module):
            part.eval().requires_grad_(False)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.to(device)
    return pipeline


def load_component(
    folder: Path, name: str, *, dtype: torch.dtype = torch.float32, device: str = "cpu"
) -> Any:
    """Read one part of a checkpoint folder.

    Args:
        folder: the checkpoint folder.
        name: a key of `PARTS`.
        dtype: of the weights in memory.
        device: where they go.

    Raises:
        CheckpointError: the part is missing or damaged.
    """
    part, source = PARTS[name], Path(folder) / name
    if not _is_there(source):
        raise CheckpointError(f"The checkpoint {folder} has no folder {name}. {COPY_AGAIN}")
    chosen = _class_of(part, source)
    if not name.startswith("tokenizer"):  # one without a limit says so by a number of thirty digits
        check_sizes(source, _read_json(source / part.config_file))
    with without_marks(source) as readable:
        if part.weights is None:
            return _load_words_or_solver(part, chosen, readable, source)
        variant = _check_weights(source, part.weights)
        precision = torch.float32 if part.precise else dtype
        return _load_model(chosen, readable, source, variant, precision).to(device)


def _load_words_or_solver(part: Part, chosen: Any, readable: Path, source: Path) -> Any:
    """A part without weights; of a solver that is not listed the noise schedule alone."""
    config = _read_json(source / part.config_file)
    try:
        if chosen is part.stand_in and _class_named(config) not in part.classes:
            return chosen(**{name: config[name] for name in _NOISE_SCHEDULE if name in config})
        return chosen.from_pretrained(readable, local_files_only=True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise CheckpointError(f"{source} can't be read. {COPY_AGAIN}") from error


@contextmanager
def without_marks(source: Path) -> Iterator[Path]:
    """The folder as the libraries can read it: they stumble over a byte order mark in JSON.

    Some editors write that mark. The folder itself stays as it is.
    """
    marked = [path for path in source.glob("*.json") if _starts_with_mark(path)]
    if not marked:
        yield source
        return
    with TemporaryDirectory() as folder:
        for path in source.iterdir():
            place = Path(folder, path.name)
            if path in marked:
                place.write_bytes(path.read_bytes().removeprefix(_BYTE_ORDER_MARK))
            elif path.is_file():
                _link(path, place)
        yield Path(folder)


def _starts_with_mark(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_BYTE_ORDER_MARK)) == _BYTE_ORDER_MARK


def _link(path: Path, place: Path) -> None:
    try:
        os.symlink(path.resolve(), place)
    except OSError:  # a system without links
        shutil.copy2(path, place)


def load_phrasebook(folder: Path) -> Phrasebook | None:
    """The phrases that the checkpoint knows; None if it takes any.

    Raises:
        CheckpointError: the phrasebook is damaged.
    """
    path = Path(folder) / PHRASEBOOK_FILE
    return Phrasebook.load(path) if path.exists() else None


def has_defaults(folder: Path) -> bool:
    """Whether the checkpoint brings defaults of its own."""
    return (Path(folder) / DEFAULTS_FILE).exists()


def load_defaults(folder: Path) -> GenerationDefaults:
    """The checkpoint's own defaults.

    Without a `generation.json`, as in folders from the hub, they follow from the configurations of
    the U-Net and the decoder.

    Raises:
        CheckpointError: they are damaged, or there is nothing to follow from.
    """
    path = Path(folder) / DEFAULTS_FILE
    if has_defaults(folder):
        return GenerationDefaults.from_json(_read_text(path))
    if _is_there(Path(folder) / "codec"):
        height, width = CROQUIS_SIZE_PX
        return GenerationDefaults(
            height_px=height, width_px=width, guidance_scale=DesignDecoder.usual_guidance
        )
    unet = _read_json(Path(folder) / "unet" / "config.json")
    vae = _read_json(Path(folder) / "vae" / "config.json")
    try:
        size, blocks = unet["sample_size"], vae["block_out_channels"]
        height, width = (size, size) if isinstance(size, int) else size
        factor = 2 ** (len(blocks) - 1)
        return GenerationDefaults(
            height_px=height * factor,
            width_px=width * factor,
            num_candidates=4,
            guidance_scale=PictureDecoder.usual_guidance,
            candidates_per_pass=1,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{path} is missing, and the models don't say which image size they are for. "
            f"{COPY_AGAIN}"
        ) from error


def _check_folder(folder: Path) -> None:
    restore_interrupted(folder)
    if not folder.is_dir():
        raise CheckpointError(
            f"There is no checkpoint folder at {folder}. Check the path, or fetch the checkpoint."
        )
    index = _read_json(folder / INDEX_FILE)
    if index.get("_class_name") not in PIPELINE_CLASSES:
        raise CheckpointError(
            f"{folder} holds a {index.get('_class_name')}; the studio opens "
            f"{', '.join((PIPELINE_CLASS, *PIPELINE_CLASSES[2:]))} folders."
        )


def _check_decoders(folder: Path) -> None:
    """Refuse a folder without exactly one of the two decoders, or with one of earlier studios."""
    there = [name for name in DECODERS if _is_there(folder / name)]
    if len(there) != 1:
        raise CheckpointError(
            f"{folder} has {' and '.join(there) or f'no folder {DECODERS[0]} or {DECODERS[1]}'}; "
            f"a checkpoint has one of them. {COPY_AGAIN}"
        )
    config = _read_json(folder / there[0] / PARTS[there[0]].config_file)
    if config.get("_class_name") == _AUTOENCODER_OF_OLD:
        raise CheckpointError(
            f"{folder} was made by an earlier studio, whose models drew pixels; this one's make "
            "designs, and an engine draws them. Take the checkpoint that came with this studio. "
            "Rounds of before stay, and a training on them teaches it what they taught."
        )


def _is_there(folder: Path) -> bool:
    restore_interrupted(folder)
    return folder.is_dir()


def _class_of(part: Part, source: Path) -> Any:
    config = _read_json(source / part.config_file)
    name = _class_named(config)
    if name in part.classes:
        return part.classes[name]
    if part.stand_in is not None and _has_noise_schedule(config):
        return part.stand_in
    needed = ", or any with a schedule of betas" if part.stand_in else ""
    raise CheckpointError(
        f"{source / part.config_file} asks for the class {name}; the studio opens "
        f"{', '.join(part.classes)} there{needed}."
    )


def _class_named(config: Mapping[str, Any]) -> str:
    said = config.get("_class_name") or config.get("tokenizer_class")
    if said is None:
        architectures = config.get("architectures")
        said = architectures[0] if isinstance(architectures, list) and architectures else None
    # "Fast" was the name of the same tokenizer before transformers 5.
    return str(said).removesuffix("Fast")


def _has_noise_schedule(config: Mapping[str, Any]) -> bool:
    """Whether a solver says how much noise each timestep has, as Stable Diffusion 1.5's do."""
    betas = {"beta_start", "beta_end", "beta_schedule"} <= config.keys()
    return betas or isinstance(config.get("trained_betas"), list)


def _check_weights(source: Path, stem: str) -> str | None:
    """Look at the weights' headers before any library opens them; returns the file variant."""
    for variant in VARIANTS:
        middle = f".{variant}" if variant else ""
        single = source / f"{stem}{middle}.safetensors"
        sharded = source / f"{stem}.safetensors.index{middle}.json"
        if single.exists():
            _check_safetensors(single)
            return variant
        if sharded.exists():
            shards = _read_json(sharded).get("weight_map")
            if not isinstance(shards, dict):
                raise CheckpointError(f"{sharded} names no files. {COPY_AGAIN}")
            for shard in sorted(set(map(str, shards.values()))):
                if Path(shard).name != shard:
                    raise CheckpointError(f"{sharded} leads out of its folder: {shard}.")
                _check_safetensors(source / shard)
            return variant
    if any(path.suffix in PICKLES for path in source.iterdir()):
        raise CheckpointError(
            f"{source} holds pickled weights only. Pickles can run any code, so the studio never "
            f"opens them. Get the same weights as {stem}.safetensors."
        )
    raise CheckpointError(f"{source / stem}.safetensors is missing. {COPY_AGAIN}")


def _check_safetensors(path: Path) -> None:
    if not path.is_file():
        raise CheckpointError(f"{path} is missing. {COPY_AGAIN}")
    try:
        with safe_open(path, framework="pt"):  # reads the header, and compares it with the size
            return
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path} is damaged, or was not copied completely. {COPY_AGAIN}"
        ) from error


def _load_model(
    chosen: Any, readable: Path, source: Path, variant: str | None, dtype: torch.dtype
) -> Any:
    # transformers calls it `dtype`; diffusers knows that word only for pipelines' parts.
    options: dict[str, Any] = {"torch_dtype": dtype}
    if chosen in (CLIPTextModel, CLIPTextModelWithProjection):
        options = {"dtype": dtype}
    else:
        options["low_cpu_mem_usage"] = is_accelerate_available()
    try:
        model, report = chosen.from_pretrained(
            readable,
            variant=variant,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as error:
        raise CheckpointError(
            f"The weights in {source} don't fit its config.json. {COPY_AGAIN}"
        ) from error
    wrong = [*report["missing_keys"], *report["mismatched_keys"], *report["error_msgs"]]
    if wrong:
        first = wrong[0] if isinstance(wrong[0], str) else wrong[0][0]
        raise CheckpointError(
            f"The weights in {source} don't fit its config.json ({len(wrong)} tensors, such as "
            f"{first}). {COPY_AGAIN}"
        )
    check_weights(source, model)
    return model


def _check_fit(parts: Mapping[str, Any]) -> None:
    """Refuse parts of different checkpoints in one folder."""
    unet, text_encoder = parts["unet"], parts["text_encoder"]
    width, vocabulary = text_encoder.config.hidden_size, text_encoder.config.vocab_size
    words = len(parts["tokenizer"])
    _check_family(parts)
    if other := parts.get("text_encoder_2"):
        width += other.config.hidden_size
        _check_equal("unet", "text_encoder_2", pooled_width(unet), other.config.projection_dim)
    _check_equal("unet", "text_encoder", unet.config.cross_attention_dim, width)
    if "codec" in parts:
        size = unet.config.sample_size
        sides = (size, size) if isinstance(size, int) else tuple(size)
        shape = (unet.config.in_channels, *sides)
        _check_equal("unet", "codec", shape, parts["codec"].latent_shape)
    else:
        _check_equal("unet", "vae", unet.config.in_channels, parts["vae"].config.latent_channels)
    if vocabulary < words:
        _check_equal("text_encoder", "tokenizer", vocabulary, words)
    if "adaptive_network" in parts:
        parts["adaptive_network"].check_fits(unet)


def _check_family(parts: Mapping[str, Any]) -> None:
    """Refuse SDXL's U-Net without its second text tower, and that tower beside another U-Net."""
    second = "text_encoder_2" in parts and "tokenizer_2" in parts
    if is_sized(parts["unet"]) == second:
        return
    raise CheckpointError(
        "This U-Net is Stable Diffusion XL's, and the folder has no text_encoder_2 and tokenizer_2 "
        f"for it. Take all parts from one checkpoint of XL. {COPY_AGAIN}"
        if not second
        else "The folder has a second text tower, as Stable Diffusion XL's have, and a U-Net of "
        f"another family. Take all parts from one checkpoint. {COPY_AGAIN}"
    )


def _precision(folder: Path, name: str, dtype: torch.dtype) -> torch.dtype:
    """SDXL's autoencoder overflows in half precision, unless its configuration says otherwise."""
    if name != "vae" or not _is_there(folder / "text_encoder_2"):
        return dtype
    config = _read_json(folder / name / PARTS[name].config_file)
    return torch.float32 if config.get("force_upcast", True) else dtype


def _reads_zeros(folder: Path) -> bool:
    path = folder / INDEX_FILE
    return path.exists() and bool(_read_json(path).get(ZEROS, False))


def _check_equal(one: str, other: str, width: object, other_width: object) -> None:
    if width != other_width:
        raise CheckpointError(
            f"{one} and {other} are of different checkpoints ({width} against {other_width}). "
            f"{COPY_AGAIN}"
        )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CheckpointError(f"{path} is missing. {COPY_AGAIN}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointError(f"{path} can't be read. {COPY_AGAIN}") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(_read_text(path))
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is no valid JSON. {COPY_AGAIN}") from error
    if not isinstance(record, dict):
        raise CheckpointError(f"{path} is not what it should be. {COPY_AGAIN}")
    return record


# --- Writing ---------------------------------------------------------------------------------


def save_pipeline(
    pipeline: CheckpointPipeline,
    folder: Path,
    *,
    dtype: torch.dtype = torch.float16,
    phrasebook: Phrasebook | None = None,
    defaults: GenerationDefaults | None = None,
) -> None:
    """Write all parts into a checkpoint folder at once: either all are new, or none.

    Whatever else is in the folder (reward model, model card) stays.

    Raises:
        CheckpointError: it can't be written, e.g. for a full disk; the old folder is as before.
    """
    with replacing(Path(folder)) as fresh:
        keep_others(Path(folder), fresh, without={*PARTS, INDEX_FILE})
        for name in PARTS:
            component = getattr(pipeline, name)
            if component is not None:
                _write_part(component, fresh / name, dtype)
        if phrasebook is not None:
            (fresh / PHRASEBOOK_FILE).unlink(missing_ok=True)
            phrasebook.save(fresh / PHRASEBOOK_FILE)
        if defaults is not None:
            write_text(fresh / DEFAULTS_FILE, defaults.to_json())
        write_index(fresh, zeros=bool(pipeline.config.force_zeros_for_empty_prompt))


def save_component(
    folder: Path, name: str, component: Any, *, dtype: torch.dtype = torch.float16
) -> None:
    """Write one part of a checkpoint folder, in one step, and list it in `model_index.json`.

    Args:
        folder: the checkpoint folder; made if it isn't there.
        name: a key of `PARTS`.
        component: model, tokenizer or scheduler; a model isn't changed by the cast.
        dtype: of the weights on disk.

    Raises:
        CheckpointError: it can't be written; the old part is as before.
    """
    with replacing(Path(folder) / name) as fresh:
        _write_part(component, fresh, dtype)
    write_index(Path(folder))


def save_defaults(folder: Path, defaults: GenerationDefaults) -> None:
    """Write `generation.json`."""
    write_text(Path(folder) / DEFAULTS_FILE, defaults.to_json())


def _write_part(component: Any, target: Path, dtype: torch.dtype) -> None:
    if isinstance(component, torch.nn.Module):
        # The plain cast: diffusers' own warns of modules to keep in fp32, and there are none.
        component = torch.nn.Module.to(copy.deepcopy(component), "cpu", dtype)
    if isinstance(component, PreTrainedTokenizerBase):
        save_tokenizer(component, target)
    else:
        component.save_pretrained(target)
    for path in target.glob("*.json"):
        _forget_origin(path)


def save_tokenizer(tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Write a tokenizer as transformers does, without the indentation, half of the file."""
    tokenizer.save_pretrained(folder)
    vocabulary = folder / TOKENIZER_FILE
    if vocabulary.exists():
        compact = json.dumps(_read_json(vocabulary), ensure_ascii=False, separators=(",", ":"))
        write_text(vocabulary, compact + "\n")


def _forget_origin(path: Path) -> None:
    """Drop the note from where a part was loaded: a path of one machine means nothing elsewhere."""
    record = _read_json(path)
    origins = [name for name in ("_name_or_path", "name_or_path") if name in record]
    for name in origins:
        del record[name]
    if origins:
        write_text(path, json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def write_index(folder: Path, zeros: bool | None = None) -> None:
    """Write `model_index.json` for the parts that are there, in diffusers' own format.

    Args:
        folder: of the checkpoint.
        zeros: SDXL's `force_zeros_for_empty_prompt`; None keeps what the old file says.

    Raises:
        CheckpointError: a part's configuration can't be read.
    """
    index: dict[str, Any] = {
        "_class_name": PIPELINE_CLASS,
        "_diffusers_version": diffusers.__version__,
    }
    if _reads_zeros(folder) if zeros is None else zeros:
        index[ZEROS] = True
    for name, part in PARTS.items():
        if (folder / name).is_dir():
            chosen = _class_of(part, folder / name)
            top = chosen.__module__.split(".")[0]
            index[name] = [chosen.__module__ if top == "studio" else top, chosen.__name__]
    write_text(folder / INDEX_FILE, json.dumps(index, indent=2) + "\n")
