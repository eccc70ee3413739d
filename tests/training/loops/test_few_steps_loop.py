import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.perfusion.checkpoint import load_component, load_defaults, load_pipeline
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.sampling import Descent, denoise, guided_predictor
from tests.training.loops.tiny_checkpoint import tiny_checkpoint
from training.config import FewStepsConfig, load_config
from training.data.latents import load_latents
from training.data.unet_feed import UnetFeed
from training.loops import few_steps
from training.losses.reconstruction import edges_missed
from training.reader import load_reader

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


@pytest.fixture(scope="module")
def made(tmp_path_factory, tiles):
    """Folder of a tiny checkpoint and a critic."""
    return tiny_checkpoint(tmp_path_factory.mktemp("few-steps"), tiles)


def config_in(made: Path, folder: Path, **changes: object) -> FewStepsConfig:
    places = {
        "checkpoint": str(folder / "atelier"),
        "init_from": str(made / "atelier"),
        "critic": str(made / "critic"),
        "latents": str(made / "latents"),
        "run": str(folder / "run"),
        "decay_fraction": 0.0,
    }
    return replace(load_config("few-steps", TINY), **{**places, **changes})


def logged(folder: Path, name: str) -> list[float]:
    lines = (folder / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [line[name] for line in map(json.loads, lines) if name in line]


def test_both_networks_learn_to_draw_what_they_are_told(made, tiles, tmp_path):
    start = load_pipeline(made / "atelier", dtype=torch.float32)
    settings = config_in(
        made,
        tmp_path,
        steps=60,
        batch_size=4,
        learning_rate=5e-3,
        warmup_steps=1,
        ema_decay=0.5,
        adversary_weight=0.0,
    )

    figures = few_steps.run(settings, *tiles)

    assert set(figures) == {
        "held_out_error",
        "made_psnr_db",
        "edges_missed",
        "critic_reads",
        "psnr_db",
    }
    for name in ("first_error", "last_error", "made_error"):
        errors = logged(tmp_path, name)
        assert sum(errors[-5:]) < 0.9 * sum(errors[:5]), name
    for part in ("unet", "vae"):
        better = load_component(tmp_path / "atelier", part).state_dict()
        before = getattr(start, part).state_dict()
        kept = {name for name, each in before.items() if torch.equal(each.half(), better[name])}
        encoder = {name for name in before if "encoder" in name and part == "vae"}
        assert kept == encoder, part  # so that all latents stay true


def test_the_checkpoint_says_how_it_was_taught_to_draw(made, tiles, tmp_path):
    few_steps.run(config_in(made, tmp_path, sample_steps=3), *tiles)

    defaults = load_defaults(tmp_path / "atelier")
    assert defaults.num_inference_steps == 3
    assert defaults.guidance_scale == 1.0
    assert defaults.preview_every == 2  # so there is one
    assert defaults.descent == Descent(calm_below=1_000, last_timestep=399)


def test_its_steps_are_those_of_the_studio(made, tiles):
    """What the last step is given in training is what the sampler gives it."""
    pipeline = load_pipeline(made / "atelier", dtype=torch.float32)
    config = config_in(made, made, sample_steps=3)
    schedule = NoiseSchedule.of(pipeline.scheduler)
    descent = Descent(config.calm_below, config.last_timestep)
    timesteps = descent.timesteps(len(schedule), config.sample_steps)
    train, _ = tiles
    latents = load_latents(train, pipeline.vae, made / "latents", torch.device("cpu"))
    noisiest = replace(config, last_timestep=timesteps[0])
    feed = UnetFeed(noisiest, schedule, pipeline.tokenizer, train, latents)
    given = feed.batch(0)
    task = few_steps.FewStepsTask(
        config,
        schedule,
        timesteps,
        feed.batch,
        feed.batch,
        feed,
        load_reader(made / "critic", torch.device("cpu"), "critic"),
        pipeline.text_encoder,
        torch.no_grad,
        torch.device("cpu"),
    )
    model = few_steps.Drawer(pipeline.unet, pipeline.vae, [2])
    states = pipeline.text_encoder(given.prompt_ids).last_hidden_state
    seen: list[Tensor] = []

    def watched(latents: Tensor, timestep: Tensor) -> Tensor:
        seen.append(latents)
        return guided_predictor(pipeline.unet, states, None, 1.0)(latents, timestep)

    with torch.no_grad():
        ends = task.walked(model, given, states)[-1][0]
        noise, chance = given.noisy_latents, [torch.Generator() for _ in states]
        studio = denoise(pipeline.scheduler, noise, watched, 3, chance, descent=descent)

    assert timesteps == [999, 699, 399]
    torch.testing.assert_close(seen[0], given.noisy_latents)
    torch.testing.assert_close(ends, studio, atol=0.02, rtol=0.02)


def test_a_stopped_run_goes_on_as_if_it_had_not_been(made, tiles, tmp_path):
    whole, halves = tmp_path / "whole", tmp_path / "halves"

    few_steps.run(config_in(made, whole, steps=4), *tiles)
    few_steps.run(config_in(made, halves, steps=2), *tiles)
    few_steps.run(config_in(made, halves, steps=4), *tiles)

    assert logged(whole, "loss") == logged(halves, "loss")
    assert len(logged(whole, "loss")) == 4


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
        return at_weights(few_steps.pulling(*losses(scale), torch.tensor(share), weights))

    of_error, of_verdict = at_weights(losses(1.0)[1]), at_weights(losses(1.0)[2])
    expected = of_error + 0.5 * of_verdict * of_error.norm() / of_verdict.norm()
    torch.testing.assert_close(pull(0.5), expected)
    torch.testing.assert_close(pull(0.0), of_error)
    torch.testing.assert_close(pull(0.5, scale=100.0), pull(0.5))


def test_of_a_drawing_itself_no_edge_is_missed_and_of_an_even_picture_all():
    drawing = torch.rand(2, 3, 16, 8, generator=torch.Generator().manual_seed(0))

    torch.testing.assert_close(edges_missed(drawing, drawing), torch.zeros(2))
    torch.testing.assert_close(edges_missed(0 * drawing, drawing), torch.ones(2))
    torch.testing.assert_close(edges_missed(drawing + 0.1, drawing), torch.zeros(2))
    torch.testing.assert_close(edges_missed(2 * drawing, drawing), torch.ones(2))
