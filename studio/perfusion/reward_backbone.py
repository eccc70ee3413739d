"""Frozen image-text models that PerFusionRM builds on: CLIP, SigLIP and ViLT.

Each one is run layer by layer, so that the shifts of the personalised plug-in can be added
inside. Without shifts the operations and their order are those of the library's own forward
pass, so the scores are the same bit for bit.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import (
    CLIPModel,
    PreTrainedModel,
    SiglipModel,
    ViltForImageAndTextRetrieval,
)
from transformers.masking_utils import create_bidirectional_mask, create_causal_mask

from studio.domain import CheckpointError
from studio.perfusion.feature_crossing import ATTENTION, FEED_FORWARD, TowerShape

Injection = Literal["input", "normed"]
"""Where a shift is added: to the input of the sub-layer, residual included, or after its norm."""

Shifts = Mapping[str, Tensor]
"""Tower -> (B, layers, 2, D) shifts; a tower without an entry runs as it is."""

VISION, TEXT, JOINT = "vision", "text", "joint"


class RewardBackbone(nn.Module, ABC):
    """A frozen image-text model with a place for personal shifts in every layer.

    Args:
        model: the library's model.
        injection: where the shifts are added.
    """

    def __init__(self, model: PreTrainedModel, injection: Injection) -> None:
        super().__init__()
        self.model: Any = model.eval().requires_grad_(False)
        self.injection = injection

    @property
    @abstractmethod
    def towers(self) -> tuple[TowerShape, ...]:
        """The Transformers inside."""

    @abstractmethod
    def embed_images(self, pixel_values: Tensor) -> Tensor:
        """(B, 3, H, W) normalised pixels -> (B, T, D) tokens before the first layer.

        Nothing personal happens before them, so they can be computed once per image.
        """

    @abstractmethod
    def score(
        self, image_tokens: Tensor, prompt_ids: Tensor, prompt_mask: Tensor, shifts: Shifts
    ) -> Tensor:
        """Score each group's images against its prompt.

        Args:
            image_tokens: (B, N, T, D) from `embed_images`.
            prompt_ids: (B, L) int64.
            prompt_mask: (B, L) int64, 1 for text and 0 for padding.
            shifts: per tower and group; empty for the frozen backbone's own score.

        Returns:
            (B, N) scores, already multiplied by the backbone's logit scale where it has one.
        """

    def train(self, mode: bool = True) -> "RewardBackbone":
        """Stay in evaluation mode: the backbone is frozen."""
        return super().train(False)


class TwoTowerBackbone(RewardBackbone):
    """CLIP or SigLIP: one tower per modality, the score is a scaled cosine."""

    @property
    def towers(self) -> tuple[TowerShape, ...]:
        """The vision and the text tower."""
        return tuple(
            TowerShape(name, len(tower.encoder.layers), tower.config.hidden_size)
            for name, tower in ((VISION, self.model.vision_model), (TEXT, self.model.text_model))
        )

    @abstractmethod
    def image_features(self, image_tokens: Tensor, shifts: Tensor | None) -> Tensor:
        """(B, T, D) tokens and (B, layers, 2, D) shifts or none -> (B, D) unit-length features."""

    @abstractmethod
    def text_features(
        self, prompt_ids: Tensor, prompt_mask: Tensor, shifts: Tensor | None
    ) -> Tensor:
        """(B, L) ids and (B, layers, 2, D) shifts or none -> (B, D) unit-length features."""

    @abstractmethod
    def logits(self, cosine: Tensor) -> Tensor:
        """The backbone's own way from a cosine to a logit."""

    def compare(self, image_features: Tensor, text_features: Tensor) -> Tensor:
        """(B, N, D) images and (B, D) texts, of unit length -> (B, N) scores.

        One product per group, as the library does it: a batched one rounds differently.
        """
        cosines = [
            text.unsqueeze(0) @ images.t()
            for text, images in zip(text_features, image_features, strict=True)
        ]
        return self.logits(torch.cat(cosines))

    def score(
        self, image_tokens: Tensor, prompt_ids: Tensor, prompt_mask: Tensor, shifts: Shifts
    ) -> Tensor:
        """See `RewardBackbone.score`."""
        groups, candidates = image_tokens.shape[:2]
        vision_shifts = shifts.get(VISION)
        if vision_shifts is not None:
            vision_shifts = vision_shifts.repeat_interleave(candidates, dim=0)
        images = self.image_features(image_tokens.flatten(0, 1), vision_shifts)
        texts = self.text_features(prompt_ids, prompt_mask, shifts.get(TEXT))
        return self.compare(images.view(groups, candidates, -1), texts)

    def _run(self, encoder: Any, hidden: Tensor, shifts: Tensor | None, **attention: Any) -> Tensor:
        layers = [_TwoTowerLayer(layer, attention) for layer in encoder.layers]
        return _run_layers(layers, hidden, shifts, self.injection)


