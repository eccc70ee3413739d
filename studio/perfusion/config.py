"""Frozen configurations and the two presets."""

import json
import math
from dataclasses import asdict, dataclass, fields

from studio.domain import (
    MAX_CANDIDATES,
    MAX_GUIDANCE_SCALE,
    MAX_INFERENCE_STEPS,
    MIN_GUIDANCE_SCALE,
    CheckpointError,
)


@dataclass(frozen=True, kw_only=True)
class GenerationDefaults:
    """How a checkpoint is best used when the person asks for nothing else.

    Stored as `generation.json` in the checkpoint folder.

    Attributes:
        height_px: image height; a multiple of the autoencoder's factor.
        width_px: image width; the same.
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
            whole = name != "guidance_scale"
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
        except json.JSONDecodeError as error:
            raise CheckpointError(
                f"generation.json is not valid JSON (line {error.lineno}). Copy it again."
            ) from error
        known = {field.name for field in fields(cls)}
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
    """

    role: str
    repo_id: str
    licence: str


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A size of the studio: the same classes with other configurations and weights.

    Attributes:
        name: as typed after --preset; its checkpoint folder is checkpoints/<name>.
        hub_models: where the weights come from; atelier's come with the repository.
    """

    name: str
    hub_models: tuple[HubModel, ...] = ()


ATELIER = Preset(name="atelier")
SD15 = Preset(
    name="sd15",
    hub_models=(
        HubModel(
            role="base",
            repo_id="stable-diffusion-v1-5/stable-diffusion-v1-5",
            licence="CreativeML Open RAIL-M",
        ),
        HubModel(
            role="unet",
            repo_id="mhdang/dpo-sd1.5-text2image-v1",
            licence="Open RAIL++-M",
        ),
        HubModel(
            role="reward model",
            repo_id="yuvalkirstain/PickScore_v1",
            licence="not stated on its model card",
        ),
        HubModel(
            role="reward model's processor",
            repo_id="laion/CLIP-ViT-H-14-laion2B-s32B-b79K",
            licence="MIT",
        ),
    ),
)
PRESETS: dict[str, Preset] = {preset.name: preset for preset in (ATELIER, SD15)}
