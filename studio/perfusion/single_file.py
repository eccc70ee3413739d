"""Single-file checkpoints of Stable Diffusion 1.5: all models in one file of safetensors.

Such a file names its tensors as the original code did, and holds no configuration and no words.
Those come from a folder with the usual layout; weights there are not needed.
"""

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel

from studio.domain import CheckpointError
from studio.perfusion.checkpoint import load_component
from studio.perfusion.pipeline import PerFusionPipeline

SINGLE_FILE_ENDING = ".safetensors"
_TEXT = "cond_stage_model.transformer."
_MARKS = {
    "unet": "model.diffusion_model.input_blocks.0.0.weight",
    "vae": "first_stage_model.decoder.conv_in.weight",
    "text_encoder": f"{_TEXT}text_model.final_layer_norm.weight",
}
"""A tensor of each part that every such file has."""


def load_single_file(
    file: Path, layout: Path, *, dtype: torch.dtype = torch.float32
) -> PerFusionPipeline:
    """Read a single-file checkpoint.

    Args:
        file: safetensors; a pickle is never opened.
        layout: folder with configurations, tokenizer and scheduler in Stable Diffusion's layout.
        dtype: of the weights in memory.

    Raises:
        CheckpointError: the file is damaged, or holds something else.
    """
    if file.suffix != SINGLE_FILE_ENDING:
        raise CheckpointError(
            f"{file} is no safetensors file. Other kinds can run any code, so the studio never "
            "opens them. Get the same weights as safetensors."
        )
    try:
        tensors = load_file(file)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{file} is damaged, or was not copied completely. Copy it again."
        ) from error
    lacking = [name for name, mark in _MARKS.items() if mark not in tensors]
    if lacking:
        raise CheckpointError(
            f"{file} is no whole checkpoint of Stable Diffusion 1.5: it has no "
            f"{', no '.join(lacking)}. Use one that holds all parts (not a LoRA, not SDXL)."
        )
    return PerFusionPipeline(
        vae=_diffusers_part(AutoencoderKL, tensors, layout, "vae", dtype),
        text_encoder=_text_encoder(tensors, layout, dtype),
        tokenizer=load_component(layout, "tokenizer"),
        unet=_diffusers_part(UNet2DConditionModel, tensors, layout, "unet", dtype),
        scheduler=load_component(layout, "scheduler"),
    )


def _diffusers_part(
    model: Any, tensors: dict[str, Tensor], layout: Path, name: str, dtype: torch.dtype
) -> Any:
    """A part that diffusers itself can translate."""
    try:
        part = model.from_single_file(
            dict(tensors),
            config=str(layout),
            subfolder=name,
            torch_dtype=dtype,
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise _does_not_fit(layout, name) from error
    if any(weight.is_meta for weight in part.parameters()):  # what the file did not fill
        raise _does_not_fit(layout, name)
    return part.eval()


def _text_encoder(tensors: dict[str, Tensor], layout: Path, dtype: torch.dtype) -> CLIPTextModel:
    try:
        model = CLIPTextModel(CLIPTextConfig.from_pretrained(layout / "text_encoder"))
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


def _does_not_fit(layout: Path, name: str) -> CheckpointError:
    return CheckpointError(
        f"The file's {name} does not fit the configuration in {layout / name}. It may be of "
        "another kind of Stable Diffusion; the studio opens version 1.5's."
    )
