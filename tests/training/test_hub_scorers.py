from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BlipConfig,
    BlipForImageTextRetrieval,
    BlipImageProcessor,
    CLIPModel,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

from studio.domain import CheckpointError, LicenceError, SettingsError
from tests.hub_layouts import save_in_hub_layout, sd15_pipeline
from tests.tiny_reward_models import (
    IMAGE_SIZE_PX,
    save_tiny_backbone,
    tiny_image_processor,
    tiny_tokenizer,
)
from tests.training.test_sd15_path import write_pickapic_file
from training.data.groups import read_rounds
from training.data.pickapic import read_pickapic
from training.evaluate import main
from training.evaluation.published import PublishedEvaluation, folder_of, run
from training.hub_scorers import (
    IMAGE_REWARD_MEAN,
    IMAGE_REWARD_SPREAD,
    PUBLISHED,
    AestheticJudge,
    ClipJudge,
    HubScorer,
    ImageRewardJudge,
)

TOWER = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
PROMPT = "red dress"


def pictures(count: int = 3) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (20, 20, 3), dtype=np.uint8) for _ in range(count)]


def head(sizes: tuple[int, ...], prefix: str, numbers: tuple[int, ...]) -> dict[str, torch.Tensor]:
    return {
        f"{prefix}{number}.{part}": torch.randn(*shape)
        for number, wide, narrow in zip(numbers, sizes[:-1], sizes[1:], strict=True)
        for part, shape in (("weight", (narrow, wide)), ("bias", (narrow,)))
    }


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    save_tiny_backbone("clip", tmp_path / "clip")
    return tmp_path / "clip"


