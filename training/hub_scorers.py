"""Published scorers as judges of rounds: CLIP Score, PickScore, HPSv2, Aesthetic and ImageReward.

Each is opened from a folder in its own layout on the hub: weights as safetensors, never a pickle,
never code that comes with them. They are extras: nothing else needs them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import (
    AutoImageProcessor,
    AutoTokenizer,
    BlipConfig,
    BlipTextModel,
    BlipVisionModel,
    CLIPModel,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

from studio.domain import CheckpointError
from studio.perfusion.config import PROCESSOR, REWARD_MODEL, SD15, HubModel, Preset
from studio.perfusion.reward_model import load_backbone
from training.data.groups import Round, read_images
from training.scorers import Scores

Picture = NDArray[np.uint8]
CLIP_SCALE = 100.0
IMAGE_REWARD_MEAN, IMAGE_REWARD_SPREAD = 0.16717362830052426, 1.0333394966054072
"""ImageReward's own: over its training data its scores then have mean 0 and variance 1."""
_IMAGE_REWARD_TOKENS = 35
_WEIGHTS = "model.safetensors"
_PROCESSOR_FILES = SD15.of_roles(PROCESSOR).hub_models[0].files


class Judge(Protocol):
    """Scores pictures for a prompt; higher is better."""

    def judge(self, pictures: Sequence[Picture], prompt: str) -> Tensor:
        """N pictures (H, W, 3) in 8 bits -> (N,) scores."""


