import pytest
import torch
from diffusers import UNet2DConditionModel

from training.config import ConfigError
from training.growing import grown


def small_unet(layers: int = 1) -> UNet2DConditionModel:
    torch.manual_seed(0)
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        block_out_channels=(16, 32),
        layers_per_block=layers,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=8,
        attention_head_dim=2,
        norm_num_groups=4,
        resnet_time_scale_shift="scale_shift",
    )


def said(unet: UNet2DConditionModel) -> torch.Tensor:
    chance = torch.Generator().manual_seed(1)
    noisy = torch.randn(2, 4, 8, 8, generator=chance)
    states = torch.randn(2, 5, 8, generator=chance)
    with torch.no_grad():
        prediction: torch.Tensor = unet(noisy, torch.tensor([3, 700]), states).sample
    return prediction


@pytest.mark.parametrize(("before", "wanted"), [(1, (2, 1)), (1, (4, 1)), (2, (3, 2))])
def test_a_deeper_network_says_the_same(before, wanted):
    unet = small_unet(before)

    deeper = grown(unet, wanted)

    assert sum(w.numel() for w in deeper.parameters()) > sum(w.numel() for w in unet.parameters())
    assert [len(block.resnets) for block in deeper.down_blocks] == list(wanted)
    torch.testing.assert_close(said(deeper), said(unet), rtol=1e-4, atol=1e-5)


def test_what_was_added_can_learn():
    deeper = grown(small_unet(), (2, 1))

    deeper(torch.randn(1, 4, 8, 8), 5, torch.randn(1, 5, 8)).sample.square().mean().backward()

    added = deeper.down_blocks[0].resnets[1], deeper.up_blocks[1].resnets[1]
    assert all(block.conv2.weight.grad.abs().max() > 0 for block in added)


def test_nothing_to_add_leaves_the_network_itself():
    unet = small_unet()

    assert grown(unet, (1, 1)) is unet


@pytest.mark.parametrize("wanted", [(1, 2), (0, 1)])
def test_a_level_that_attends_or_would_shrink_is_refused(wanted):
    with pytest.raises(ConfigError, match="layers_per_level"):
        grown(small_unet(), wanted)
