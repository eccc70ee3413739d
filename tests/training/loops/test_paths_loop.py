import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.perfusion.checkpoint import load_component, load_defaults, load_pipeline, save_defaults
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.phrasebook import ABSENT
from studio.perfusion.pipeline import full_length_ids
from studio.perfusion.sampling import denoise, expected_latents, guided_predictor
from tests.training.loops.tiny_paths import tiny_paths
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.config import ConfigError, load_config
from training.data.latents import load_latents
from training.data.paths import load_paths
from training.data.tiles import outfit_from_indices
from training.data.unet_feed import UnetFeed
from training.loops import decoder, paths, unet
from training.loops.autoencoder import signed
from training.losses.denoising import spread_timesteps

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


@pytest.fixture(scope="module")
def made(tmp_path_factory, tiles):
    """Folder of a tiny checkpoint, a critic, and the paths of its U-Net; and their settings."""
    return tiny_paths(tmp_path_factory.mktemp("paths"), tiles)


def test_each_path_has_a_drawing_and_a_prompt_that_tells_all_of_it(made, tiles):
    folder, config = made
    drawn = load_paths(folder / "drawn")
    book = build_phrasebook()
    train, _ = tiles

    assert len(drawn) == config.count
    for place, prompt in enumerate(drawn.prompts):
        outfit = outfit_from_indices(drawn.attributes[place].tolist())
        told = {family: book.parse(prompt).attributes.get(family, ABSENT) for family in FAMILIES}
        assert told == dict(outfit)
        assert any(
            (drawn.drawings[place].numpy() == train.images([number])[0]).all()
            for number in range(len(train))
            if train.outfit(number) == outfit
        )


def test_a_path_is_what_the_sampler_goes(made):
    folder, config = made
    drawn = load_paths(folder / "drawn")
    pipeline = load_pipeline(folder / "atelier", dtype=torch.float32)
    schedule = NoiseSchedule.of(pipeline.scheduler)
    embeds = pipeline.encode_prompts([drawn.prompts[0]])
    scale = load_defaults(folder / "atelier").guidance_scale
    predict = guided_predictor(pipeline.unet, embeds, pipeline.encode_prompts([""]), scale)
    noise = drawn.left[:1, 0].float()  # at the first timestep there is nothing else
    with torch.no_grad():
        end, believed, left = paths.walk(pipeline.scheduler, predict, noise, config.timesteps)

    torch.testing.assert_close(believed[0], drawn.believed[0].float(), atol=0.02, rtol=0.02)
    # The noisy latents of a step are made of what was believed there and the noise beside it.
    second = torch.tensor([config.timesteps[1]])
    met = schedule.add_noise(believed[:, 1], left[:, 1], second)
    with torch.no_grad():
        again = expected_latents(
            met,
            predict(met, second),
            schedule.alphas_cumprod[second].view(-1, 1, 1, 1),
            schedule.prediction_type,
        )
    torch.testing.assert_close(again, believed[:, 1], atol=1e-3, rtol=1e-3)
    assert end.shape == noise.shape


def test_a_walk_along_the_usual_timesteps_ends_where_the_studio_ends(made):
    folder, _ = made
    pipeline = load_pipeline(folder / "atelier", dtype=torch.float32)
    predict = guided_predictor(pipeline.unet, pipeline.encode_prompts(["dress, red"]), None, 1.0)
    noise = torch.randn((1, 4, 32, 16), generator=torch.Generator().manual_seed(1))
    usual = type(pipeline.scheduler).from_config(pipeline.scheduler.config)
    usual.set_timesteps(6)
    with torch.no_grad():
        end, _, _ = paths.walk(pipeline.scheduler, predict, noise, usual.timesteps.tolist())
        studio = denoise(pipeline.scheduler, noise, predict, 6, [torch.Generator()])

    torch.testing.assert_close(end, studio, atol=1e-4, rtol=1e-4)