class ClipBackbone(TwoTowerBackbone):
    """A `CLIPModel`."""

    def embed_images(self, pixel_values: Tensor) -> Tensor:
        """See `RewardBackbone.embed_images`."""
        tower = self.model.vision_model
        stretched = _differs_from_square(pixel_values, tower.config.image_size)
        embedded = tower.embeddings(pixel_values, interpolate_pos_encoding=stretched)
        tokens: Tensor = tower.pre_layrnorm(embedded)
        return tokens

    def image_features(self, image_tokens: Tensor, shifts: Tensor | None) -> Tensor:
        """See `TwoTowerBackbone.image_features`."""
        tower = self.model.vision_model
        hidden = self._run(tower.encoder, image_tokens, shifts, attention_mask=None)
        pooled = tower.post_layernorm(hidden[:, 0, :])
        return _unit_by_power(self.model.visual_projection(pooled))

    def text_features(
        self, prompt_ids: Tensor, prompt_mask: Tensor, shifts: Tensor | None
    ) -> Tensor:
        """See `TwoTowerBackbone.text_features`.

        The mask is not needed: attention is causal and the features are read at the end of
        the text, so they never see the padding behind it.
        """
        tower = self.model.text_model
        hidden = tower.embeddings(input_ids=prompt_ids)
        causal = create_causal_mask(
            config=tower.config, inputs_embeds=hidden, attention_mask=None, past_key_values=None
        )
        hidden = self._run(tower.encoder, hidden, shifts, attention_mask=causal, is_causal=True)
        hidden = tower.final_layer_norm(hidden)
        rows = torch.arange(len(prompt_ids), device=hidden.device)
        pooled = hidden[rows, _end_of_text(prompt_ids, tower.config.eos_token_id)]
        return _unit_by_power(self.model.text_projection(pooled))

    def logits(self, cosine: Tensor) -> Tensor:
        """See `TwoTowerBackbone.logits`."""
        scale: Tensor = self.model.logit_scale.exp()
        return cosine * scale


class SiglipBackbone(TwoTowerBackbone):
    """A `SiglipModel`. Prompts are padded to the full length, as it was trained."""

    def embed_images(self, pixel_values: Tensor) -> Tensor:
        """See `RewardBackbone.embed_images`."""
        tower = self.model.vision_model
        stretched = _differs_from_square(pixel_values, tower.config.image_size)
        tokens: Tensor = tower.embeddings(pixel_values, interpolate_pos_encoding=stretched)
        return tokens

    def image_features(self, image_tokens: Tensor, shifts: Tensor | None) -> Tensor:
        """See `TwoTowerBackbone.image_features`."""
        tower = self.model.vision_model
        hidden = self._run(tower.encoder, image_tokens, shifts, attention_mask=None)
        pooled = tower.head(tower.post_layernorm(hidden))
        return _unit_by_norm(pooled)

    def text_features(
        self, prompt_ids: Tensor, prompt_mask: Tensor, shifts: Tensor | None
    ) -> Tensor:
        """See `TwoTowerBackbone.text_features`; the padding is read too, as in training."""
        tower = self.model.text_model
        hidden = tower.embeddings(input_ids=prompt_ids)
        hidden = self._run(tower.encoder, hidden, shifts, attention_mask=None)
        pooled = tower.head(tower.final_layer_norm(hidden)[:, -1, :])
        return _unit_by_norm(pooled)

    def logits(self, cosine: Tensor) -> Tensor:
        """See `TwoTowerBackbone.logits`."""
        scale: Tensor = self.model.logit_scale.exp()
        bias: Tensor = self.model.logit_bias
        return cosine * scale + bias


