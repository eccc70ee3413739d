"""Tiny models as they lie on the hub: Stable Diffusion 1.5, a U-Net alone, PickScore, one file."""

import re
import shutil
from fnmatch import fnmatch
from pathlib import Path

import torch
from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor

from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.config import SD15, Preset
from tests.tiny_models import PICTURE_CHANNELS, tiny_pipeline, tiny_unet
from tests.tiny_reward_models import tiny_backbone, tiny_image_processor, tiny_tokenizer

BASE, UNET, REWARD, PROCESSOR = SD15.hub_models
_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_UNET_ENDS = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_VAE_ATTENTION = {
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
    "group_norm": "norm",
}


def sd15_pipeline(seed: int = 0) -> CheckpointPipeline:
    """Stable Diffusion's kinds of parts, with the slow scheduler that it comes with."""
    pipeline = tiny_pipeline(prediction_type="epsilon", decoder="vae", seed=seed)
    betas = {
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "steps_offset": 1,
    }
    pipeline.register_modules(scheduler=PNDMScheduler(**betas, skip_prk_steps=True))
    return pipeline


def save_in_hub_layout(pipeline: CheckpointPipeline, folder: Path) -> None:
    """As diffusers' own pipeline saves itself."""
    parts = {
        name: part
        for name, part in pipeline.components.items()
        if name not in ("adaptive_network", "codec", "text_encoder_2", "tokenizer_2")
    }
    stock = StableDiffusionPipeline(
        **parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    stock.save_pretrained(folder)


def tiny_hub(folder: Path) -> Path:
    """A folder that stands for the hub: owner/name/files of all models of the preset sd15."""
    save_in_hub_layout(sd15_pipeline(), folder / BASE.repo_id)
    torch.manual_seed(7)
    tiny_unet(PICTURE_CHANNELS).save_pretrained(folder / UNET.repo_id / "unet")
    (folder / UNET.repo_id / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    (folder / BASE.repo_id / "pipeline.py").write_text("raise SystemExit", encoding="utf-8")
    tiny_backbone("clip").save_pretrained(folder / REWARD.repo_id)
    tiny_tokenizer().save_pretrained(folder / PROCESSOR.repo_id)
    tiny_image_processor().save_pretrained(folder / PROCESSOR.repo_id)
    return folder


class FolderHub:
    """Takes the place of the hub's download: copies files out of a folder that `tiny_hub` made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []

    def __call__(self, repo_id: str, *, allow_patterns: list[str], local_dir: Path) -> str:
        self.asked.append(repo_id)
        source = self.folder / repo_id
        for path in source.rglob("*"):
            name = path.relative_to(source).as_posix()
            if path.is_file() and any(fnmatch(name, pattern) for pattern in allow_patterns):
                (local_dir / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, local_dir / name)
        (local_dir / ".cache" / "huggingface").mkdir(parents=True, exist_ok=True)
        return str(local_dir)


def files_of(preset: Preset) -> list[str]:
    """Every file pattern that a preset asks for."""
    return [pattern for model in preset.hub_models for pattern in model.files]


def save_single_file(pipeline: CheckpointPipeline, file: Path) -> None:
    """Write all weights under the names that the original code gave them."""
    text = pipeline.text_encoder.state_dict()
    prefix = "cond_stage_model.transformer.text_model."
    tensors = {prefix + key.removeprefix("text_model."): value for key, value in text.items()}
    tensors |= {
        f"model.diffusion_model.{key}": value for key, value in _original_unet(pipeline.unet)
    }
    tensors |= {f"first_stage_model.{key}": value for key, value in _original_vae(pipeline.vae)}
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in tensors.items()}, file)


def _original_unet(unet: UNet2DConditionModel) -> list[tuple[str, Tensor]]:
    per_level = unet.config.layers_per_block + 1
    return [(_unet_name(key, per_level), value) for key, value in unet.state_dict().items()]


def _unet_name(key: str, per_level: int) -> str:
    for own, original in _UNET_ENDS.items():
        if key.startswith(f"{own}."):
            return key.replace(own, original, 1)
    for own, original in _RESNET.items():
        key = re.sub(rf"(resnets\.\d+)\.{own}\.", rf"\1.{original}.", key)
    if found := re.match(r"mid_block\.(resnets|attentions)\.(\d)\.(.*)", key):
        kind, number, rest = found.groups()
        return f"middle_block.{1 if kind == 'attentions' else 2 * int(number)}.{rest}"
    found = re.match(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.*)", key)
    assert found, key
    side, level, kind, layer, rest = found.groups()
    first = int(level) * per_level
    if side == "down":
        if kind == "downsamplers":
            return f"input_blocks.{first + per_level}.0.op.{rest.removeprefix('conv.')}"
        return f"input_blocks.{first + int(layer) + 1}.{int(kind == 'attentions')}.{rest}"
    if kind == "upsamplers":  # after the attention, where the level has one
        return f"output_blocks.{first + per_level - 1}.{1 if level == '0' else 2}.{rest}"
    return f"output_blocks.{first + int(layer)}.{int(kind == 'attentions')}.{rest}"


def _original_vae(vae: AutoencoderKL) -> list[tuple[str, Tensor]]:
    levels = len(vae.config.block_out_channels)
    return [
        (
            name,
            value[..., None, None]
            if re.search(r"attn_1\.(q|k|v|proj_out)\.weight", name)
            else value,
        )
        for key, value in vae.state_dict().items()
        for name in [_vae_name(key, levels)]
    ]


def _vae_name(key: str, levels: int) -> str:
    key = key.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
    key = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", key)
    for own, original in _VAE_ATTENTION.items():
        key = key.replace(f"mid_block.attentions.0.{own}.", f"mid.attn_1.{original}.")
    key = re.sub(r"down_blocks\.(\d+)\.resnets", r"down.\1.block", key)
    key = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", key)

    def up(match: re.Match[str]) -> str:
        kind = "block" if match[2] == "resnets" else "upsample"
        return f"up.{levels - 1 - int(match[1])}.{kind}"

    return re.sub(r"up_blocks\.(\d+)\.(resnets|upsamplers\.0)", up, key)
