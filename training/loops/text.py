"""Trains the generator's text encoder: its states are to tell which attributes a caption asks for.

The U-Net sees the mean of all states first (attention starts nearly even, and so does the pooling
in the time embedding), so that mean has to tell everything. It takes minutes.
"""

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, PreTrainedTokenizerBase

from studio.design.families import FAMILIES
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.checkpoint import load_component, save_component
from studio.perfusion.pipeline import full_length_ids
from training.atelier.grammar import build_phrasebook
from training.config import TextConfig
from training.contact_sheet import sheet_of_pictures
from training.data.captions import plain_caption, told_families, told_values
from training.data.designs import Designs
from training.data.tokenizer import build_tokenizer, grow_embeddings, grown_tokenizer
from training.losses.attributes import UNTOLD, attribute_loss, chosen_values
from training.run_state import batch_indices, start_state
from training.runner import Task, run_training

TEXT_PART, TOKENIZER_PART = "text_encoder", "tokenizer"
_SILENT = 0
_SHOWN = 12
_SIZES = [1 + len(values) for values in FAMILIES.values()]


class TextWithHeads(nn.Module):
    """The text encoder, and heads that name what a caption asks for; they are dropped later."""

    def __init__(self, text_encoder: CLIPTextModel) -> None:
        super().__init__()
        self.text_encoder = text_encoder
        self.heads = nn.Linear(text_encoder.config.hidden_size, sum(_SIZES))

    def forward(self, input_ids: Tensor) -> Tensor:
        """(B, T) int64 -> logits (B, values of all families, each family with silence first)."""
        states = self.text_encoder(input_ids).last_hidden_state  # (B, T, D)
        logits: Tensor = self.heads(states.mean(dim=1))
        return logits


@dataclass(frozen=True)
class TextTask:
    """The pieces of `Task` for the text encoder."""

    config: TextConfig
    tokenizer: PreTrainedTokenizerBase
    train: Designs
    held_out: Designs
    device: torch.device

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """How badly one step's captions are understood."""
        config = self.config
        chosen = batch_indices(len(self.train), config.batch_size, config.seed, step)
        input_ids, classes = self._captions(
            self.train, chosen, random.Random(f"{config.seed}/{step}")
        )
        return {"loss": attribute_loss(model(input_ids), classes, _SIZES).mean()}

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Share of the told attributes of held-out captions that are named right."""
        chosen = list(range(min(self.config.evaluation_tiles, len(self.held_out))))
        rng = random.Random(f"{self.config.seed}/evaluation")
        input_ids, classes = self._captions(self.held_out, chosen, rng)
        named = chosen_values(model(input_ids), _SIZES)
        told = classes != _SILENT
        return {"told_named": float((named == classes)[told].float().mean())}

    def samples(self, model: nn.Module) -> Image.Image:
        """Some designs whose captions are learnt."""
        specs = [self.train.spec(index) for index in range(min(_SHOWN, len(self.train)))]
        return sheet_of_pictures([[picture(draw_croquis(each), 256) for each in specs]])

    def export(self, model: nn.Module) -> None:
        """Write the text encoder and its tokenizer."""
        if not isinstance(model, TextWithHeads):
            raise TypeError(f"Expected a TextWithHeads, not {type(model).__name__}.")
        folder = Path(self.config.checkpoint)
        save_component(folder, TEXT_PART, copy.deepcopy(model.text_encoder))
        save_component(folder, TOKENIZER_PART, self.tokenizer)

    def _captions(
        self, designs: Designs, chosen: Sequence[int], rng: random.Random
    ) -> tuple[Tensor, Tensor]:
        """Token numbers (B, T), and (B, families) the told value's place + 1, or 0."""
        shares = (0.0, self.config.short_caption_share, self.config.whole_caption_share)
        outfits = [designs.outfit(index) for index in chosen]
        captions = [plain_caption(each, told_families(each, rng, shares)) for each in outfits]
        told = told_values(captions)
        classes = torch.where(told == UNTOLD, _SILENT, told + 1)
        input_ids = full_length_ids(self.tokenizer, captions).to(self.device)
        return input_ids, classes.to(self.device)


def run(config: TextConfig, train: Designs, held_out: Designs) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    text_encoder, tokenizer = build(config)
    state = start_state(TextWithHeads(text_encoder).train().to(accelerator.device), config)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    task = TextTask(config, tokenizer, train, held_out, accelerator.device)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def build(config: TextConfig) -> tuple[CLIPTextModel, PreTrainedTokenizerBase]:
    """The encoder before the first step, committed or random, and its tokenizer."""
    if config.init_from:
        folder = Path(config.init_from)
        text_encoder = load_component(folder, TEXT_PART).requires_grad_(True)
        older = load_component(folder, TOKENIZER_PART)
        tokenizer = grown_tokenizer(older, build_phrasebook().phrases)
        grow_embeddings(text_encoder, older, tokenizer)
        return text_encoder, tokenizer
    tokenizer = build_tokenizer(build_phrasebook().phrases, config.context_tokens)
    shape = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=config.width,
        intermediate_size=4 * config.width,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        max_position_embeddings=config.context_tokens,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        projection_dim=config.width,
        hidden_act="gelu",
    )
    return CLIPTextModel(shape), tokenizer