class ViltBackbone(RewardBackbone):
    """A `ViltForImageAndTextRetrieval`: one tower reads text and image together."""

    @property
    def towers(self) -> tuple[TowerShape, ...]:
        """The only tower."""
        config = self.model.config
        return (TowerShape(JOINT, config.num_hidden_layers, config.hidden_size),)

    def embed_images(self, pixel_values: Tensor) -> Tensor:
        """See `RewardBackbone.embed_images`; patches stay in reading order.

        The library draws the order of patches by lot, which changes nothing but the last
        bits of the result. Here the same image always gives the same tokens.
        """
        embeddings = self.model.vilt.embeddings
        patches = embeddings.patch_embeddings(pixel_values)  # (B, D, h, w)
        batch, width, rows, columns = patches.shape
        side = self.model.config.image_size // self.model.config.patch_size
        table = embeddings.position_embeddings[:, 1:].transpose(1, 2).view(1, width, side, side)
        places = F.interpolate(table, size=(rows, columns), mode="bilinear", align_corners=True)
        tokens = (patches + places).flatten(2).transpose(1, 2)  # (B, T, D)
        first = embeddings.cls_token + embeddings.position_embeddings[:, :1]
        return torch.cat([first.expand(batch, -1, -1), tokens], dim=1)

    def score(
        self, image_tokens: Tensor, prompt_ids: Tensor, prompt_mask: Tensor, shifts: Shifts
    ) -> Tensor:
        """See `RewardBackbone.score`."""
        groups, candidates, places = image_tokens.shape[:3]
        vilt = self.model.vilt
        ids = prompt_ids.repeat_interleave(candidates, dim=0)
        mask = prompt_mask.repeat_interleave(candidates, dim=0)
        image_mask = mask.new_ones(groups * candidates, places)
        hidden, mask = vilt.embeddings(
            ids, mask, None, None, image_mask, None, image_tokens.flatten(0, 1)
        )
        mask = create_bidirectional_mask(
            config=self.model.config, inputs_embeds=hidden, attention_mask=mask
        )
        joint = shifts.get(JOINT)
        if joint is not None:
            joint = joint.repeat_interleave(candidates, dim=0)
        layers = [_ViltLayer(layer, mask) for layer in vilt.encoder.layer]
        hidden = _run_layers(layers, hidden, joint, self.injection)
        pooled = vilt.pooler(vilt.layernorm(hidden))
        scores: Tensor = self.model.rank_output(pooled)
        return scores.view(groups, candidates)


def wrap_backbone(model: PreTrainedModel, injection: Injection) -> RewardBackbone:
    """Choose the backbone class for a library model.

    Raises:
        CheckpointError: the model is of no kind that PerFusionRM can build on.
    """
    kinds: tuple[tuple[type, type[RewardBackbone]], ...] = (
        (CLIPModel, ClipBackbone),
        (SiglipModel, SiglipBackbone),
        (ViltForImageAndTextRetrieval, ViltBackbone),
    )
    for library_class, backbone in kinds:
        if isinstance(model, library_class):
            return backbone(model, injection)
    raise CheckpointError(
        f"A {type(model).__name__} can't carry the reward model; use CLIP, SigLIP or ViLT."
    )


