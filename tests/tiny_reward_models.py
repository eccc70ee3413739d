"""Real CLIP, SigLIP and ViLT models at a few channels, and a store schema to go with them."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipModel,
    ViltConfig,
    ViltForImageAndTextRetrieval,
)

from studio.perfusion.profile import Profile, ProfileField, ProfileSchema
from studio.perfusion.reward_model import PerFusionRM, RewardModelConfig, RewardProcessor

BACKBONES = ("clip", "siglip", "vilt")
IMAGE_SIZE_PX = 16
WORDS = ("black", "red", "dress", "coat", "bell", "sleeves", "sequins", "v-neck", "floral", ",")

SCHEMA = ProfileSchema(
    (
        ProfileField("store_id", "Store", "categorical", ("anna", "berta", "carla")),
        ProfileField("style", "Styles", "multi", ("minimalist", "luxurious", "street")),
        ProfileField("price", "Price", "numeric", edges=(50.0, 200.0)),
    )
)
ANNA = Profile.of(store_id="anna", style=["minimalist"], price=20)
BERTA = Profile.of(store_id="berta", style=["luxurious", "street"], price=500)


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    words = ["<pad>", "<start>", *WORDS, "<unknown>", "<end>"]
    tokenizer = Tokenizer(
        models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unknown>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<start> $A <end>",
        special_tokens=[("<start>", 1), ("<end>", len(words) - 1)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        bos_token="<start>",
        eos_token="<end>",
        unk_token="<unknown>",
        model_max_length=16,
    )


def tiny_image_processor() -> CLIPImageProcessor:
    size = {"height": IMAGE_SIZE_PX, "width": IMAGE_SIZE_PX}
    return CLIPImageProcessor(size=size, do_center_crop=False, do_convert_rgb=False)


def tiny_backbone(kind: str, seed: int = 0) -> PreTrainedModel:
    torch.manual_seed(seed)
    tower = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
    vision = {**tower, "image_size": IMAGE_SIZE_PX, "patch_size": 8}
    text = {**tower, "vocab_size": 14, "max_position_embeddings": 16}
    ends = {"bos_token_id": 1, "eos_token_id": 13, "pad_token_id": 0}
    if kind == "clip":
        return CLIPModel(
            CLIPConfig(text_config={**text, **ends}, vision_config=vision, projection_dim=8)
        ).eval()
    if kind == "siglip":
        return SiglipModel(
            SiglipConfig(text_config={**text, **ends, "projection_size": 16}, vision_config=vision)
        ).eval()
    vilt = ViltConfig(**{**vision, **text}, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0)
    return ViltForImageAndTextRetrieval(vilt).eval()


def save_tiny_backbone(kind: str, folder: Path) -> None:
    tiny_backbone(kind).save_pretrained(folder)
    tiny_tokenizer().save_pretrained(folder)
    tiny_image_processor().save_pretrained(folder)


def tiny_reward_model(kind: str = "clip", **settings: object) -> PerFusionRM:
    backbone = tiny_backbone(kind)
    processor = RewardProcessor(tiny_tokenizer(), tiny_image_processor(), backbone.config)
    torch.manual_seed(1)
    config = RewardModelConfig(field_width=4, hidden_width=8, **settings)  # type: ignore[arg-type]  # tests pass literals
    return PerFusionRM(backbone, processor, SCHEMA, config).eval()


def random_images(count: int, seed: int = 2) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(count, 3, IMAGE_SIZE_PX, IMAGE_SIZE_PX, generator=generator)


def shake(model: PerFusionRM, seed: int = 3) -> PerFusionRM:
    """Give the zero-initialised plug-in something to say."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.trainable_parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.3)
    model.train(False)
    return model
