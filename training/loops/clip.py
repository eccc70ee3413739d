"""Trains the text tower and the image tower to agree on what a drawing shows."""

import copy
import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTokenizer,
    PreTrainedTokenizerBase,
)

from studio.design.families import FAMILIES, FIGURE_FAMILIES
from studio.perfusion.checkpoint import save_tokenizer
from training.atelier.grammar import build_phrasebook, caption
from training.config import ClipConfig
from training.contact_sheet import contact_sheet
from training.data.captions import batch_captions, told_values
from training.data.tiles import Tiles
from training.data.tokenizer import build_tokenizer, grow_embeddings, grown_tokenizer
from training.losses.attributes import UNTOLD, chosen_values, naming_error
from training.losses.contrastive import contrastive_loss
from training.run_state import batch_indices, start_state
from training.runner import Task, run_training

FAMILY_SIZES = [len(values) for values in FAMILIES.values()]
CLIP_PART, TOKENIZER_PART = "clip", "tokenizer"
_MOST_LOGIT_SCALE = 100.0
_MEAN = _STD = 0.5
_NUDGE_PX = 6


class ClipWithHeads(nn.Module):
    """CLIP, and heads on its features that name attributes, the same for images and texts.

    Telling drawings of a batch apart needs a few attributes only; the heads make both towers mind
    them all. They keep every attribute readable by a product with a vector, which is all that a
    score does with the features. They are dropped when it is saved.
    """

    def __init__(self, clip: CLIPModel) -> None:
        super().__init__()
        self.clip = clip
        self.heads = nn.Linear(clip.config.projection_dim, sum(FAMILY_SIZES))
        nn.init.zeros_(self.heads.weight)
        nn.init.zeros_(self.heads.bias)

    def forward(self, pixels: Tensor, input_ids: Tensor) -> dict[str, Tensor]:
        """Features of both towers.

        Args:
            pixels: (B, 3, S, S), see `clip_pixels`.
            input_ids: (B, T) int64.

        Returns:
            image_features and text_features (B, D) of unit length, logit_scale (), and
            image_attributes and text_attributes (B, values of all families).
        """
        pooled = self.clip.vision_model(pixel_values=pixels).pooler_output
        text = self.clip.text_model(input_ids=input_ids).pooler_output
        image_features = F.normalize(self.clip.visual_projection(pooled), dim=-1)
        text_features = F.normalize(self.clip.text_projection(text), dim=-1)
        typical = image_features.shape[1] ** 0.5  # brings each of the D numbers to about 1
        return {
            "image_features": image_features,
            "text_features": text_features,
            "logit_scale": self.clip.logit_scale.exp().clamp(max=_MOST_LOGIT_SCALE),
            "image_attributes": self.heads(image_features * typical),
            "text_attributes": self.heads(text_features * typical),
        }


