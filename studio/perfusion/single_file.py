"""Single-file checkpoints of Stable Diffusion 1.5: all models in one file of safetensors.

Such a file names its tensors as the original code did, and holds no configuration and no words.
Those come from a folder with the usual layout; weights there are not needed.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel

from studio.domain import CheckpointError
from studio.perfusion.checkpoint import PICKLES, load_component, without_marks
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline

SINGLE_FILE_ENDING = ".safetensors"
MADE_FROM_FILE = "made_from.json"
"""In a folder that was unpacked: which file it was made from."""
_LENGTH_BYTES = 8
_LONGEST_HEADER = 100 * 2**20
_TEXT = "cond_stage_model.transformer."
_MARKS = {
    "unet": ("model.diffusion_model.input_blocks.0.0.weight",),
    "vae": ("first_stage_model.decoder.conv_in.weight",),
    "text_encoder": (
        f"{_TEXT}text_model.final_layer_norm.weight",
        f"{_TEXT}final_layer_norm.weight",
    ),
}
"""A tensor of each part that every such file has, by each of the names that it may have."""


def is_single_file(named: Path) -> bool:
    """Whether somebody means one file, and no folder; its ending may be in capitals."""
    return not named.is_dir() and (
        named.is_file() or named.suffix.lower() in (SINGLE_FILE_ENDING, *PICKLES)
    )


def fingerprint(file: Path) -> str:
    """What tells a file from the one that stood there before: size, time and header, as JSON.

    Trainers write a file anew under the same name, with the same size and the same header.

    Raises:
        CheckpointError: it can't be read.
    """
    try:
        facts = file.stat()
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(_LENGTH_BYTES), "little")
            header = opened.read(min(length, _LONGEST_HEADER))
    except OSError as error:
        raise _damaged(file) from error
    return json.dumps(
        {
            "bytes": facts.st_size,
            "modified_ns": facts.st_mtime_ns,
            "header": hashlib.sha256(header).hexdigest(),
        }
    )


def load_single_file(
    file: Path, layout: Path, *, dtype: torch.dtype = torch.float32
) -> CheckpointPipeline:
    """Read a single-file checkpoint.

    Args:
        file: safetensors; a pickle is never opened.
        layout: folder with configurations, tokenizer and scheduler in Stable Diffusion's layout.
        dtype: of the weights in memory.

    Raises:
        CheckpointError: the file is damaged, or holds something else.
    """
    check_single_file(file)
    try:
        tensors = load_file(file)
    except (OSError, SafetensorError) as error:
        raise _damaged(file) from error
    return CheckpointPipeline(
        vae=_diffusers_part(AutoencoderKL, tensors, layout, "vae", dtype),
        text_encoder=_text_encoder(tensors, layout, dtype),
        tokenizer=load_component(layout, "tokenizer"),
        unet=_diffusers_part(UNet2DConditionModel, tensors, layout, "unet", dtype),
        scheduler=load_component(layout, "scheduler"),
    )


def check_single_file(file: Path) -> None:
    """Refuse a file that holds something else, by its ending and its header alone.

    Raises:
        CheckpointError: which kind it is, or that it is damaged.
    """
    if file.suffix.lower() != SINGLE_FILE_ENDING:
        raise CheckpointError(
            f"{file} is no safetensors file. Other kinds can run any code, so the studio never "
            "opens them. Get the same weights as safetensors: most pages that offer a .ckpt have "
            "them beside it."
        )
    try:
        with safe_open(file, framework="pt") as opened:
            names = {*opened.keys()}
    except (OSError, SafetensorError) as error:
        raise _damaged(file) from error
    lacking = [name for name, marks in _MARKS.items() if not names & {*marks}]
    if lacking:
        raise CheckpointError(
            f"{file} is no whole checkpoint of Stable Diffusion 1.5: it has no "
            f"{', no '.join(lacking)}. Use one that holds all parts (not a LoRA, not SDXL)."
        )


def _diffusers_part(
    model: Any, tensors: dict[str, Tensor], layout: Path, name: str, dtype: torch.dtype
) -> Any:
    """A part that diffusers itself can translate."""
    try:
        with without_marks(layout / name) as readable:
            part = model.from_single_file(
                dict(tensors), config=str(readable), torch_dtype=dtype, local_files_only=True
            )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise _does_not_fit(layout, name) from error
    if any(weight.is_meta for weight in part.parameters()):  # what the file did not fill
        raise _does_not_fit(layout, name)
    return part.eval()


def _text_encoder(tensors: dict[str, Tensor], layout: Path, dtype: torch.dtype) -> CLIPTextModel:
    try:
        with without_marks(layout / "text_encoder") as readable:
            model = CLIPTextModel(CLIPTextConfig.from_pretrained(readable))
    except (OSError, ValueError) as error:
        raise _does_not_fit(layout, "text_encoder") from error
    wanted = model.state_dict().keys()
    # The tower was wrapped in one more module in earlier versions of the library.
    found = {name.removeprefix(_TEXT): value for name, value in tensors.items() if _TEXT in name}
    flat = {name.removeprefix("text_model."): value for name, value in found.items()}
    state = {name: value for name, value in {**found, **flat}.items() if name in wanted}
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise _does_not_fit(layout, "text_encoder") from error
    return model.to(dtype).eval()


def _damaged(file: Path) -> CheckpointError:
    return CheckpointError(f"{file} is damaged, or was not copied completely. Copy it again.")


def _does_not_fit(layout: Path, name: str) -> CheckpointError:
    return CheckpointError(
        f"The file's {name} does not fit the configuration in {layout / name}. It may be of "
        "another kind of Stable Diffusion; the studio opens version 1.5's."
    )