@dataclass(frozen=True)
class HubScorer:
    """A judge as a `Scorer`: it looks at the images of an export.

    Attributes:
        judge: the published model.
        folder: of the export.
    """

    judge: Judge
    folder: Path

    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`.

        Raises:
            ValueError: an image can't be read; see `training.data.groups.read_images`.
        """
        return [self._one(each) for each in rounds]

    def _one(self, each: Round) -> NDArray[np.float64]:
        pictures = []
        for picture in read_images(self.folder, each.images):
            if isinstance(picture, str):
                raise ValueError(f"Round {each.id} is {picture}.")
            pictures.append(picture)
        scores: NDArray[np.float64] = self.judge.judge(pictures, each.prompt).double().cpu().numpy()
        return scores


class ClipJudge:
    """CLIP Score, PickScore and HPSv2: the cosine of image and prompt, times a scale.

    Args:
        folder: a `CLIPModel` with its processor.
        scale: of the cosine; None takes the model's own.
    """

    def __init__(self, folder: Path, scale: float | None = None) -> None:
        self._model, self._processor = load_backbone(str(folder))
        if not isinstance(self._model, CLIPModel):
            raise CheckpointError(f"{folder} holds no CLIP model.")
        self._scale = self._model.logit_scale.exp().item() if scale is None else scale

    @torch.no_grad()
    def judge(self, pictures: Sequence[Picture], prompt: str) -> Tensor:
        """See `Judge`."""
        ids, mask = self._processor.prompts([prompt])
        model: Any = self._model
        texts = model.get_text_features(input_ids=ids, attention_mask=mask).pooler_output
        images = model.get_image_features(self._processor.pictures(pictures)).pooler_output
        return self._scale * (_unit(images) @ _unit(texts)[0])


class AestheticJudge:
    """LAION's aesthetic predictor: how good a picture looks, whatever was asked.

    A CLIP image tower with a stack of linear layers on its unit-length features.

    Args:
        folder: tower and `layers.N` in one file, with the tower's configuration and processor.
    """

    def __init__(self, folder: Path) -> None:
        tensors = _tensors(folder)
        config = _from_folder(CLIPVisionConfig, folder)
        self._tower = CLIPVisionModelWithProjection(config).eval()
        self._head = _head(tensors, "layers.", folder)
        tower = {name: value for name, value in tensors.items() if not name.startswith("layers.")}
        _fill(self._tower, tower, folder)
        self._pixels = _from_folder(AutoImageProcessor, folder)

    @torch.no_grad()
    def judge(self, pictures: Sequence[Picture], prompt: str) -> Tensor:
        """See `Judge`; the prompt isn't read."""
        features = self._tower(_pixels(self._pixels, pictures)).image_embeds
        scores: Tensor = self._head(_unit(features)).squeeze(-1)
        return scores


class ImageRewardJudge:
    """ImageReward: a text model that looks at the picture while it reads the prompt.

    Args:
        folder: towers under BLIP's names for retrieval (`vision_model.`, `text_encoder.`) and the
            head as `mlp.layers.N`, with BLIP's configuration and processor.
    """

    def __init__(self, folder: Path) -> None:
        tensors = _tensors(folder)
        config = _from_folder(BlipConfig, folder)
        self._vision = BlipVisionModel(config.vision_config).eval()
        self._text = BlipTextModel(config.text_config, add_pooling_layer=False).eval()
        for tower, prefix in ((self._vision, "vision_model."), (self._text, "text_encoder.")):
            own = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
            _fill(tower, own, folder)
        self._head = _head(tensors, "mlp.layers.", folder)
        self._pixels = _from_folder(AutoImageProcessor, folder)
        self._tokens = _from_folder(AutoTokenizer, folder)

    @torch.no_grad()
    def judge(self, pictures: Sequence[Picture], prompt: str) -> Tensor:
        """See `Judge`."""
        seen = self._vision(_pixels(self._pixels, pictures)).last_hidden_state  # (N, T, D)
        tokens = self._tokens(
            [prompt] * len(pictures),
            padding="max_length",
            truncation=True,
            max_length=min(_IMAGE_REWARD_TOKENS, self._tokens.model_max_length),
            return_tensors="pt",
        )
        read = self._text(
            input_ids=tokens.input_ids,
            attention_mask=tokens.attention_mask,
            encoder_hidden_states=seen,
            encoder_attention_mask=torch.ones(seen.shape[:2], dtype=torch.long),
        ).last_hidden_state
        scores: Tensor = self._head(read[:, 0]).squeeze(-1)
        return (scores - IMAGE_REWARD_MEAN) / IMAGE_REWARD_SPREAD


@dataclass(frozen=True)
class Published:
    """A published scorer: how it is opened, and where its weights can be had.

    Attributes:
        open: its folder -> the judge.
        models: on the hub; none where it is published as a pickle only.
    """

    open: Callable[[Path], Judge]
    models: tuple[HubModel, ...] = ()

    def preset(self, name: str) -> Preset:
        """What to fetch."""
        return Preset(name=f"scorer-{name}", hub_models=self.models)


def _clip_score(folder: Path) -> Judge:
    return ClipJudge(folder, CLIP_SCALE)


PUBLISHED: dict[str, Published] = {
    "clip": Published(
        _clip_score,
        (
            HubModel(
                role="CLIP",
                repo_id="openai/clip-vit-large-patch14",
                licence="see its model card",
                files=("config.json", _WEIGHTS, *_PROCESSOR_FILES),
                gigabytes=1.7,
            ),
        ),
    ),
    "pickscore": Published(
        ClipJudge,
        tuple(
            HubModel(role=m.role, repo_id=m.repo_id, licence=m.licence, files=m.files)
            for m in SD15.of_roles(REWARD_MODEL, PROCESSOR).hub_models
        ),
    ),
    "aesthetic": Published(
        AestheticJudge,
        (
            HubModel(
                role="aesthetic predictor",
                repo_id="shunk031/aesthetics-predictor-v2-sac-logos-ava1-l14-linearMSE",
                licence="see its model card",
                files=("config.json", _WEIGHTS, "preprocessor_config.json"),
                gigabytes=1.2,
            ),
        ),
    ),
    "hpsv2": Published(ClipJudge),
    "imagereward": Published(ImageRewardJudge),
}
"""HPSv2 and ImageReward are published as pickles, which are never opened here: whoever trusts those
files can write the same weights as safetensors in the layout that the classes above name."""


def _tensors(folder: Path) -> dict[str, Tensor]:
    try:
        return load_file(folder / _WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(
            f"{folder / _WEIGHTS} is missing or damaged. Published scorers are opened from "
            "safetensors only."
        ) from error


def _from_folder(kind: Any, folder: Path) -> Any:
    try:
        return kind.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{folder} lacks a file that {kind.__name__} needs.") from error


def _fill(model: nn.Module, tensors: dict[str, Tensor], folder: Path) -> None:
    """Load weights; libraries have wrapped their towers differently over time."""
    wanted = model.state_dict()
    found = {**tensors, **{f"vision_model.{name}": value for name, value in tensors.items()}}
    found |= {name.removeprefix("vision_model."): value for name, value in tensors.items()}
    own = {name: value for name, value in found.items() if name in wanted}
    try:
        model.load_state_dict(own)
    except RuntimeError as error:
        raise CheckpointError(f"The weights in {folder} don't fit its config.json.") from error


def _head(tensors: dict[str, Tensor], prefix: str, folder: Path) -> nn.Sequential:
    """The linear layers under a prefix, in their order; what was between them is dropout."""
    numbers = sorted(
        int(name.removeprefix(prefix).split(".")[0])
        for name in tensors
        if name.startswith(prefix) and name.endswith(".weight")
    )
    if not numbers:
        raise CheckpointError(f"The weights in {folder} have no head ({prefix}N).")
    layers = []
    for number in numbers:
        weight, bias = (tensors[f"{prefix}{number}.{part}"] for part in ("weight", "bias"))
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.load_state_dict({"weight": weight, "bias": bias})
        layers.append(layer)
    return nn.Sequential(*layers).eval()


def _pixels(processor: Any, pictures: Sequence[Picture]) -> Tensor:
    pixels: Tensor = processor(
        images=list(pictures), return_tensors="pt", input_data_format="channels_last"
    )["pixel_values"]
    return pixels


def _unit(features: Tensor) -> Tensor:
    length: Tensor = features.norm(dim=-1, keepdim=True)
    return features / length