@dataclass(frozen=True)
class ClipTask:
    """The pieces of `Task` for CLIP."""

    config: ClipConfig
    tokenizer: PreTrainedTokenizerBase
    train: Tiles
    held_out: Tiles
    device: torch.device

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """Contrastive loss and attribute losses of one step's pairs."""
        config = self.config
        chosen = batch_indices(len(self.train), config.batch_size, config.seed, step)
        rng = random.Random(f"{config.seed}/{step}")
        captions = self._captions(self.train, chosen, rng, config.short_caption_share)
        pixels, input_ids = self._inputs(self.train, chosen, captions)
        outputs = model(nudged(pixels, _NUDGE_PX, rng), input_ids)
        contrastive = contrastive_loss(
            outputs["image_features"], outputs["text_features"], outputs["logit_scale"]
        ).mean()
        shown = torch.from_numpy(self.train.places[chosen]).long().to(self.device)
        told = told_values(captions).to(self.device)
        weights = family_weights(config.figure_weight)
        naming, telling = (
            naming_error(outputs[name], values, FAMILY_SIZES, weights).mean()
            for name, values in (("image_attributes", shown), ("text_attributes", told))
        )
        return {
            "loss": contrastive + config.attribute_weight * (naming + telling),
            "contrastive": contrastive.detach(),
            "image_attributes": naming.detach(),
            "text_attributes": telling.detach(),
        }

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """How often a held-out drawing and its caption find each other, and attributes named."""
        chosen = list(range(min(self.config.evaluation_tiles, len(self.held_out))))
        rng = random.Random(f"{self.config.seed}/evaluation")
        captions = self._captions(self.held_out, chosen, rng, 0.0)
        outputs = self._in_parts(model, self.held_out, chosen, captions)
        similarity = outputs["image_features"] @ outputs["text_features"].T
        own = torch.arange(len(chosen), device=similarity.device)
        named = chosen_values(outputs["image_attributes"], FAMILY_SIZES).cpu()
        shown = torch.from_numpy(self.held_out.places[chosen])
        understood = chosen_values(outputs["text_attributes"], FAMILY_SIZES).cpu()
        told = told_values(captions)
        return {
            "text_of_image": float((similarity.argmax(dim=1) == own).float().mean()),
            "image_of_text": float((similarity.argmax(dim=0) == own).float().mean()),
            "attributes_named": float((named == shown).float().mean()),
            "attributes_understood": float((understood == told)[told != UNTOLD].float().mean()),
            "logit_scale": float(outputs["logit_scale"]),
        }

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """Eight held-out drawings, each followed by the five that its caption finds."""
        chosen = list(range(min(self.config.evaluation_tiles, len(self.held_out))))
        captions = self._captions(self.held_out, chosen, random.Random("samples"), 0.0)
        outputs = self._in_parts(model, self.held_out, chosen, captions)
        similarity = outputs["text_features"][:8] @ outputs["image_features"].T
        found = similarity.topk(min(5, len(chosen)), dim=1).indices.tolist()
        rows = [self.held_out.tensors([asked, *best]) for asked, best in enumerate(found)]
        return contact_sheet(rows)

    def export(self, model: nn.Module) -> None:
        """Write the towers together."""
        clip = copy.deepcopy(model.clip)
        export_clip(clip, self.tokenizer, self.config)

    def _in_parts(
        self, model: nn.Module, tiles: Tiles, chosen: list[int], captions: list[str]
    ) -> dict[str, Tensor]:
        parts = [
            model(*self._inputs(tiles, chosen[start : start + 64], captions[start : start + 64]))
            for start in range(0, len(chosen), 64)
        ]
        scale = parts[0].pop("logit_scale")
        joined = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
        return joined | {"logit_scale": scale}

    def _captions(
        self, tiles: Tiles, chosen: list[int], rng: random.Random, short_share: float
    ) -> list[str]:
        outfits = [tiles.outfit(index) for index in chosen]
        return batch_captions(outfits, rng, caption, short_share, shuffled=True)

    def _inputs(
        self, tiles: Tiles, chosen: list[int], captions: list[str]
    ) -> tuple[Tensor, Tensor]:
        # Padding only to the longest: what follows a prompt's end cannot change its features.
        tokens = self.tokenizer(captions, padding=True, truncation=True, return_tensors="pt")
        pixels = clip_pixels(tiles.tensors(chosen).to(self.device), self.config.image_size_px)
        return pixels, tokens["input_ids"].to(self.device)


