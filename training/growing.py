"""Makes a trained U-Net deeper without changing what it says."""

from collections.abc import Sequence

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.resnet import ResnetBlock2D
from torch import nn

from training.config import ConfigError


@torch.no_grad()
def grown(unet: UNet2DConditionModel, layers_per_block: Sequence[int]) -> UNet2DConditionModel:
    """The same function with more residual blocks, which training can then use.

    New blocks of the way down come last in their level and give what they get. Those of the way
    up come second in theirs and give what they get from below, whatever the way down holds for
    them. Only levels without attention can grow.

    Args:
        unet: trained.
        layers_per_block: of each level, largest first; at least what it has.

    Returns:
        A new network, or `unet` itself where there is nothing to add.

    Raises:
        ConfigError: a level would shrink, or has attention and would grow.
    """
    levels = len(unet.config.block_out_channels)
    before = unet.config.layers_per_block
    before = [before] * levels if isinstance(before, int) else list(before)
    wanted = list(layers_per_block)
    if wanted == before:
        return unet
    grows = [new - old for new, old in zip(wanted, before, strict=True)]
    attends = ["CrossAttn" in kind for kind in unet.config.down_block_types]
    if min(grows) < 0 or any(more and has for more, has in zip(grows, attends, strict=True)):
        raise ConfigError(
            f"`layers_per_level` can't go from {before} to {wanted}: levels can only grow, and "
            "only those without attention."
        )
    deeper = UNet2DConditionModel.from_config(unet.config, layers_per_block=tuple(wanted))
    _copy(unet, deeper)
    for level, more in enumerate(grows):
        down, up = deeper.down_blocks[level], deeper.up_blocks[levels - 1 - level]
        old_down, old_up = unet.down_blocks[level], unet.up_blocks[levels - 1 - level]
        _copy(old_down, down)
        for block in list(down.resnets)[before[level] :]:
            block.conv2.weight.zero_()
            block.conv2.bias.zero_()
        _copy(old_up, up)
        for place, block in enumerate(old_up.resnets):
            _copy(block, up.resnets[place + more if place else 0])
        for block in list(up.resnets)[1 : 1 + more]:
            _pass_on(block)
    return deeper


def _copy(old: nn.Module, new: nn.Module) -> None:
    """Fill what both have under one name and in one shape."""
    shapes = {name: value.shape for name, value in new.state_dict().items()}
    state = {name: v for name, v in old.state_dict().items() if shapes.get(name) == v.shape}
    new.load_state_dict(state, strict=False)


def _pass_on(block: ResnetBlock2D) -> None:
    """Give the first half of the channels, which come from below, and no other."""
    for layer in (block.conv2, block.conv_shortcut):
        layer.weight.zero_()
        if layer.bias is not None:
            layer.bias.zero_()
    out = block.conv_shortcut.weight.shape[0]
    block.conv_shortcut.weight[:, :out, 0, 0] = torch.eye(out)
