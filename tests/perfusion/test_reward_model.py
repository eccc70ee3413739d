import json
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.feature_crossing import PlugIn
from studio.perfusion.profile import Profile
from studio.perfusion.reward_backbone import wrap_backbone
from studio.perfusion.reward_model import PerFusionRM, RewardInputs, load_backbone
from studio.perfusion.user_encoder import stack_profiles
from tests.tiny_reward_models import (
    ANNA,
    BACKBONES,
    BERTA,
    SCHEMA,
    random_images,
    save_tiny_backbone,
    shake,
    tiny_backbone,
    tiny_reward_model,
)

PROMPT = "black dress , bell sleeves"
VARIANTS = ("full", "shared", "vision-only", "text-only")


def library_scores(model: Any, reward_model: PerFusionRM, images: Tensor) -> Tensor:
    """The library's own forward pass for one prompt."""
    pixels = reward_model.processor.pixels(images)
    ids, mask = reward_model.processor.prompts([PROMPT])
    if model.config.model_type != "vilt":
        masked = {"attention_mask": mask} if model.config.model_type == "clip" else {}
        output = model(input_ids=ids, pixel_values=pixels, **masked).logits_per_image
        return torch.as_tensor(output[:, 0])
    tokens = reward_model.backbone.embed_images(pixels)
    output = model(
        input_ids=ids.repeat(len(images), 1),
        attention_mask=mask.repeat(len(images), 1),
        image_embeds=tokens,
        pixel_mask=torch.ones(tokens.shape[:2], dtype=torch.int64),
    ).logits
    return torch.as_tensor(output[:, 0])


def inputs_for(model: PerFusionRM, groups: int = 2, candidates: int = 3) -> RewardInputs:
    prepared = model.prepare_images(random_images(groups * candidates))
    ids, mask = model.processor.prompts([PROMPT, "red coat", "floral"][:groups])
    profiles = [SCHEMA.encode(profile) for profile in (ANNA, BERTA, Profile.of())[:groups]]
    tokens = prepared.tokens.unflatten(0, (groups, candidates))
    return RewardInputs(tokens, ids, mask, stack_profiles(profiles))


@pytest.mark.parametrize("kind", BACKBONES)
@pytest.mark.parametrize("injection", ["input", "normed"])
def test_before_training_the_score_is_the_frozen_backbones_bit_for_bit(kind, injection):
    model = tiny_reward_model(kind, injection=injection)
    images = random_images(5)

    scores = model.score(images, PROMPT, BERTA)

    assert torch.equal(scores.total, scores.general)
    assert torch.equal(scores.general, library_scores(tiny_backbone(kind), model, images))
    assert torch.equal(scores.personal, torch.zeros(5))


@pytest.mark.parametrize("kind", BACKBONES)
def test_the_backbone_agrees_with_the_librarys_own_image_embedding(kind):
    """ViLT draws the order of its patches by lot, so its sums differ in the last bits."""
    backbone = tiny_backbone(kind)
    model = tiny_reward_model(kind)
    images = random_images(3)
    pixels = model.processor.pixels(images)
    ids, _ = model.processor.prompts([PROMPT])

    output = backbone(input_ids=ids.repeat(3, 1), pixel_values=pixels)

    library = output.logits[:, 0] if kind == "vilt" else output.logits_per_image[:, 0]
    torch.testing.assert_close(model.score(images, PROMPT, ANNA).general, library)


@pytest.mark.parametrize("kind", BACKBONES)
def test_a_pictures_shape_may_differ_from_the_backbones_square(kind):
    model = tiny_reward_model(kind)

    prepared = model.prepare_pixels(torch.randn(2, 3, 32, 16))

    assert model.score(prepared, PROMPT, ANNA).total.shape == (2,)