def test_without_timesteps_of_its_own_it_goes_where_the_studio_goes(made, tiles, tmp_path):
    folder, config = made
    checkpoint = tmp_path / "checkpoint"
    shutil.copytree(folder / "atelier", checkpoint)
    defaults = load_defaults(checkpoint)
    save_defaults(checkpoint, replace(defaults, num_inference_steps=3, last_timestep=399))
    changes = {"checkpoint": str(checkpoint), "folder": str(tmp_path / "drawn"), "count": 2}

    paths.run(replace(config, **changes, timesteps=()), *tiles)

    assert load_paths(tmp_path / "drawn").timesteps.tolist() == [999, 699, 399]


def test_paths_are_drawn_once_and_more_of_them_keep_those_there_are(made, tiles):
    folder, config = made
    before = {file: file.stat().st_mtime_ns for file in (folder / "drawn").iterdir()}

    assert paths.run(config, *tiles) == {"paths": 0}
    paths.run(replace(config, first=config.count), *tiles)

    after = {file: file.stat().st_mtime_ns for file in (folder / "drawn").iterdir()}
    assert before.items() < after.items()
    drawn = load_paths(folder / "drawn")
    assert len(set(drawn.prompts)) > len(drawn) // 2
    assert not torch.equal(drawn.left[0, 0], drawn.left[config.count, 0])


def test_the_unet_learns_on_its_paths(made, tiles, tmp_path):
    folder, config = made
    changes = {
        "checkpoint": config.checkpoint,
        "init_from": config.checkpoint,
        "critic": "",
        "latents": str(folder / "latents"),
        "reader": "",
        "paths": config.folder,
        "path_share": 0.75,
        "rare_share": 0.0,
        "run": str(tmp_path / "run"),
        "steps": 40,
        "learning_rate": 5e-3,
    }
    drawn = load_paths(folder / "drawn")

    def mean_error() -> float:
        pipeline = load_pipeline(folder / "atelier", dtype=torch.float32)
        schedule = NoiseSchedule.of(pipeline.scheduler)
        ids = full_length_ids(pipeline.tokenizer, drawn.prompts)
        chance = torch.Generator().manual_seed(0)
        timesteps = spread_timesteps(len(drawn), len(schedule), chance)
        given = drawn.batch(list(range(len(drawn))), ids, schedule, timesteps, chance)
        with torch.no_grad():
            prediction = pipeline.unet(
                given.noisy_latents,
                given.timesteps,
                encoder_hidden_states=pipeline.text_encoder(ids).last_hidden_state,
            ).sample
        kept = schedule.alphas_cumprod[given.timesteps].view(-1, 1, 1, 1)
        believed = expected_latents(given.noisy_latents, prediction, kept, "v_prediction")
        return float((believed - given.latents).square().mean())

    before = mean_error()
    unet.run(replace(load_config("unet", TINY), **changes), *tiles)

    assert mean_error() < 0.9 * before


def test_nothing_is_learnt_where_the_sampler_never_asks(made, tiles):
    folder, config = made
    train, _ = tiles
    pipeline = load_pipeline(folder / "atelier", dtype=torch.float32)
    latents = load_latents(train, pipeline.vae, folder / "latents", torch.device("cpu"))
    feed = UnetFeed(
        replace(load_config("unet", TINY), last_timestep=600, path_share=0.5, batch_size=4),
        NoiseSchedule.of(pipeline.scheduler),
        pipeline.tokenizer,
        train,
        latents,
        paths=load_paths(Path(config.folder)),
    )

    drawn = torch.stack([feed.batch(step).timesteps for step in range(8)])

    assert (drawn.min(dim=0).values >= 600).all()  # of drawings, and of places on paths
    assert (drawn.max(dim=0).values > 700).all()


def test_a_batch_of_nothing_but_paths_is_refused(made, tiles):
    folder, config = made
    changes = {
        "checkpoint": config.checkpoint,
        "critic": str(folder / "critic"),
        "paths": config.folder,
    }

    with pytest.raises(ConfigError, match="path_share"):
        unet.run(replace(load_config("unet", TINY), **changes, path_share=0.9), *tiles)


