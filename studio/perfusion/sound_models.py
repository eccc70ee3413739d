"""Whether a checkpoint's numbers can be used: sizes that fit a machine, weights that are numbers.

A folder may come from anybody. A configuration of a million layers would be built before its
weights are found not to fit, and one weight that is no number draws noise for ever.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from torch import nn

from studio.domain import CheckpointError

LARGEST = 1_000_000.0
"""Of any number in a configuration, where nothing below says otherwise."""
LARGEST_OF: Mapping[str, float] = {
    "act_layers": 256,
    "attention_head_dim": 4_096,
    "block_out_channels": 16_384,
    "cross_attention_dim": 16_384,
    "hidden_size": 16_384,
    "in_channels": 1_024,
    "intermediate_size": 131_072,
    "latent_channels": 1_024,
    "lambda_min_clipped": math.inf,
    "layers_per_block": 64,
    "max_position_embeddings": 8_192,
    "num_attention_heads": 512,
    "num_hidden_layers": 256,
    "num_train_timesteps": 10_000,
    "out_channels": 1_024,
    "projection_dim": 16_384,
    "sample_size": 4_096,
    "transformer_layers_per_block": 64,
}
"""Several times what any model of today has."""
_MOST_VALUES = 10_000


def check_sizes(source: Path, config: Mapping[str, object]) -> None:
    """Refuse a configuration that no machine could build.

    Args:
        source: the part's folder, for the sentence.
        config: as read from its file.

    Raises:
        CheckpointError: a number is too large, or none at all; or there are too many of them.
    """
    for count, (name, value) in enumerate(_numbers(config)):
        largest = LARGEST_OF.get(name, LARGEST)
        if count >= _MOST_VALUES or not abs(value) <= largest:
            raise CheckpointError(
                f"{source} asks for a model that can't be built: {name} is {value:.3g}, and "
                f"{largest:g} is the most. Get the checkpoint from where it was made."
            )


def check_weights(source: Path, model: nn.Module) -> None:
    """Refuse weights that are no numbers.

    Raises:
        CheckpointError: one is NaN or infinite; a training that broke down leaves such.
    """
    for name, weight in model.named_parameters():
        if weight.is_floating_point() and not bool(weight.isfinite().all()):
            raise CheckpointError(
                f"The weights in {source} hold values that are no numbers (in {name}), so it "
                "would draw nothing but noise. Take the checkpoint of before."
            )


def _numbers(value: object, name: str = "it", depth: int = 0) -> Iterator[tuple[str, float]]:
    if depth > 8:
        yield name, math.inf
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _numbers(each, str(key), depth + 1)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _numbers(each, name, depth + 1)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, float(value) if abs(value) < LARGEST * LARGEST else math.inf