@pytest.mark.parametrize("kind", BACKBONES)
def test_after_the_first_step_that_can_give_one_every_ada_net_has_a_gradient(kind):
    model = tiny_reward_model(kind).train()
    inputs = inputs_for(model)
    optimiser = torch.optim.SGD(model.trainable_parameters(), lr=0.1)
    for _ in range(2):  # the zero-initialised last layers move first, what is below them next
        optimiser.zero_grad()
        model(inputs).softmax(dim=1)[:, 0].sum().backward()
        optimiser.step()

    for plug_in in model.plug_ins:
        assert isinstance(plug_in, PlugIn)
        assert len(plug_in.ada_nets) == 2 * 2
        for parameter in plug_in.parameters():
            assert parameter.grad is not None
            assert parameter.grad.abs().sum() > 0


@pytest.mark.parametrize("kind", BACKBONES)
def test_the_backbone_never_changes_nor_leaves_evaluation_mode(kind):
    model = tiny_reward_model(kind).train()

    model(inputs_for(model)).sum().backward()

    assert all(parameter.grad is None for parameter in model.backbone.parameters())
    assert not any(module.training for module in model.backbone.modules())


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_reaches_exactly_its_towers(variant):
    model = shake(tiny_reward_model(variant=variant))

    towers = model.shifts(stack_profiles([SCHEMA.encode(ANNA)])).keys()

    expected = {"vision-only": {"vision"}, "text-only": {"text"}}.get(variant, {"vision", "text"})
    assert towers == expected
    assert model.score(random_images(3), PROMPT, ANNA).personal.abs().max() > 0


def test_sharing_the_plug_in_halves_its_size():
    sizes = {
        variant: sum(p.numel() for p in tiny_reward_model(variant=variant).trainable_parameters())
        for variant in ("full", "shared")
    }

    assert sizes["full"] == 2 * sizes["shared"]


@pytest.mark.parametrize("kind", BACKBONES)
def test_scoring_a_grid_equals_the_training_pass_and_scoring_one_by_one(kind):
    model = shake(tiny_reward_model(kind))
    images = random_images(6)

    trained = model(inputs_for(model))
    grid = model.score(images[:3], PROMPT, ANNA).total
    singly = torch.cat([model.score(images[i : i + 1], PROMPT, ANNA).total for i in range(3)])

    torch.testing.assert_close(grid, trained[0])
    torch.testing.assert_close(grid, singly)


def test_frozen_image_features_can_stand_in_where_the_vision_tower_is_not_personal():
    model = shake(tiny_reward_model(variant="text-only"))
    inputs = inputs_for(model)
    features = model.prepare_images(random_images(6)).features
    assert features is not None
    features = features.unflatten(0, (2, 3))

    from_features = model(
        RewardInputs(features, inputs.prompt_ids, inputs.prompt_mask, inputs.user_features)
    )

    torch.testing.assert_close(from_features, model(inputs))


def test_the_padding_of_a_prompt_does_not_matter():
    model = shake(tiny_reward_model())
    images = random_images(2)
    ids, mask = model.processor.prompts([PROMPT, "red"])

    alone = model.score(images, "red", ANNA).total
    towers = model.backbone
    shift = model.shifts(stack_profiles([SCHEMA.encode(ANNA)]))
    padded = towers.score(model.prepare_images(images).tokens[None], ids[1:], mask[1:], shift)

    torch.testing.assert_close(padded[0], alone)


def test_a_stores_vectors_and_its_reading_of_a_prompt_are_computed_once():
    model = shake(tiny_reward_model())
    calls = []
    for plug_in in model.plug_ins:
        plug_in.register_forward_hook(lambda *_: calls.append("plug-in"))
    model.backbone.model.text_model.final_layer_norm.register_forward_hook(
        lambda *_: calls.append("text")
    )
    prepared = model.prepare_images(random_images(3))

    for _ in range(3):
        model.score(prepared, PROMPT, ANNA)

    assert sorted(calls) == ["plug-in", "plug-in", "text", "text"]