def run(config: ClipConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    tokenizer = load_tokenizer(config)
    state = start_state(build(config, tokenizer).to(accelerator.device), config)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    task = ClipTask(config, tokenizer, train, held_out, accelerator.device)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def export_clip(clip: CLIPModel, tokenizer: PreTrainedTokenizerBase, config: ClipConfig) -> None:
    """Write CLIP with what it needs to be used."""
    folder = Path(config.checkpoint)
    clip.half().save_pretrained(folder / CLIP_PART)
    image_processor(config.image_size_px).save_pretrained(folder / CLIP_PART)
    save_tokenizer(tokenizer, folder / CLIP_PART)


def load_tokenizer(config: ClipConfig) -> PreTrainedTokenizerBase:
    """The run's own tokenizer; a new run makes one of the phrasebook, or a checkpoint's grows.

    It is kept with the run, since token numbers change when the phrasebook grows.
    """
    kept = Path(config.run) / TOKENIZER_PART
    if not kept.exists():
        phrases = build_phrasebook().phrases
        tokenizer = (
            grown_tokenizer(_tokenizer_before(config), phrases)
            if config.init_from
            else build_tokenizer(phrases, config.context_tokens)
        )
        tokenizer.save_pretrained(kept)
    return CLIPTokenizer.from_pretrained(kept)


def _tokenizer_before(config: ClipConfig) -> CLIPTokenizer:
    return CLIPTokenizer.from_pretrained(Path(config.init_from) / CLIP_PART)


def build(config: ClipConfig, tokenizer: PreTrainedTokenizerBase) -> ClipWithHeads:
    """The model before the first step: the committed weights, or random ones."""
    if config.init_from:
        clip = CLIPModel.from_pretrained(Path(config.init_from) / CLIP_PART, dtype=torch.float32)
        grow_embeddings(clip.text_model, _tokenizer_before(config), tokenizer)
        clip.config.text_config.vocab_size = len(tokenizer)
    else:
        clip = CLIPModel(clip_config(config, tokenizer))
    # In half precision on a CPU torch's own attention takes half as long again.
    clip.set_attn_implementation("eager")
    return ClipWithHeads(clip).train()


def clip_config(config: ClipConfig, tokenizer: PreTrainedTokenizerBase) -> CLIPConfig:
    """The towers' sizes in transformers' words."""
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": config.text_width,
        "intermediate_size": 4 * config.text_width,
        "num_hidden_layers": config.text_layers,
        "num_attention_heads": config.text_heads,
        "max_position_embeddings": config.context_tokens,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "projection_dim": config.projection_width,
        "hidden_act": "gelu",
    }
    vision = {
        "hidden_size": config.vision_width,
        "intermediate_size": 4 * config.vision_width,
        "num_hidden_layers": config.vision_layers,
        "num_attention_heads": config.vision_heads,
        "image_size": config.image_size_px,
        "patch_size": config.patch_size_px,
        "projection_dim": config.projection_width,
        "hidden_act": "gelu",
    }
    return CLIPConfig(
        text_config=text, vision_config=vision, projection_dim=config.projection_width
    )


def family_weights(figure_weight: float) -> Tensor:
    """(families,) what each counts in naming: stores choose garments, not figures."""
    return torch.tensor([figure_weight if name in FIGURE_FAMILIES else 1.0 for name in FAMILIES])


def image_processor(image_size_px: int) -> CLIPImageProcessor:
    """What a drawing goes through before the image tower: squeezed to a square, centred on 0.

    Stock CLIP takes squares only. Squeezing a drawing to one wastes no tokens on empty borders,
    and as every drawing has the same shape the tower can learn the squeezed proportions.
    """
    return CLIPImageProcessor(
        do_resize=True,
        size={"height": image_size_px, "width": image_size_px},
        resample=Image.Resampling.BILINEAR,
        do_center_crop=False,
        image_mean=[_MEAN] * 3,
        image_std=[_STD] * 3,
    )


def nudged(pixels: Tensor, most_px: int, rng: random.Random) -> Tensor:
    """Each picture moved a little, and every second one mirrored: a few teach as many do.

    What a design is called does not depend on its left and right.

    Args:
        pixels: (B, 3, S, S).
        most_px: in each direction; what leaves at an edge comes in at the opposite one, where
            there is nothing but ground.
        rng: source of chance.
    """
    spans = range(-most_px, most_px + 1)
    moved = [each.roll((rng.choice(spans), rng.choice(spans)), (1, 2)) for each in pixels]
    return torch.stack([each.flip(2) if rng.random() < 0.5 else each for each in moved])


def clip_pixels(images: Tensor, image_size_px: int) -> Tensor:
    """What `image_processor` does, for a batch: (B, 3, H, W) in [0, 1] -> (B, 3, S, S)."""
    size = (image_size_px, image_size_px)
    squeezed = F.interpolate(images, size, mode="bilinear", antialias=True)
    return (squeezed - _MEAN) / _STD
