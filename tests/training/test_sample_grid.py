"""What a person looks at while a generator learns is what the studio would draw."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.domain import GenerationRequest
from studio.perfusion.checkpoint import load_pipeline, save_component, save_pipeline
from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from tests.tiny_models import TINY_DEFAULTS, tiny_adaptive_network, tiny_phrasebook, tiny_pipeline
from tests.tiny_reward_models import SCHEMA
from training.data.groups import Round
from training.sample_grid import StudioSamples

STORES = SCHEMA.field("store_id").values


def answered(prompt: str, **fields) -> Round:
    profile = Profile.of(**fields)
    return Round(id=prompt, profile=profile, prompt=prompt, images=(), labels=(1.0,))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "tiny"
    pipeline = tiny_pipeline()
    save_pipeline(pipeline, folder, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    save_component(folder, "adaptive_network", tiny_adaptive_network(pipeline.unet))
    return folder


def test_every_cell_is_the_studio_s_own_design_and_columns_differ(checkpoint):
    rounds = [answered(text, store_id=STORES[0]) for text in ("dress, red", "skirt")]
    samples = StudioSamples.of(rounds, 2, checkpoint)
    pipeline = load_pipeline(checkpoint)

    sheet = np.asarray(samples.sheet(pipeline))

    studio = Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook())
    cells = [np.split(row, 2, axis=1) for row in np.split(sheet, 2)]
    for seed, prompt in enumerate(("dress, red", "skirt")):
        for column, store in enumerate((None, rounds[0].profile)):
            request = GenerationRequest(prompt=prompt, num_candidates=1, seed=seed)
            image = studio.generate(request, profile=store).candidates[0].image
            height, width = cells[seed][column].shape[:2]
            shown = image.resize((width, height), Image.Resampling.LANCZOS)
            assert np.array_equal(cells[seed][column], np.asarray(shown))
    plain, for_store = (np.concatenate([row[column] for row in cells]) for column in (0, 1))
    assert np.abs(plain.astype(float) - for_store).mean() > 1


def test_a_checkpoint_without_stores_has_one_column(checkpoint):
    samples = StudioSamples.of([answered("dress", store_id="anna")], 1, checkpoint)

    wide = samples.sheet(load_pipeline(checkpoint)).width
    assert samples.sheet(tiny_pipeline()).width * 2 == wide


def test_stores_that_tell_different_things_are_shown_and_named(checkpoint):
    rounds = [
        answered("dress", store_id="one", season="winter", region="north"),
        answered("dress", store_id="two", season="winter", region="north"),
        answered("dress", store_id="three", season="summer", region="north"),
        answered("skirt", store_id="four", season="summer", region="south"),
    ]

    samples = StudioSamples.of(rounds, 4, checkpoint)

    assert [store["store_id"] for store in samples.stores] == ["one", "four", "two"]
    assert (
        samples.told == "Columns: no store, one, four, two. Rows, one seed each: “dress”; “skirt”."
    )


def test_prompts_that_the_checkpoint_cannot_draw_are_passed_over(checkpoint):
    rounds = [answered(text, store_id="one") for text in ("skirt, v-neck", "skirt, mini")]

    assert StudioSamples.of(rounds, 4, checkpoint).prompts == ("skirt, mini",)