def test_training_makes_the_model_forget_what_it_remembered():
    model = shake(tiny_reward_model())
    images = random_images(3)
    before = model.score(images, PROMPT, ANNA).total

    after = shake(model, seed=9).score(images, PROMPT, ANNA).total

    assert not torch.allclose(before, after)


def test_a_tensor_and_its_eight_bit_picture_score_the_same():
    model = shake(tiny_reward_model())
    images = random_images(2)
    saved = (images * 255).round() / 255

    first, second = (model.score(each, PROMPT, ANNA).total for each in (images, saved))

    assert torch.equal(first, second)


def test_scores_that_are_no_numbers_are_refused_in_a_sentence():
    model = shake(tiny_reward_model())
    with torch.no_grad():
        next(model.plug_ins.parameters()).fill_(float("nan"))

    with pytest.raises(CheckpointError, match=r"are no numbers.*Use another checkpoint"):
        model.score(random_images(2), PROMPT, ANNA)


def test_a_new_value_in_a_profile_is_passed_on_as_a_notice():
    scores = tiny_reward_model().score(random_images(1), PROMPT, Profile.of(style=["gothic"]))

    assert "gothic" in scores.notices[0].message


@pytest.mark.parametrize("kind", BACKBONES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_saved_model_scores_the_same_when_loaded(tmp_path, kind, variant):
    save_tiny_backbone(kind, tmp_path / "clip")
    model = shake(tiny_reward_model(kind, variant=variant))
    model.save_pretrained(tmp_path / "reward_model")

    loaded = PerFusionRM.from_pretrained(tmp_path / "reward_model")

    images = random_images(4)
    for name, tensor in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)
    torch.testing.assert_close(
        loaded.score(images, PROMPT, BERTA).total, model.score(images, PROMPT, BERTA).total
    )
    assert loaded.schema == model.schema
    assert loaded.config == model.config


def test_half_precision_files_hold_the_plug_in_only(tmp_path):
    model = shake(tiny_reward_model())
    model.save_pretrained(tmp_path, torch.float16)

    numbers = sum(parameter.numel() for parameter in model.trainable_parameters())
    assert (tmp_path / "model.safetensors").stat().st_size < 2 * numbers + 8000


@pytest.mark.parametrize("missing", ["config.json", "profile_schema.json", "model.safetensors"])
def test_a_missing_file_is_told(tmp_path, missing):
    save_tiny_backbone("clip", tmp_path / "clip")
    tiny_reward_model().save_pretrained(tmp_path / "reward_model")
    (tmp_path / "reward_model" / missing).unlink()

    with pytest.raises(CheckpointError, match=missing):
        PerFusionRM.from_pretrained(tmp_path / "reward_model")


def test_a_truncated_weights_file_is_told(tmp_path):
    save_tiny_backbone("clip", tmp_path / "clip")
    tiny_reward_model().save_pretrained(tmp_path / "reward_model")
    weights = tmp_path / "reward_model" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])

    with pytest.raises(CheckpointError):
        PerFusionRM.from_pretrained(tmp_path / "reward_model")


def test_a_setting_that_is_not_known_is_told(tmp_path):
    tiny_reward_model().save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "depth": 3}))

    with pytest.raises(CheckpointError, match="depth"):
        PerFusionRM.from_pretrained(tmp_path)


def test_a_plug_in_for_another_backbone_is_told(tmp_path):
    save_tiny_backbone("vilt", tmp_path / "clip")
    tiny_reward_model("clip").save_pretrained(tmp_path / "reward_model")

    with pytest.raises(CheckpointError, match="not trained on"):
        PerFusionRM.from_pretrained(tmp_path / "reward_model")


def test_a_folder_without_a_model_is_told(tmp_path):
    with pytest.raises(CheckpointError, match="No image-text model"):
        load_backbone(str(tmp_path))


def test_a_model_of_another_kind_is_refused():
    text_model = tiny_backbone("clip").text_model

    with pytest.raises(CheckpointError, match="CLIPTextModel"):
        wrap_backbone(text_model, "input")
