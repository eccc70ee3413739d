"""A whole checkpoint called from a program, as an ML engineer does it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from PIL import Image

from studio.domain import CheckpointError, GenerationRequest, ProfileError
from studio.perfusion.checkpoint import save_component, save_pipeline
from studio.perfusion.generator import Generator
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.profile import Profile
from tests.tiny_models import TINY_DEFAULTS, tiny_adaptive_network, tiny_phrasebook, tiny_pipeline
from tests.tiny_reward_models import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
ATELIER = ROOT / "checkpoints" / "atelier"
STORE = SCHEMA.field("store_id").values[0]
SEED = 40
FRESH = """
import json, sys
import torch
from studio.perfusion.pipeline import PerFusionPipeline

folder, target, prompt, profile, strength, threads = sys.argv[1:]
torch.set_num_threads(int(threads))  # the last bit of a sum depends on them
pipeline = PerFusionPipeline.from_pretrained(folder)
made = pipeline(
    prompt=prompt,
    profile=json.loads(profile),
    strength=float(strength),
    num_images_per_prompt=3,
    generator=torch.Generator().manual_seed(40),
)
for number, image in enumerate(made.images):
    image.save(f"{target}/{number}.png")
with open(f"{target}/designs.json", "w") as file:
    json.dump([each and each.to_json() for each in made.designs], file)
"""


def make_checkpoint(folder: Path, decoder: str = "codec") -> Path:
    pipeline = tiny_pipeline(decoder=decoder)
    book = tiny_phrasebook() if decoder == "codec" else None
    save_pipeline(pipeline, folder, phrasebook=book, defaults=TINY_DEFAULTS)
    save_component(folder, "adaptive_network", tiny_adaptive_network(pipeline.unet))
    return folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("designs") / "tiny")


@pytest.fixture(scope="module")
def pipeline(checkpoint) -> PerFusionPipeline:
    return PerFusionPipeline.from_pretrained(checkpoint)


def seeded(*seeds: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def check_a_fresh_process(folder: Path, target: Path, prompt: str, store: dict[str, object]):
    """What it draws is what the studio's own generator draws here, to the last bit."""
    options = [prompt, json.dumps(store), "1.5", str(torch.get_num_threads())]
    line = [sys.executable, "-c", FRESH, str(folder), str(target), *options]
    subprocess.run(line, check=True, cwd=ROOT)

    request = GenerationRequest(prompt=prompt, num_candidates=3, seed=SEED, strength=1.5)
    studio = Generator.load(folder, device="cpu").generate(
        request, profile=Profile.of(**cast("dict[str, Any]", store))
    )
    assert studio.personalised
    designs = json.loads((target / "designs.json").read_text())
    assert designs == [each.design and each.design.to_json() for each in studio.candidates]
    for number, candidate in enumerate(studio.candidates):
        with Image.open(target / f"{number}.png") as drawn:
            assert np.array_equal(np.asarray(drawn), np.asarray(candidate.image))


@pytest.mark.parametrize("decoder", ["codec", "vae"])
def test_a_fresh_process_draws_what_the_studio_draws(decoder, tmp_path):
    """Seconds each: a process of its own has to import torch."""
    folder = make_checkpoint(tmp_path / "tiny", decoder)

    check_a_fresh_process(folder, tmp_path, "dress, red", {"store_id": STORE})


@pytest.mark.slow  # the committed checkpoint, opened twice, and six designs
def test_the_committed_checkpoint_draws_in_a_fresh_process_what_the_studio_draws(tmp_path):
    store = {"style": ["minimalist"], "season": "winter", "price": 90.0}

    check_a_fresh_process(ATELIER, tmp_path, "red dress, midi, with pockets", store)


def test_a_store_and_its_strength_change_what_is_drawn(pipeline):
    def drawn(**options) -> torch.Tensor:
        options = {"generator": seeded(3), "output_type": "pt", **options}
        return pipeline("dress", **options).images

    plain = drawn()
    assert torch.equal(drawn(profile={"store_id": STORE}, strength=0.0), plain)
    assert not torch.equal(drawn(profile={"store_id": STORE}, strength=2.0), plain)


def test_a_profile_may_be_a_record_its_json_or_its_fields(pipeline):
    record = Profile.of(store_id=STORE)

    images = [
        pipeline("dress", profile=each, strength=2.0, generator=seeded(3), output_type="np").images
        for each in (record, record.to_json(), {"store_id": STORE}, json.loads(record.to_json()))
    ]

    assert all(np.array_equal(images[0], each) for each in images[1:])


def test_several_prompts_and_generators_are_the_images_one_by_one(pipeline):
    options = {"num_images_per_prompt": 2, "output_type": "pt", "return_dict": False}

    (together,) = pipeline(["dress", "skirt"], generator=seeded(5, 9, 5, 6), **options)
    (skirts,) = pipeline("skirt", generator=torch.Generator().manual_seed(5), **options)

    assert together.shape[0] == 4
    assert torch.equal(together[2:], skirts)
    assert not torch.equal(together[1], together[0])


def test_what_was_asked_for_is_in_every_design(pipeline):
    made = pipeline("skirt, navy", num_images_per_prompt=3)

    assert [(each["category"], each["colour"]) for each in made.designs] == [("skirt", "navy")] * 3


def test_what_the_model_does_not_know_of_a_profile_is_told(pipeline, caplog):
    made = pipeline("dress", profile={"store_id": STORE, "mood": "happy"})

    assert any("mood" in notice for notice in made.notices)
    assert "mood" in caplog.text


def test_saving_with_diffusers_keeps_phrasebook_and_defaults(pipeline, tmp_path):
    pipeline.save_pretrained(tmp_path)

    again = PerFusionPipeline.from_pretrained(tmp_path)

    assert again.defaults == pipeline.defaults
    same = [
        cast("Any", each("dress, red", generator=seeded(1), output_type="pt")).images
        for each in (pipeline, again)
    ]
    assert torch.equal(*same)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"output_type": "latent"}, ValueError, "pil, np, pt"),
        ({"num_images_per_prompt": 0}, ValueError, "1 or more"),
        ({"generator": seeded(1, 2)}, ValueError, "2 generators were given for 1"),
        ({"profile": "no json"}, ProfileError, "not valid JSON"),
        ({"profile": {"price": object()}}, ProfileError, "."),
        ({"height": 33, "width": 64}, ValueError, "twice as high"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(pipeline, options, error, sentence):
    with pytest.raises(error, match=sentence):
        pipeline("dress", **options)


def test_a_profile_without_a_network_that_could_read_it_is_refused(tmp_path):
    save_pipeline(tiny_pipeline(), tmp_path / "plain", phrasebook=tiny_phrasebook())

    with pytest.raises(CheckpointError, match=r"designs for nobody.*training\.finetune"):
        PerFusionPipeline.from_pretrained(tmp_path / "plain")("dress", profile={"style": "office"})


def test_a_folder_that_is_none_is_a_sentence(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint folder at"):
        PerFusionPipeline.from_pretrained(tmp_path / "nowhere")