class _Layer(ABC):
    """The two sub-layers of a pre-norm Transformer layer, whatever the library calls them."""

    norm_before: nn.Module
    norm_after: nn.Module

    @abstractmethod
    def attend(self, normed: Tensor) -> Tensor:
        """Attention without its residual."""

    @abstractmethod
    def feed_forward(self, normed: Tensor, residual: Tensor) -> Tensor:
        """The feed-forward network and its residual."""


class _TwoTowerLayer(_Layer):
    """A layer of CLIP or SigLIP."""

    def __init__(self, layer: Any, attention: Mapping[str, Any]) -> None:
        self.norm_before, self.norm_after = layer.layer_norm1, layer.layer_norm2
        self._layer, self._attention = layer, attention

    def attend(self, normed: Tensor) -> Tensor:
        attended: Tensor = self._layer.self_attn(normed, **self._attention)[0]
        return attended

    def feed_forward(self, normed: Tensor, residual: Tensor) -> Tensor:
        output: Tensor = self._layer.mlp(normed)
        return residual + output


class _ViltLayer(_Layer):
    """A layer of ViLT."""

    def __init__(self, layer: Any, mask: Tensor | None) -> None:
        self.norm_before, self.norm_after = layer.layernorm_before, layer.layernorm_after
        self._layer, self._mask = layer, mask

    def attend(self, normed: Tensor) -> Tensor:
        attended: Tensor = self._layer.attention(normed, self._mask)[0]
        return attended

    def feed_forward(self, normed: Tensor, residual: Tensor) -> Tensor:
        output: Tensor = self._layer.output(self._layer.intermediate(normed), residual)
        return output


def _run_layers(
    layers: Sequence[_Layer], hidden: Tensor, shifts: Tensor | None, injection: Injection
) -> Tensor:
    """All layers with their shifts (B, layers, 2, D), Eq. 5.

    `input` adds a shift to the stream that enters the sub-layer, before its norm, so it also
    travels on along the residual. `normed` adds it between the norm and the sub-layer: there
    the same vector in all keys cancels in the softmax, and only queries and values feel it.
    """
    for index, layer in enumerate(layers):
        if shifts is None:
            hidden = hidden + layer.attend(layer.norm_before(hidden))
            hidden = layer.feed_forward(layer.norm_after(hidden), hidden)
            continue
        attention = shifts[:, index, ATTENTION].unsqueeze(1)  # (B, 1, D), for all tokens
        feed_forward = shifts[:, index, FEED_FORWARD].unsqueeze(1)
        if injection == "input":
            hidden = hidden + attention
            hidden = hidden + layer.attend(layer.norm_before(hidden))
            hidden = hidden + feed_forward
            hidden = layer.feed_forward(layer.norm_after(hidden), hidden)
        else:
            hidden = hidden + layer.attend(layer.norm_before(hidden) + attention)
            hidden = layer.feed_forward(layer.norm_after(hidden) + feed_forward, hidden)
    return hidden


def _end_of_text(prompt_ids: Tensor, eos_token_id: int) -> Tensor:
    if eos_token_id == 2:  # old configurations state 2 whatever the tokenizer uses
        return prompt_ids.to(torch.int).argmax(dim=-1)
    return (prompt_ids == eos_token_id).int().argmax(dim=-1)


def _unit_by_power(features: Tensor) -> Tensor:
    length = features.pow(2).sum(dim=-1, keepdim=True).pow(0.5)
    return features / length


def _unit_by_norm(features: Tensor) -> Tensor:
    length: Tensor = features.norm(p=2, dim=-1, keepdim=True)
    return features / length


def _differs_from_square(pixel_values: Tensor, image_size: int) -> bool:
    return tuple(pixel_values.shape[-2:]) != (image_size, image_size)
