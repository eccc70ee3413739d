"""Small CLIP, SigLIP and ViLT, trained alike on drawings: backbones that can be compared.

All three have the same widths and depths, see the same drawings and captions, and learn two
things: which caption belongs to a drawing, and, from the drawing alone, its attributes, each
along a direction of its own in what the score is a product with (`naming_error`).
"""

import logging
import random
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import AdamW
from transformers import (
    CLIPModel,
    CLIPTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    SiglipConfig,
    SiglipModel,
    ViltConfig,
    ViltForImageAndTextRetrieval,
)

from training.atelier.grammar import caption
from training.config import ClipConfig, SmallBackboneConfig
from training.data.captions import batch_captions
from training.data.tiles import Tiles
from training.loops.clip import (
    FAMILY_SIZES,
    TOKENIZER_PART,
    clip_config,
    clip_pixels,
    family_weights,
    image_processor,
)
from training.losses.attributes import naming_error
from training.losses.contrastive import contrastive_loss, sigmoid_loss
from training.run_state import batch_indices, learning_rate
from training.runner import quick_attention

log = logging.getLogger(__name__)


class SmallBackbone(nn.Module, ABC):
    """A library model, and heads that name attributes; the heads are dropped afterwards.

    Args:
        model: of the library.
        width: of what a score is a product with.
    """

    def __init__(self, model: PreTrainedModel, width: int) -> None:
        super().__init__()
        self.model: Any = model
        self.heads = nn.Linear(width, sum(FAMILY_SIZES))

    @abstractmethod
    def forward(self, pixels: Tensor, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Losses of B drawings and their captions.

        Args:
            pixels: (B, 3, S, S) normalised.
            ids: (B, L) int64 captions; row i tells of drawing i.
            mask: (B, L) int64.

        Returns:
            (B,) how badly captions and drawings find each other, and (B, values of all families)
            one number per attribute of the drawings, see `naming_error`.
        """


class SmallClip(SmallBackbone):
    """A `CLIPModel`, with the softmax loss."""

    def forward(self, pixels: Tensor, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See `SmallBackbone.forward`."""
        pooled = self.model.vision_model(pixel_values=pixels).pooler_output
        text = self.model.text_model(input_ids=ids).pooler_output
        images = F.normalize(self.model.visual_projection(pooled), dim=-1)
        texts = F.normalize(self.model.text_projection(text), dim=-1)
        scale = self.model.logit_scale.exp().clamp(max=100)
        return contrastive_loss(images, texts, scale), self.heads(_spread(images))


class SmallSiglip(SmallBackbone):
    """A `SiglipModel`, with the sigmoid loss."""

    def forward(self, pixels: Tensor, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See `SmallBackbone.forward`."""
        pooled = self.model.vision_model(pixel_values=pixels).pooler_output
        texts = F.normalize(self.model.text_model(input_ids=ids).pooler_output, dim=-1)
        images = F.normalize(pooled, dim=-1)
        scale, bias = self.model.logit_scale.exp(), self.model.logit_bias
        return sigmoid_loss(images, texts, scale, bias), self.heads(_spread(images))


def _spread(features: Tensor) -> Tensor:
    """Features of unit length, (B, D), with each of the D numbers brought to about 1."""
    spread: Tensor = features * features.shape[1] ** 0.5
    return spread


class SmallVilt(SmallBackbone):
    """A `ViltForImageAndTextRetrieval`: each drawing with its own caption and two others'."""

    STRANGERS = 2

    def forward(self, pixels: Tensor, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """See `SmallBackbone.forward`."""
        scores, pooled = [], []
        for shift in range(self.STRANGERS + 1):
            hidden = self.model.vilt(
                input_ids=ids.roll(shift, 0),
                attention_mask=mask.roll(shift, 0),
                pixel_values=pixels,
            ).pooler_output
            pooled.append(hidden)
            scores.append(self.model.rank_output(hidden).squeeze(-1))
        own = torch.zeros(len(ids), dtype=torch.int64, device=ids.device)
        losses = F.cross_entropy(torch.stack(scores, dim=1).float(), own, reduction="none")
        # Beside a stranger's caption only the drawing can tell the attributes.
        return losses, self.heads(pooled[1])


def make_backbone(kind: str, config: SmallBackboneConfig, tiles: Tiles, folder: Path) -> Path:
    """Train a backbone on drawings and write it as a folder of the library's layout.

    Args:
        kind: `clip`, `siglip` or `vilt`.
        config: sizes and training.
        tiles: what to learn from.
        folder: to write to; one that is complete is left as it is.
    """
    if (folder / "config.json").exists():
        return folder
    torch.manual_seed(config.seed)
    tokenizer = CLIPTokenizer.from_pretrained(Path(config.checkpoint) / TOKENIZER_PART)
    tokenizer.model_max_length = config.context_tokens
    module = build(kind, config, tokenizer).train()
    optimiser = AdamW(module.parameters(), config.learning_rate, weight_decay=config.weight_decay)
    for step in range(config.steps):
        optimiser.param_groups[0]["lr"] = learning_rate(step, config)
        with quick_attention(torch.device("cpu")):
            matching, naming = losses_of_step(module, config, tokenizer, tiles, step)
            torch.autograd.backward(matching + config.attribute_weight * naming)
        nn.utils.clip_grad_norm_(module.parameters(), config.gradient_clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if (step + 1) % config.log_steps == 0:
            log.info("%s %d: matching %.3f, naming %.3f", kind, step + 1, matching, naming)
    image_processor(config.image_size_px).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    module.model.eval().save_pretrained(folder)
    return folder


def losses_of_step(
    module: nn.Module,
    config: SmallBackboneConfig,
    tokenizer: PreTrainedTokenizerBase,
    tiles: Tiles,
    step: int,
) -> tuple[Tensor, Tensor]:
    """Mean losses of matching and of naming; drawings and captions follow from the step."""
    chosen = batch_indices(len(tiles), config.batch_size, config.seed, step)
    rng = random.Random(f"{config.seed}/{step}")
    outfits = [tiles.outfit(index) for index in chosen]
    prompts = batch_captions(outfits, rng, caption, config.short_caption_share, shuffled=True)
    encoded = tokenizer(prompts, padding="max_length", truncation=True, return_tensors="pt")
    pixels = clip_pixels(tiles.tensors(chosen), config.image_size_px)
    with torch.autocast("cpu", torch.bfloat16, enabled=config.mixed_precision == "bf16"):
        matching, named = module(pixels, encoded["input_ids"], encoded["attention_mask"])
    classes = torch.from_numpy(tiles.places[chosen]).long()
    weights = family_weights(config.figure_weight)
    return matching.mean(), naming_error(named, classes, FAMILY_SIZES, weights).mean()


def build(
    kind: str, config: SmallBackboneConfig, tokenizer: PreTrainedTokenizerBase
) -> SmallBackbone:
    """A backbone with random weights."""
    sizes = clip_config(_sizes(config), tokenizer)
    text, vision = sizes.text_config.to_dict(), sizes.vision_config.to_dict()
    if kind == "clip":
        return SmallClip(CLIPModel(sizes), config.width)
    shared = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    tower = {name: vision[name] for name in shared}
    words = {name: text[name] for name in ("vocab_size", "max_position_embeddings")}
    ends = {name: text[name] for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    picture = {"image_size": config.image_size_px, "patch_size": config.patch_size_px}
    if kind == "siglip":
        siglip = SiglipConfig(
            text_config={**tower, **words, **ends, "projection_size": config.width},
            vision_config={**tower, **picture},
        )
        return SmallSiglip(SiglipModel(siglip), config.width)
    vilt = ViltConfig(
        **tower, **words, **picture, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    return SmallVilt(ViltForImageAndTextRetrieval(vilt), config.width)


def _sizes(config: SmallBackboneConfig) -> ClipConfig:
    return ClipConfig(
        image_size_px=config.image_size_px,
        patch_size_px=config.patch_size_px,
        context_tokens=config.context_tokens,
        projection_width=config.width,
        **{f"{tower}_width": config.width for tower in ("vision", "text")},  # type: ignore[arg-type]  # sizes
        **{f"{tower}_layers": config.layers for tower in ("vision", "text")},  # type: ignore[arg-type]  # sizes
        **{f"{tower}_heads": config.heads for tower in ("vision", "text")},  # type: ignore[arg-type]  # sizes
    )
