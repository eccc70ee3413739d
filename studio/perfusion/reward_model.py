"""PerFusionRM: images, prompt and store -> how likely the store is to pick each image.

A frozen image-text backbone with a small personalised plug-in (Eq. 2-6). The score without the
plug-in is the general part; what the plug-in adds is the store's own part.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoImageProcessor,
    AutoTokenizer,
    CLIPModel,
    PreTrainedModel,
    SiglipModel,
    ViltForImageAndTextRetrieval,
)

from studio.domain import CheckpointError
from studio.perfusion.feature_crossing import PlugIn, TowerShape
from studio.perfusion.profile import EncodedProfile, Profile, ProfileNotice, ProfileSchema
from studio.perfusion.reward_backbone import (
    TEXT,
    VISION,
    Injection,
    RewardBackbone,
    Shifts,
    TwoTowerBackbone,
    wrap_backbone,
)
from studio.perfusion.sound_models import check_sizes, check_weights
from studio.perfusion.taste import NO_TASTE, Taste
from studio.perfusion.user_encoder import CrossKind, UserEncoder, rows_for, stack_profiles
from studio.perfusion.whole_folders import write_text

Variant = Literal["full", "shared", "vision-only", "text-only"]

CONFIG_FILE = "config.json"
SCHEMA_FILE = "profile_schema.json"
WEIGHTS_FILE = "model.safetensors"
REMEMBERED = 512
"""Stores, prompts and pairs of them whose vectors are kept between calls."""

_TABLE = "encoder.table.weight"
_STEEPEST = 1_000.0
_LIBRARY_CLASSES: dict[str, type] = {
    "clip": CLIPModel,
    "siglip": SiglipModel,
    "vilt": ViltForImageAndTextRetrieval,
}

Value = TypeVar("Value")

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, kw_only=True)
class RewardModelConfig:
    """The shape of the plug-in, and the scale that it learns at.

    Attributes:
        backbone: Hub id, or folder relative to the reward model's own.
        variant: which towers get a plug-in, and whether they share one.
        injection: where the shifts are added, see `reward_backbone`.
        field_width: length of a profile field's embedding.
        cross_layers: crossing layers.
        cross: their kind; `vector` is the paper's.
        hidden_width: width inside the AdaNets.
        temperature: of Eq. 8 in training; the backbone's logits are divided by it. Scores are the
            logits themselves. It is kept, so that whoever trains the plug-in further goes on at
            the scale that it knows.
        pick_slope: by how much the log odds of a pick rise with each logit that a design scores
            above another one, as measured on held-out rounds; None where that is not known.
    """

    backbone: str = "../clip"
    variant: Variant = "full"
    injection: Injection = "input"
    field_width: int = 16
    cross_layers: int = 3
    cross: CrossKind = "vector"
    hidden_width: int = 32
    temperature: float = 1.0
    pick_slope: float | None = None


@dataclass(frozen=True)
class RewardInputs:
    """B groups of N images, ready for the model.

    Attributes:
        images: (B, N, T, D) tokens from `embed_images`; or (B, N, D) features of the frozen
            vision tower, when that tower is not to be personalised.
        prompt_ids: (B, L) int64.
        prompt_mask: (B, L) int64.
        user_features: (B, F, V) int64 profile ids.
    """

    images: Tensor
    prompt_ids: Tensor
    prompt_mask: Tensor
    user_features: Tensor


@dataclass(frozen=True)
class PreparedImages:
    """Images with everything that does not depend on prompt or store already computed.

    Attributes:
        tokens: (N, T, D) before the first layer.
        features: (N, D) of the frozen vision tower; None for a single-tower backbone.
    """

    tokens: Tensor
    features: Tensor | None


@dataclass(frozen=True)
class RewardScores:
    """Scores of one group.

    Attributes:
        total: (N,) how well each image suits prompt and store, in logits: differences count.
        general: (N,) the same for nobody in particular (the frozen backbone's score).
        notices: what of the profile the model could not use.
    """

    total: Tensor
    general: Tensor
    notices: tuple[ProfileNotice, ...] = ()

    @property
    def personal(self) -> Tensor:
        """(N,) the store's own part."""
        return self.total - self.general


class RewardProcessor:
    """Prompts -> token ids, images -> normalised pixels, as the backbone was trained.

    Args:
        tokenizer: the backbone's tokenizer.
        image_processor: the backbone's image processor.
        config: the backbone's configuration.
    """

    def __init__(self, tokenizer: Any, image_processor: Any, config: Any) -> None:
        self.tokenizer = tokenizer
        self.image_processor = image_processor
        text = getattr(config, "text_config", config)
        self.max_tokens = min(int(text.max_position_embeddings), int(tokenizer.model_max_length))
        self.padding = "max_length" if config.model_type == "siglip" else "longest"

    @classmethod
    def from_pretrained(cls, folder: str, config: Any) -> "RewardProcessor":
        """Load tokenizer and image processor from a backbone's folder or Hub id."""
        return cls(
            AutoTokenizer.from_pretrained(folder),
            AutoImageProcessor.from_pretrained(folder),
            config,
        )

    def prompts(self, prompts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """B prompts -> (B, L) ids and (B, L) mask, both int64; what is too long is cut."""
        encoded = self.tokenizer(
            list(prompts),
            padding=self.padding,
            truncation=True,
            max_length=self.max_tokens,
            return_attention_mask=True,
            return_tensors="pt",
        )
        return encoded["input_ids"], encoded["attention_mask"]

    def pixels(self, images: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1] -> (B, 3, H', W') normalised float32.

        Images go through 8 bits, so a tensor and the PNG saved from it score the same.
        """
        arrays = (images.detach().cpu().float().clamp(0, 1) * 255).round().to(torch.uint8)
        return self.pictures(list(arrays.permute(0, 2, 3, 1).numpy()))

    def pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> Tensor:
        """B pictures (H, W, 3) in 8 bits, of any sizes -> (B, 3, H', W') normalised float32."""
        pixels: Tensor = self.image_processor(
            images=list(pictures), return_tensors="pt", input_data_format="channels_last"
        )["pixel_values"]
        return pixels


class PerFusionRM(nn.Module):
    """The personalised reward model.

    Source: PerFusion (arXiv 2503.22182), section 4.2, Eq. 2-6.

    Args:
        backbone: the library's image-text model; it is frozen.
        processor: for prompts and images.
        schema: profile fields and their tables.
        config: shape of the plug-in.
    """

    def __init__(
        self,
        backbone: PreTrainedModel,
        processor: RewardProcessor,
        schema: ProfileSchema,
        config: RewardModelConfig,
    ) -> None:
        super().__init__()
        self.backbone: RewardBackbone = wrap_backbone(backbone, config.injection)
        self.processor = processor
        self.schema = schema
        self.config = config
        self.plug_ins = nn.ModuleList(
            PlugIn(
                UserEncoder.for_schema(
                    schema, config.field_width, config.cross_layers, config.cross
                ),
                config.hidden_width,
                towers,
            )
            for towers in _towers_of_plug_ins(self.backbone.towers, config.variant)
        )
        self._shifts = _Recent[Shifts](REMEMBERED)
        self._texts = _Recent[Tensor](REMEMBERED)

    @property
    def user_width(self) -> int:
        """Length U of a store's embedding: of all plug-ins' user embeddings, end to end."""
        return sum(each.width for each in self.user_encoders)

    @property
    def user_encoders(self) -> list[UserEncoder]:
        """Those of the plug-ins, in their order."""
        return [each.encoder for each in self._plug_ins]

    @property
    def looks_personally(self) -> bool:
        """Whether stores change what is made of images, and not of prompts alone."""
        towers = {name for each in self._plug_ins for name in each.towers}
        return towers != {TEXT}

    def shifts(self, user_features: Tensor, correction: Tensor | None = None) -> dict[str, Tensor]:
        """(B, F, V) user features -> tower -> (B, layers, 2, D); depends on the store only.

        Args:
            user_features: profile ids.
            correction: (U,) or (B, U) of `user_width`, added to the stores' embeddings.
        """
        widths = [each.width for each in self.user_encoders]
        parts: Sequence[Tensor | None] = [None] * len(widths)
        if correction is not None:
            parts = torch.split(correction.to(self.device), widths, dim=-1)
        return {
            tower: shift
            for plug_in, part in zip(self._plug_ins, parts, strict=True)
            for tower, shift in plug_in(user_features, part).items()
        }

    def forward(
        self, inputs: RewardInputs, personal: bool = True, correction: Tensor | None = None
    ) -> Tensor:
        """B groups -> (B, N) scores: the stores' own, or the general ones.

        Args:
            inputs: the groups.
            personal: whether the stores count.
            correction: (U,) or (B, U), added to the stores' embeddings.
        """
        shifts = self.shifts(inputs.user_features, correction) if personal else {}
        if inputs.images.dim() == 4:
            return self.backbone.score(inputs.images, inputs.prompt_ids, inputs.prompt_mask, shifts)
        towers = self._two_towers()
        texts = towers.text_features(inputs.prompt_ids, inputs.prompt_mask, shifts.get(TEXT))
        return towers.compare(inputs.images, texts)

    @torch.no_grad()
    def prepare_images(self, images: Tensor) -> PreparedImages:
        """(N, 3, H, W) in [0, 1] -> what every later call with these images can share."""
        return self.prepare_pixels(self.processor.pixels(images))

    @torch.no_grad()
    def prepare_pixels(self, pixel_values: Tensor) -> PreparedImages:
        """The same for pixels that the processor has already normalised."""
        tokens = self.backbone.embed_images(pixel_values.to(self.device))
        if isinstance(self.backbone, TwoTowerBackbone):
            return PreparedImages(tokens, self.backbone.image_features(tokens, None))
        return PreparedImages(tokens, None)

    @torch.no_grad()
    def score(
        self,
        images: Tensor | PreparedImages,
        prompt: str,
        profile: Profile,
        taste: Taste = NO_TASTE,
    ) -> RewardScores:
        """Score one grid for one store, in one batch.

        Args:
            images: (N, 3, H, W) in [0, 1], or what `prepare_images` made of them.
            prompt: the phrases that were asked for.
            profile: the store.
            taste: what the store's ticks have taught since the model was trained.

        Raises:
            ProfileError: a profile field has the wrong type.
            CheckpointError: what comes out are no numbers.
            TasteError: the taste was fitted to another model.
        """
        taste.check_fits(reward=self.user_width)
        prepared = images if isinstance(images, PreparedImages) else self.prepare_images(images)
        encoded = self.schema.encode(profile)
        total = self._score_for(prepared, prompt, encoded, taste)
        general = self._score_for(prepared, prompt, None, NO_TASTE)
        if not bool(torch.isfinite(total).all() and torch.isfinite(general).all()):
            raise CheckpointError(
                "The reward model's scores of these pictures are no numbers, so they say nothing. "
                "Its weights don't fit their precision, or were trained at too high a rate. Use "
                "another checkpoint, or train it again."
            )
        return RewardScores(total, general, encoded.notices)

    @property
    def _plug_ins(self) -> list[PlugIn]:
        return [each for each in self.plug_ins if isinstance(each, PlugIn)]

    @property
    def device(self) -> torch.device:
        """Where the model is."""
        return next(self.parameters()).device

    def train(self, mode: bool = True) -> "PerFusionRM":
        """Switch modes; what was remembered is forgotten, as training changes it."""
        self._shifts.clear()
        self._texts.clear()
        return super().train(mode)

    def trainable_parameters(self) -> list[nn.Parameter]:
        """The plug-in's parameters; the backbone has none to train."""
        return list(self.plug_ins.parameters())

    def with_schema(self, schema: ProfileSchema) -> "PerFusionRM":
        """The same model for a schema with more answers, such as new stores.

        What the two schemas share keeps what it has learnt; a new answer starts as *unknown*.

        Raises:
            CheckpointError: the schemas ask different questions.
        """
        model = PerFusionRM(self.backbone.model, self.processor, schema, self.config)
        rows = rows_for(self.schema, schema)
        model.plug_ins.load_state_dict(
            {
                name: tensor[rows] if name.endswith(_TABLE) else tensor
                for name, tensor in self.plug_ins.state_dict().items()
            }
        )
        return model.to(self.device)

    def save_pretrained(self, folder: str | Path, dtype: torch.dtype = torch.float32) -> None:
        """Write configuration, profile schema and plug-in; the backbone stays where it is."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        weights = {
            name: tensor.detach().to("cpu", dtype).contiguous()
            for name, tensor in self.plug_ins.state_dict().items()
        }
        save_file(weights, target / WEIGHTS_FILE, metadata={"format": "pt"})
        self.save_config(target)
        (target / SCHEMA_FILE).write_text(self.schema.to_json() + "\n", encoding="utf-8")

    def save_config(self, folder: str | Path) -> None:
        """Write the configuration alone, in one step."""
        settings = {"model": "PerFusionRM", **asdict(self.config)}
        write_text(Path(folder) / CONFIG_FILE, json.dumps(settings, indent=1) + "\n")

    @classmethod
    def from_pretrained(
        cls, folder: str | Path, backbone: str | Path | None = None, subfolder: str = ""
    ) -> "PerFusionRM":
        """Load a trained plug-in and its backbone.

        Args:
            folder: what `save_pretrained` wrote, or the Hub id of a repository that holds it.
            subfolder: in there.
            backbone: folder or Hub id to use in place of the one in the configuration.

        Raises:
            CheckpointError: a file is missing or does not fit.
        """
        source = _local_folder(folder, subfolder) / subfolder
        config = _read_config(source / CONFIG_FILE)
        where = str(backbone) if backbone else _locate(source, config.backbone)
        try:
            schema = ProfileSchema.from_json((source / SCHEMA_FILE).read_text(encoding="utf-8-sig"))
            weights = load_file(source / WEIGHTS_FILE)
        except (OSError, SafetensorError) as error:
            raise CheckpointError(f"{source} holds no whole reward model: {error}") from error
        model, processor = load_backbone(where)
        reward_model = cls(model, processor, schema, config)
        try:
            reward_model.plug_ins.load_state_dict(
                {name: tensor.float() for name, tensor in weights.items()}
            )
        except RuntimeError as error:
            raise CheckpointError(
                f"The reward model in {source} was not trained on the backbone in {where}."
            ) from error
        check_weights(source, reward_model.plug_ins)
        return reward_model.eval()

    def _two_towers(self) -> TwoTowerBackbone:
        if not isinstance(self.backbone, TwoTowerBackbone):
            raise TypeError("A single-tower backbone has no image features of its own.")
        return self.backbone

    def _score_for(
        self,
        images: PreparedImages,
        prompt: str,
        store: EncodedProfile | None,
        taste: Taste,
    ) -> Tensor:
        """(N,) scores for a store, or for nobody in particular."""
        shifts = self._shifts_of(store, taste)
        if images.features is None:
            ids, mask = (part.to(self.device) for part in self.processor.prompts([prompt]))
            return self.backbone.score(images.tokens.unsqueeze(0), ids, mask, shifts)[0]
        towers = self._two_towers()
        features = images.features
        if VISION in shifts:
            features = towers.image_features(
                images.tokens, shifts[VISION].expand(len(images.tokens), -1, -1, -1)
            )
        texts = self._text_features_of(prompt, store if TEXT in shifts else None, taste)
        return towers.compare(features.unsqueeze(0), texts)[0]

    def _shifts_of(self, store: EncodedProfile | None, taste: Taste) -> Shifts:
        if store is None:
            return {}
        return self._shifts.get(
            (store.ids, taste.mark),
            lambda: self.shifts(stack_profiles([store]).to(self.device), taste.reward),
        )

    def _text_features_of(self, prompt: str, store: EncodedProfile | None, taste: Taste) -> Tensor:
        def compute() -> Tensor:
            ids, mask = (part.to(self.device) for part in self.processor.prompts([prompt]))
            shifts = self._shifts_of(store, taste)
            return self._two_towers().text_features(ids, mask, shifts.get(TEXT))

        whose = (store.ids, taste.mark) if store else None
        return self._texts.get((prompt, whose), compute)


def load_backbone(where: str) -> tuple[PreTrainedModel, RewardProcessor]:
    """Load an image-text model and its processor from a folder or, by id, from the Hub.

    Raises:
        CheckpointError: nothing usable is there.
    """
    try:
        config = AutoConfig.from_pretrained(where)
        library_class: Any = _LIBRARY_CLASSES.get(config.model_type)
        if library_class is None:
            raise CheckpointError(
                f"{where} is a {config.model_type} model; the reward model needs "
                f"{', '.join(_LIBRARY_CLASSES)}."
            )
        check_sizes(Path(where), config.to_dict())
        model = library_class.from_pretrained(where, use_safetensors=True, dtype=torch.float32)
        check_weights(Path(where), model)
        processor = RewardProcessor.from_pretrained(where, config)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"No image-text model could be read from {where}: {error}") from error
    return model, processor


def _towers_of_plug_ins(
    towers: Sequence[TowerShape], variant: Variant
) -> list[tuple[TowerShape, ...]]:
    """Which towers each plug-in serves; a single-tower backbone has one plug-in anyway."""
    if len(towers) == 1:
        return [tuple(towers)]
    by_name = {tower.name: tower for tower in towers}
    choices: dict[Variant, list[tuple[TowerShape, ...]]] = {
        "full": [(by_name[VISION],), (by_name[TEXT],)],
        "shared": [(by_name[VISION], by_name[TEXT])],
        "vision-only": [(by_name[VISION],)],
        "text-only": [(by_name[TEXT],)],
    }
    return choices[variant]


def _local_folder(named: str | Path, subfolder: str) -> Path:
    """The folder itself, or the files of a repository of the Hub, from its cache if they are there.

    A backbone that was published beside the plug-in comes along.
    """
    if Path(named).exists() or not _HUB_ID.fullmatch(str(named)):
        return Path(named)
    wanted = [
        f"{subfolder}/{name}".lstrip("/") for name in (CONFIG_FILE, SCHEMA_FILE, WEIGHTS_FILE)
    ]
    try:
        return Path(
            snapshot_download(
                str(named),
                allow_patterns=[*wanted, "clip/*.json", "clip/*.txt", f"clip/{WEIGHTS_FILE}"],
            )
        )
    except (HfHubHTTPError, OSError) as error:
        raise CheckpointError(
            f"There is no folder {named}, and no such repository could be reached on the Hugging "
            "Face Hub. Check the name, or copy the folder here."
        ) from error


def _locate(folder: Path, backbone: str) -> str:
    local = (folder / backbone).resolve()
    return str(local) if local.is_dir() else backbone


def _read_config(path: Path) -> RewardModelConfig:
    try:
        settings = json.loads(path.read_text(encoding="utf-8-sig"))
        settings.pop("model")
        check_sizes(path.parent, settings)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CheckpointError(f"{path} is not the configuration of a reward model.") from error
    unknown = settings.keys() - {field.name for field in fields(RewardModelConfig)}
    if unknown:
        raise CheckpointError(f"{path} has settings that are not known: {sorted(unknown)}.")
    _check_slope(path, settings.get("pick_slope"))
    return RewardModelConfig(**settings)


def _check_slope(path: Path, slope: object) -> None:
    if slope is None or (isinstance(slope, float | int) and 0 <= slope < _STEEPEST):
        return
    raise CheckpointError(
        f"{path} says {str(slope)[:20]!r} of what scores mean, which is no slope. Take "
        "`pick_slope` out of it, or measure it again (python -m training.calibration)."
    )


class _Recent(Generic[Value]):
    """Keeps the values asked for last; the model forgets them when it is trained."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value kept for the key, or a new one."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = self._values[key] = compute()
        if len(self._values) > self._limit:
            self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
