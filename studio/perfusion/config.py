"""Frozen configurations and the two presets."""

import json
import math
from dataclasses import asdict, dataclass, fields, replace

from studio.domain import (
    MAX_CANDIDATES,
    MAX_GUIDANCE_SCALE,
    MAX_INFERENCE_STEPS,
    MIN_GUIDANCE_SCALE,
    CheckpointError,
)

_NO_LONGER_READ = ("calm_below", "last_timestep")
"""Written by earlier studios, and without a meaning for the checkpoints that still open."""


@dataclass(frozen=True, kw_only=True)
class GenerationDefaults:
    """How a checkpoint is best used when the person asks for nothing else.

    Stored as `generation.json` in the checkpoint folder.

    Attributes:
        height_px: image height; of pictures, a multiple of the autoencoder's factor.
        width_px: image width; the same, and half of the height for designs.
        num_candidates: images in a group.
        num_inference_steps: denoising steps.
        guidance_scale: strength of the phrases, unitless; 1 is no guidance.
        preview_every: steps between two previews; 0 gives none.
        candidates_per_pass: candidates that the models see at once, always exactly so many, see
            `sampling.in_passes`. A group of fewer takes the time of so many.
    """

    height_px: int
    width_px: int
    num_candidates: int = 8
    num_inference_steps: int = 20
    guidance_scale: float = 3.0
    preview_every: int = 4
    candidates_per_pass: int = 4

    def __post_init__(self) -> None:
        """Refuse values that could not be used.

        Raises:
            CheckpointError: a value is of the wrong type or out of range.
        """
        ranges: dict[str, tuple[float, float]] = {
            "height_px": (8, 4096),
            "width_px": (8, 4096),
            "num_candidates": (1, MAX_CANDIDATES),
            "num_inference_steps": (1, MAX_INFERENCE_STEPS),
            "guidance_scale": (MIN_GUIDANCE_SCALE, MAX_GUIDANCE_SCALE),
            "preview_every": (0, MAX_INFERENCE_STEPS),
            "candidates_per_pass": (1, MAX_CANDIDATES),
        }
        for name, (lowest, highest) in ranges.items():
            value = getattr(self, name)
            whole = not name.endswith("_scale")
            allowed = int if whole else (int, float)
            if isinstance(value, bool) or not isinstance(value, allowed):
                kind = "whole number" if whole else "number"
                raise CheckpointError(f"generation.json: {name} must be a {kind}, not {value!r}.")
            if not math.isfinite(value) or not lowest <= value <= highest:
                raise CheckpointError(
                    f"generation.json: {name} must be from {lowest:g} to {highest:g}, not {value}."
                )

    def to_json(self) -> str:
        """The text of `generation.json`."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "GenerationDefaults":
        """Read the text of `generation.json`.

        Raises:
            CheckpointError: it is not JSON, a name is unknown or missing, or a value is wrong.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CheckpointError("generation.json is not valid JSON. Copy it again.") from error
        known = {field.name for field in fields(cls)}
        if isinstance(values, dict):
            values = {name: each for name, each in values.items() if name not in _NO_LONGER_READ}
        if not isinstance(values, dict) or not {"height_px", "width_px"} <= set(values) <= known:
            raise CheckpointError(
                "generation.json must give height_px and width_px, and nothing beyond "
                f"{', '.join(sorted(known))}."
            )
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class HubModel:
    """A model that a preset takes from the Hugging Face Hub.

    Attributes:
        role: what it is for, in the words of a checkpoint folder ("base", "unet", ...).
        repo_id: owner/name on the hub.
        licence: the licence that its model card names.
        files: which of its files are needed, as patterns; never a pickle.
        into: sub-folder of the checkpoint folder that they go into; "" for the folder itself.
        gigabytes: of those files, roughly; 0 where it isn't known.
    """

    role: str
    repo_id: str
    licence: str
    files: tuple[str, ...]
    into: str = ""
    gigabytes: float = 0.0

    @property
    def parts(self) -> dict[str, str]:
        """Folder -> its weights' file without an ending, of the models among `files`."""
        weights = (
            name.removesuffix(".safetensors")
            for name in self.files
            if name.endswith(".safetensors")
        )
        return dict(name.rsplit("/", 1) for name in weights if "/" in name)

    @property
    def page(self) -> str:
        """Where its model card and its licence can be read."""
        return f"https://huggingface.co/{self.repo_id}"


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A size of the studio: the same classes with other configurations and weights.

    Attributes:
        name: as typed after --preset; its checkpoint folder is checkpoints/<name>.
        hub_models: where the weights come from; atelier's come with the repository.
    """

    name: str
    hub_models: tuple[HubModel, ...] = ()

    def of_roles(self, *roles: str) -> "Preset":
        """The same with some of its models only."""
        return replace(
            self, hub_models=tuple(model for model in self.hub_models if model.role in roles)
        )


BASE, UNET, REWARD_MODEL, PROCESSOR = "base", "unet", "reward model", "reward model's processor"
DRAWING, SCORING = (BASE, UNET), (REWARD_MODEL, PROCESSOR)
LAYOUT_FILES = ("model_index.json", "scheduler/*.json", "tokenizer/*", "*/config.json")
"""Everything of a checkpoint folder but the weights."""
UNET_FILES = ("unet/config.json", "unet/diffusion_pytorch_model.safetensors")
BASE_FILES = (
    "model_index.json",
    "scheduler/scheduler_config.json",
    "tokenizer/*",
    "text_encoder/config.json",
    "text_encoder/model.safetensors",
    "vae/config.json",
    "vae/diffusion_pytorch_model.safetensors",
)

_SD15_BASE = HubModel(
    role=BASE,
    repo_id="stable-diffusion-v1-5/stable-diffusion-v1-5",
    licence="CreativeML Open RAIL-M",
    files=BASE_FILES,
    gigabytes=0.8,
)
ATELIER = Preset(name="atelier")
SD15 = Preset(
    name="sd15",
    hub_models=(
        _SD15_BASE,
        HubModel(
            role=UNET,
            repo_id="mhdang/dpo-sd1.5-text2image-v1",
            licence="Open RAIL++-M",
            files=UNET_FILES,
            gigabytes=3.4,
        ),
        HubModel(
            role=REWARD_MODEL,
            repo_id="yuvalkirstain/PickScore_v1",
            licence="not stated on its model card",
            files=("config.json", "model.safetensors"),
            into="clip",
            gigabytes=3.9,
        ),
        HubModel(
            role=PROCESSOR,
            repo_id="laion/CLIP-ViT-H-14-laion2B-s32B-b79K",
            licence="MIT",
            files=(
                "preprocessor_config.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "vocab.json",
                "merges.txt",
            ),
            into="clip",
        ),
    ),
)
PRESETS: dict[str, Preset] = {preset.name: preset for preset in (ATELIER, SD15)}


def with_unet(name: str, repo_id: str, licence: str) -> Preset:
    """Stable Diffusion 1.5 with a U-Net of another repository."""
    unet = HubModel(role=UNET, repo_id=repo_id, licence=licence, files=UNET_FILES, gigabytes=3.4)
    return Preset(name=name, hub_models=(_SD15_BASE, unet))


def of_repository(repo_id: str) -> Preset:
    """A whole checkpoint out of one repository."""
    whole = HubModel(
        role=BASE,
        repo_id=repo_id,
        licence="see its model card",
        files=(*BASE_FILES, *UNET_FILES),
    )
    return Preset(name=repo_id.replace("/", "--"), hub_models=(whole,))


BASELINES: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        with_unet("sd15-plain", _SD15_BASE.repo_id, _SD15_BASE.licence),
        with_unet("sd15-dpo", "mhdang/dpo-sd1.5-text2image-v1", "Open RAIL++-M"),
        with_unet("sd15-spo", "SPO-Diffusion-Models/SPO-SD-v1-5_4k-p_10ep", "see its model card"),
    )
}
"""Published generators that a personalised one is compared with."""
