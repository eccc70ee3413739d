"""Trains CLIP's text tower before its image tower: captions against the attributes they tell of.

Alone it needs minutes, and the image tower can then learn to agree with what is settled already.
"""

import copy
import random
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn
from transformers import CLIPModel, PreTrainedTokenizerBase

from training.atelier.grammar import caption
from training.config import ClipConfig
from training.contact_sheet import contact_sheet
from training.data.captions import batch_captions
from training.data.tiles import Tiles
from training.loops.clip import FAMILY_SIZES, build, export_clip, load_tokenizer
from training.losses.attributes import attribute_loss, chosen_values
from training.losses.contrastive import contrastive_loss
from training.run_state import batch_indices, start_state
from training.runner import Task, run_training


class TextWithAttributes(nn.Module):
    """The text tower beside a tower that sees a drawing's true attributes instead of its pixels."""

    def __init__(self, clip: CLIPModel) -> None:
        super().__init__()
        width = clip.config.projection_dim
        self.text_model, self.text_projection = clip.text_model, clip.text_projection
        self.logit_scale = clip.logit_scale
        self.attribute_tower = nn.Linear(sum(FAMILY_SIZES), width)
        self.heads = nn.Linear(clip.config.text_config.hidden_size, sum(FAMILY_SIZES))

    def forward(self, input_ids: Tensor, classes: Tensor) -> dict[str, Tensor]:
        """Features of the captions and of the attributes.

        Args:
            input_ids: (B, T) int64.
            classes: (B, families) int64, positions within FAMILIES' values.

        Returns:
            text_features and attribute_features (B, D) of unit length, logit_scale (), and
            attribute_logits (B, values of all families) read from the captions.
        """
        pooled = self.text_model(input_ids=input_ids).pooler_output
        told = torch.cat(
            [
                F.one_hot(chosen, size)
                for chosen, size in zip(classes.unbind(1), FAMILY_SIZES, strict=True)
            ],
            dim=1,
        )
        return {
            "text_features": F.normalize(self.text_projection(pooled), dim=-1),
            "attribute_features": F.normalize(self.attribute_tower(told.float()), dim=-1),
            "logit_scale": self.logit_scale.exp().clamp(max=100.0),
            "attribute_logits": self.heads(pooled),
        }


@dataclass(frozen=True)
class TextTask:
    """The pieces of `Task` for the text tower."""

    config: ClipConfig
    clip: CLIPModel
    tokenizer: PreTrainedTokenizerBase
    train: Tiles
    held_out: Tiles
    device: torch.device

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """Contrastive loss and attribute loss of one step's captions."""
        config = self.config
        chosen = batch_indices(len(self.train), config.batch_size, config.seed, step)
        rng = random.Random(f"{config.seed}/{step}")
        outputs, classes = self._outputs(model, self.train, chosen, rng, config.short_caption_share)
        contrastive = contrastive_loss(
            outputs["attribute_features"], outputs["text_features"], outputs["logit_scale"]
        ).mean()
        naming = attribute_loss(outputs["attribute_logits"], classes, FAMILY_SIZES).mean()
        return {
            "loss": contrastive + config.attribute_weight * naming,
            "contrastive": contrastive.detach(),
            "attributes": naming.detach(),
        }

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """How often a held-out outfit finds its caption, and attributes named from captions."""
        chosen = list(range(min(self.config.evaluation_tiles, len(self.held_out))))
        rng = random.Random(f"{self.config.seed}/evaluation")
        outputs, classes = self._outputs(model, self.held_out, chosen, rng, 0.0)
        similarity = outputs["attribute_features"] @ outputs["text_features"].T
        own = torch.arange(len(chosen), device=similarity.device)
        named = chosen_values(outputs["attribute_logits"], FAMILY_SIZES)
        return {
            "text_of_outfit": float((similarity.argmax(dim=1) == own).float().mean()),
            "attributes_named": float((named == classes).float().mean()),
        }

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """Eight held-out captions' own drawings, each followed by the nearest outfits' drawings."""
        chosen = list(range(min(self.config.evaluation_tiles, len(self.held_out))))
        rng = random.Random(f"{self.config.seed}/evaluation")
        outputs, _ = self._outputs(model, self.held_out, chosen, rng, 0.0)
        similarity = outputs["text_features"][:8] @ outputs["attribute_features"].T
        found = similarity.topk(min(5, len(chosen)), dim=1).indices.tolist()
        return contact_sheet(
            [self.held_out.tensors([asked, *best]) for asked, best in enumerate(found)]
        )

    def export(self, model: nn.Module) -> None:
        """Write the whole CLIP, whose image tower is still untrained."""
        if not isinstance(model, TextWithAttributes):
            raise TypeError(f"Expected a TextWithAttributes, not {type(model).__name__}.")
        clip = copy.deepcopy(self.clip)
        clip.text_model.load_state_dict(model.text_model.state_dict())
        clip.text_projection.load_state_dict(model.text_projection.state_dict())
        clip.logit_scale.data.copy_(model.logit_scale)
        export_clip(clip, self.tokenizer, self.config)

    def _outputs(
        self,
        model: nn.Module,
        tiles: Tiles,
        chosen: list[int],
        rng: random.Random,
        short_share: float,
    ) -> tuple[dict[str, Tensor], Tensor]:
        outfits = [tiles.outfit(index) for index in chosen]
        prompts = batch_captions(outfits, rng, caption, short_share, shuffled=True)
        tokens = self.tokenizer(prompts, padding=True, truncation=True, return_tensors="pt")
        classes = torch.from_numpy(tiles.attributes[chosen]).long().to(self.device)
        return model(tokens["input_ids"].to(self.device), classes), classes


def run(config: ClipConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    tokenizer = load_tokenizer(config)
    clip = build(config, tokenizer).clip
    state = start_state(TextWithAttributes(clip).train().to(accelerator.device), config)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    task = TextTask(config, clip, tokenizer, train, held_out, accelerator.device)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)