@pytest.fixture
def aesthetic(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    config = CLIPVisionConfig(**TOWER, image_size=IMAGE_SIZE_PX, patch_size=8, projection_dim=8)
    tower = CLIPVisionModelWithProjection(config)
    tower.save_pretrained(tmp_path / "aesthetic")
    tiny_image_processor().save_pretrained(tmp_path / "aesthetic")
    weights = load_file(tmp_path / "aesthetic" / "model.safetensors")
    weights |= head((8, 4, 1), "layers.", (0, 2))  # dropout between them has no weights
    save_file(weights, tmp_path / "aesthetic" / "model.safetensors")
    return tmp_path / "aesthetic"


@pytest.fixture
def image_reward(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    text = {**TOWER, "vocab_size": 14, "max_position_embeddings": 40, "encoder_hidden_size": 16}
    vision = {**TOWER, "image_size": IMAGE_SIZE_PX, "patch_size": 8}
    config = BlipConfig(text_config=text, vision_config=vision, image_text_hidden_size=8)
    folder = tmp_path / "imagereward"
    BlipForImageTextRetrieval(config).save_pretrained(folder)
    tiny_tokenizer().save_pretrained(folder)
    size = {"height": IMAGE_SIZE_PX, "width": IMAGE_SIZE_PX}
    BlipImageProcessor(size=size).save_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    save_file({**weights, **head((16, 4, 1), "mlp.layers.", (0, 2))}, folder / "model.safetensors")
    return folder


def test_clip_score_is_a_hundred_cosines_and_pickscore_has_its_own_scale(clip):
    plain, own = ClipJudge(clip, 100.0), ClipJudge(clip)
    scale = CLIPModel.from_pretrained(clip).logit_scale.exp().item()

    cosines = plain.judge(pictures(), PROMPT) / 100

    assert cosines.abs().max() <= 1
    torch.testing.assert_close(own.judge(pictures(), PROMPT), cosines * scale)


def test_the_aesthetic_score_is_the_head_on_the_towers_features(aesthetic):
    judge = AestheticJudge(aesthetic)

    scores = judge.judge(pictures(), PROMPT)

    weights = load_file(aesthetic / "model.safetensors")
    tower = CLIPVisionModelWithProjection.from_pretrained(aesthetic)
    pixels = tiny_image_processor()(images=pictures(), return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        features = tower(pixels).image_embeds
    features = features / features.norm(dim=-1, keepdim=True)
    for number in (0, 2):
        features = (
            features @ weights[f"layers.{number}.weight"].T + weights[f"layers.{number}.bias"]
        )
    torch.testing.assert_close(scores, features.squeeze(-1))
    assert torch.equal(scores, judge.judge(pictures(), "another prompt"))


def test_imagereward_reads_the_prompt_while_it_looks(image_reward):
    judge = ImageRewardJudge(image_reward)

    scores = judge.judge(pictures(), PROMPT)

    stock = BlipForImageTextRetrieval.from_pretrained(image_reward)
    weights = load_file(image_reward / "model.safetensors")
    tokens = tiny_tokenizer()(
        [PROMPT] * 3, padding="max_length", max_length=16, return_tensors="pt"
    )
    pixels = BlipImageProcessor.from_pretrained(image_reward)(
        images=pictures(), return_tensors="pt"
    )["pixel_values"]
    with torch.no_grad():
        seen = stock.vision_model(pixels).last_hidden_state
        features = stock.text_encoder(
            input_ids=tokens.input_ids,
            attention_mask=tokens.attention_mask,
            encoder_hidden_states=seen,
            encoder_attention_mask=torch.ones(seen.shape[:2], dtype=torch.long),
        ).last_hidden_state[:, 0]
    for number in (0, 2):
        part = f"mlp.layers.{number}"
        features = features @ weights[f"{part}.weight"].T + weights[f"{part}.bias"]
    expected = (features.squeeze(-1) - IMAGE_REWARD_MEAN) / IMAGE_REWARD_SPREAD
    torch.testing.assert_close(scores, expected)
    assert not torch.allclose(scores, judge.judge(pictures(), "black coat"))


@pytest.mark.parametrize("name", ["aesthetic", "image_reward"])
def test_weights_without_a_head_or_as_a_pickle_are_refused(name, request):
    folder = request.getfixturevalue(name)
    kind = {"aesthetic": AestheticJudge, "image_reward": ImageRewardJudge}[name]
    weights = load_file(folder / "model.safetensors")
    kept = {key: value for key, value in weights.items() if "layers.0.bias" not in key[:18]}
    save_file({k: v for k, v in kept.items() if "layers" not in k or "encoder" in k},
              folder / "model.safetensors")  # fmt: skip

    with pytest.raises(CheckpointError, match="have no head"):
        kind(folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match="safetensors only"):
        kind(folder)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    write_pickapic_file(tmp_path / "rows.parquet")
    read_pickapic(tmp_path / "rows.parquet", tmp_path / "export")
    return tmp_path / "export"


def test_a_judge_scores_the_rounds_of_an_export(export, clip):
    rounds = read_rounds(export).rounds[:4]

    scores = HubScorer(ClipJudge(clip), export).score(rounds)

    assert [len(each) for each in scores] == [2, 2, 2, 2]
    again = HubScorer(ClipJudge(clip), export).score(rounds[1:2])
    np.testing.assert_allclose(again[0], scores[1], rtol=1e-5)


def test_the_command_judges_an_export_by_several_scorers(
    export, clip, aesthetic, image_reward, tmp_path, capsys
):
    line = ["published", "--rounds", str(export), "--results", str(tmp_path / "results")]
    for name, folder in (
        ("clip", clip), ("pickscore", clip), ("hpsv2", clip),
        ("aesthetic", aesthetic), ("imagereward", image_reward),
    ):  # fmt: skip
        line += ["--scorer", f"{name}={folder}"]

    assert main(line) == 0

    printed = capsys.readouterr().out
    assert all(f"gauc_{name}" in printed for name in PUBLISHED)
    assert (tmp_path / "results" / "published.json").exists()


def test_generators_are_compared_by_what_the_scorers_think_of_their_images(export, clip, tmp_path):
    save_in_hub_layout(sd15_pipeline(), tmp_path / "sd15")
    config = PublishedEvaluation(
        rounds=export,
        scorers={"pickscore": str(clip)},
        generators={"one": str(tmp_path / "sd15"), "the-same": str(tmp_path / "sd15")},
        prompts=2,
        steps=2,
        results=tmp_path / "results",
    )

    figures = run(config, "python -m training.evaluate published")

    assert figures["mean_pickscore_of_one"] == figures["mean_pickscore_of_the_same"]


def test_a_baseline_that_is_not_here_is_fetched_only_with_its_licence_accepted(
    export, clip, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    config = PublishedEvaluation(
        rounds=export, scorers={"clip": str(clip)}, generators={"sd15-spo": ""}, prompts=1
    )

    with pytest.raises(LicenceError, match="SPO-SD-v1-5"):
        run(config, "")


def test_before_a_scorer_is_fetched_its_licence_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = PublishedEvaluation(rounds=tmp_path, scorers={"pickscore": ""})

    with pytest.raises(LicenceError, match="PickScore_v1"):
        run(config, "")


@pytest.mark.parametrize(
    ("name", "sentence"), [("hpsv2", "as safetensors there"), ("taste", "no scorer 'taste'")]
)
def test_what_cannot_be_had_is_a_sentence(name, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError, match=sentence):
        folder_of(name, "", PublishedEvaluation(rounds=tmp_path, scorers={}))