def test_the_decoder_learns_to_draw_what_the_unet_makes(made, tiles, tmp_path):
    folder, config = made
    pipeline = load_pipeline(folder / "atelier", dtype=torch.float32)
    start = pipeline.vae
    places = {
        "checkpoint": str(tmp_path / "better"),
        "init_from": str(folder / "atelier"),
        "critic": str(folder / "critic"),
        "paths": config.folder,
        "run": str(tmp_path / "run"),
        "adversary_weight": 0.0,
        "feature_weight": 0.0,
        "learning_rate": 5e-3,
        "warmup_steps": 1,
        "part_share": 0.0,
        "steps": 60,
        "made_weight": 4.0,
    }
    settings = replace(load_config("decoder", TINY), **places)
    drawn = load_paths(folder / "drawn")
    ends = drawn.believed[:, -1].float() / start.config.scaling_factor
    drawings = signed(drawn.drawings.permute(0, 3, 1, 2))

    def error(autoencoder, told=None) -> float:
        with torch.no_grad():
            return float((autoencoder.float().decode(ends, told).sample - drawings).abs().mean())

    figures = decoder.run(settings, *tiles)
    better = load_component(tmp_path / "better", "vae")
    states = pipeline.encode_prompts(drawn.prompts)

    assert error(better, states) < 0.9 * error(start)
    assert error(better, states) < error(better, states.flip(0))  # what the others should be
    assert set(figures) == {"psnr_db", "made_psnr_db", "critic_reads"}
    for name, weight in start.state_dict().items():
        if "encoder" in name:
            assert torch.equal(weight.half(), better.state_dict()[name].half()), name


def test_a_stopped_decoder_goes_on_as_if_it_had_not_been(made, tiles, tmp_path):
    folder, config = made
    lines = {}
    for name, stops in (("whole", (4,)), ("halves", (2, 4))):
        places = {
            "checkpoint": str(tmp_path / f"{name}-checkpoint"),
            "init_from": str(folder / "atelier"),
            "critic": str(folder / "critic"),
            "paths": config.folder,
            "run": str(tmp_path / name),
            "decay_fraction": 0.0,
        }
        for steps in stops:
            decoder.run(replace(load_config("decoder", TINY), **places, steps=steps), *tiles)
        log = (tmp_path / name / "log.jsonl").read_text(encoding="utf-8").splitlines()
        lines[name] = [line["loss"] for line in map(json.loads, log) if "loss" in line]

    assert lines["whole"] == lines["halves"]
    assert len(lines["whole"]) == 4


def test_an_adversary_pulls_as_hard_as_it_is_told_beside_the_error():
    chance = torch.Generator().manual_seed(0)
    weights = torch.randn(5, 3, generator=chance, requires_grad=True)
    features = torch.randn(2, 4, 4, 5, generator=chance)
    target = torch.randn(2, 3, 4, 4, generator=chance)

    def losses(scale: float) -> tuple[Tensor, Tensor, Tensor]:
        images = (features @ weights).permute(0, 3, 1, 2)
        return images, (images - target).abs().sum(), scale * (images**3).sum()

    def at_weights(loss: Tensor) -> Tensor:
        return torch.autograd.grad(loss, weights)[0]

    def pull(share: float, scale: float = 1.0) -> Tensor:
        return at_weights(decoder.pulling(*losses(scale), torch.tensor(share), weights))

    of_error, of_verdict = at_weights(losses(1.0)[1]), at_weights(losses(1.0)[2])
    expected = of_error + 0.5 * of_verdict * of_error.norm() / of_verdict.norm()
    torch.testing.assert_close(pull(0.5), expected)
    torch.testing.assert_close(pull(0.0), of_error)
    torch.testing.assert_close(pull(0.5, scale=100.0), pull(0.5))
