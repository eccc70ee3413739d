"""Trains the U-Net to make designs of phrases and noise."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel
from diffusers.models.attention import BasicTransformerBlock
from diffusers.models.resnet import ResnetBlock2D
from diffusers.utils import CONFIG_NAME, SAFETENSORS_WEIGHTS_NAME
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.outfit import Outfit
from studio.design.phrasebook_file import PHRASEBOOK_FILE
from studio.domain import CheckpointError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.checkpoint import load_component, save_component, save_defaults
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline, full_length_ids
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.design_codec import OPEN, DesignCodec, Settled
from studio.perfusion.noise import NoiseSchedule, error_per_image
from studio.perfusion.sampling import initial_noise
from training.atelier.grammar import build_phrasebook
from training.config import UnetConfig
from training.contact_sheet import sheet_of_pictures
from training.data.captions import plain_caption, told_families
from training.data.designs import Designs
from training.losses.denoising import spread_timesteps, weighted_error
from training.run_state import start_state, step_generator
from training.runner import Task, run_training

PICTURE_HEIGHT_PX = 1024
_NORM_GROUPS = 16
_AT_ONCE = 100
_SHOWN = 8


@dataclass(frozen=True)
class NoisedDesigns:
    """A batch to learn from.

    Attributes:
        latents: (B, C, H, W) clean ones.
        noisy_latents: (B, C, H, W).
        noise: (B, C, H, W).
        timesteps: (B,) int64.
        prompts: B of them.
        weights: (B, C, H, W) of the errors: what a prompt tells counts more.
    """

    latents: Tensor
    noisy_latents: Tensor
    noise: Tensor
    timesteps: Tensor
    prompts: list[str]
    weights: Tensor


@dataclass(frozen=True)
class UnetFeed:
    """Makes batches of some designs, all on the CPU.

    Attributes:
        config: the run's.
        schedule: of the pipeline's scheduler.
        codec: writes designs as latents.
        designs: to learn from.
    """

    config: UnetConfig
    schedule: NoiseSchedule
    codec: DesignCodec
    designs: Designs

    def batch(self, step: int) -> NoisedDesigns:
        """What a step learns from; all chance follows from its number."""
        generator = step_generator(self.config.seed, step)
        chosen = torch.randint(len(self.designs), (self.config.batch_size,), generator=generator)
        return self.noised(chosen.tolist(), generator, random.Random(f"{self.config.seed}/{step}"))

    def noised(
        self, chosen: Sequence[int], generator: torch.Generator, rng: random.Random
    ) -> NoisedDesigns:
        """Designs with noise on them, and captions."""
        places = torch.from_numpy(self.designs.places[chosen]).long()
        measures = torch.from_numpy(self.designs.measures[chosen])
        latents = self.codec.encode_rows(places, measures)
        timesteps = spread_timesteps(
            len(latents), len(self.schedule), generator, self.config.timestep_power
        )
        noise = torch.randn(latents.shape, generator=generator)
        noisy = self.schedule.add_noise(latents, noise, timesteps)
        told = self.told(chosen, rng)
        prompts = [
            plain_caption(self.designs.outfit(index), families)
            for index, families in zip(chosen, told, strict=True)
        ]
        return NoisedDesigns(latents, noisy, noise, timesteps, prompts, self.weights(told))

    def told(self, chosen: Sequence[int], rng: random.Random) -> list[list[str]]:
        """The families that the caption of each design tells."""
        config = self.config
        shares = config.prompt_dropout, config.short_caption_share, config.whole_caption_share
        return [told_families(self.designs.outfit(index), rng, shares) for index in chosen]

    def weights(self, told: Sequence[Sequence[str]]) -> Tensor:
        """(B, C, H, W) of the errors, for the families that captions tell."""
        rows = [
            [self.config.told_weight if family in each else 1.0 for family in FAMILIES]
            for each in map(frozenset, told)
        ]
        return self.codec.weights(torch.tensor(rows))


@dataclass(frozen=True)
class UnetTask:
    """The pieces of `Task` for the U-Net.

    Attributes:
        config: the run's.
        pipeline: the frozen parts around the U-Net, and a place for the one to sample with.
        schedule: of the pipeline's scheduler.
        codec: of the pipeline.
        train: makes the batch of a step.
        held_out: makes those of evaluation.
    """

    config: UnetConfig
    pipeline: CheckpointPipeline
    schedule: NoiseSchedule
    codec: DesignCodec
    train: UnetFeed
    held_out: UnetFeed

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The weighted squared error of one step's noised designs."""
        given = self.train.batch(step)
        prediction, target = self._predicted(model, given)
        weights = given.weights.to(target.device)
        return {"loss": weighted_error(prediction, target, weights).mean()}

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """The error on held-out designs, always with the same noise, and what phrases become."""
        feed, seed = self.held_out, self.config.seed
        count = min(self.config.evaluation_designs, len(feed.designs))
        errors: list[Tensor] = []
        for start in range(0, count, _AT_ONCE):
            chosen = range(start, min(start + _AT_ONCE, count))
            generator, rng = step_generator(seed, start), random.Random(f"{seed}/{start}")
            errors.append(self._errors(model, feed.noised(chosen, generator, rng)).cpu())
        return {"held_out_error": float(torch.cat(errors).mean()), **self._made(model)}

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """What becomes of a few held-out captions."""
        latents, asked = self._sampled(model, _SHOWN)
        settled = [Settled(values) for values in asked]
        specs = self.codec.decode(latents, settled)
        return sheet_of_pictures([[picture(draw_croquis(each), 512) for each in specs]])

    def export(self, model: nn.Module) -> None:
        """Write the U-Net in half precision, and what a generator needs beside the weights."""
        folder = Path(self.config.checkpoint)
        save_component(folder, "codec", self.codec)
        save_component(folder, "unet", model)
        save_component(folder, "scheduler", self.pipeline.scheduler)
        save_defaults(folder, sampling_defaults(self.config))
        build_phrasebook().save(folder / PHRASEBOOK_FILE)

    def _errors(self, model: nn.Module, given: NoisedDesigns) -> Tensor:
        prediction, target = self._predicted(model, given)
        return error_per_image(prediction, target, self.codec.live.to(target.device))

    def _predicted(self, model: nn.Module, given: NoisedDesigns) -> tuple[Tensor, Tensor]:
        """What the U-Net predicts, and what it should."""
        device, tokenizer = self.pipeline.device, self.pipeline.tokenizer
        input_ids = full_length_ids(tokenizer, given.prompts, cut_long=True)
        quick = torch.autocast(device.type, torch.bfloat16, self.config.mixed_precision == "bf16")
        with torch.no_grad(), quick:
            states = self.pipeline.text_encoder(input_ids.to(device)).last_hidden_state.float()
        prediction = model(
            given.noisy_latents.to(device, memory_format=torch.channels_last),
            given.timesteps.to(device),
            encoder_hidden_states=states,
        ).sample
        target = self.schedule.target(given.latents, given.noise, given.timesteps)
        return prediction, target.to(device)

    def _made(self, model: nn.Module) -> dict[str, float]:
        """How well sampled designs keep what was asked, and how many need repair."""
        latents, asked = self._sampled(model, self.config.evaluation_images)
        nearest = self.codec.costs(latents).argmin(-1).cpu()
        named = list(FAMILIES)
        kept = [
            FAMILIES[family][int(row[named.index(family)])] == value
            for row, values in zip(nearest, asked, strict=True)
            for family, value in values.items()
        ]
        found = self.codec.decode(latents, [OPEN] * len(latents))
        broken = [bool(GARMENT_RULES.broken(Outfit.of_places(row.tolist()))) for row in nearest]
        return {
            "asked_kept_free": sum(kept) / max(1, len(kept)),
            "broken": sum(broken) / len(broken),
            "repaired_families": sum(len(each.repaired) for each in found) / len(found),
        }

    def _sampled(self, model: nn.Module, count: int) -> tuple[Tensor, list[dict[str, str]]]:
        """(count, C, H, W) latents as the studio makes them, and what was asked of each."""
        self.pipeline.register_modules(unet=model)
        rng = random.Random("samples")
        outfits = [self.held_out.designs.outfit(index) for index in range(count)]
        told = [told_families(each, rng, (0.0, 1.0, 0.0)) for each in outfits]
        prompts = [plain_caption(*each) for each in zip(outfits, told, strict=True)]
        asked = [build_phrasebook().parse(each).attributes for each in prompts]
        parts = [
            self._sampled_from(prompts[start : start + _AT_ONCE], start)
            for start in range(0, count, _AT_ONCE)
        ]
        return torch.cat(parts), asked

    def _sampled_from(self, prompts: Sequence[str], first_seed: int) -> Tensor:
        config = self.config
        generators = [torch.Generator().manual_seed(first_seed + i) for i in range(len(prompts))]
        embeds = self.pipeline.encode_prompts(prompts)
        empty = self.pipeline.encode_prompts([""]).expand_as(embeds)
        return self.pipeline.sample(
            embeds,
            empty if config.guidance_scale > 1 else None,
            initial_noise(generators, self.codec.latent_shape),
            generators,
            config.sample_steps,
            config.guidance_scale,
        ).float()


def sampling_defaults(config: UnetConfig) -> GenerationDefaults:
    """How the studio should draw with what a run taught."""
    return GenerationDefaults(
        height_px=PICTURE_HEIGHT_PX,
        width_px=PICTURE_HEIGHT_PX // 2,
        num_inference_steps=config.sample_steps,
        guidance_scale=config.guidance_scale,
        preview_every=config.preview_every,
        candidates_per_pass=8,
    )


def run(config: UnetConfig, train: Designs, held_out: Designs) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    device = accelerator.device
    folder = Path(config.checkpoint)
    codec = grown_codec(Path(config.init_from)) if config.init_from else DesignCodec.new()
    text_encoder, tokenizer = (
        load_component(folder, name) for name in ("text_encoder", "tokenizer")
    )
    text_encoder.to(device).eval().requires_grad_(False)
    unet = build(config, codec, text_encoder)
    state = start_state(unet.to(device), config)
    scheduler = build_scheduler(config)
    pipeline = CheckpointPipeline(
        codec=codec,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=state.ema,
        scheduler=scheduler,
    )
    pipeline.set_progress_bar_config(disable=True)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    schedule = NoiseSchedule.of(scheduler)
    feeds = (UnetFeed(config, schedule, codec, designs) for designs in (train, held_out))
    task = UnetTask(config, pipeline, schedule, codec, *feeds)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def grown_codec(folder: Path) -> DesignCodec:
    """The codec of a checkpoint, with codes for the values that came since it was trained.

    Raises:
        CheckpointError: it is damaged, or of a studio with other families.
    """
    part = folder / "codec"
    try:
        families = json.loads((part / CONFIG_NAME).read_text(encoding="utf-8"))["families"]
        codes = load_file(part / SAFETENSORS_WEIGHTS_NAME)["codes"]
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise CheckpointError(f"{part} can't be read: {error}") from error
    grown: DesignCodec = DesignCodec.grown(families, codes.float())
    return grown


def build(config: UnetConfig, codec: DesignCodec, text_encoder: Any) -> UNet2DConditionModel:
    """The U-Net before the first step: the committed weights, or random ones that start quietly."""
    if config.init_from:
        unet = load_component(Path(config.init_from), "unet")
    else:
        channels, height, width = codec.latent_shape
        levels = len(config.widths)
        unet = UNet2DConditionModel(
            sample_size=(height, width),
            in_channels=channels,
            out_channels=channels,
            block_out_channels=config.widths,
            layers_per_block=config.layers_per_level,
            down_block_types=("CrossAttnDownBlock2D",) * levels,
            up_block_types=("CrossAttnUpBlock2D",) * levels,
            transformer_layers_per_block=config.transformer_layers,
            cross_attention_dim=text_encoder.config.hidden_size,
            # diffusers' name for the number of heads
            attention_head_dim=tuple(max(1, each // config.head_width) for each in config.widths),
            use_linear_projection=True,
            norm_num_groups=_NORM_GROUPS,
            resnet_time_scale_shift="scale_shift",
        )
        start_quietly(unet)
    return unet.train().requires_grad_(True).to(memory_format=torch.channels_last)


@torch.no_grad()
def start_quietly(unet: UNet2DConditionModel) -> None:
    """Make every residual branch, and the last layer, start at zero.

    A deep network then starts as a shallow one and learns faster at a high rate.
    Source: Dhariwal and Nichol (arXiv 2105.05233), as in their code.
    """
    last = [unet.conv_out]
    for module in unet.modules():
        if isinstance(module, ResnetBlock2D):
            last.append(module.conv2)
        elif isinstance(module, BasicTransformerBlock):
            last += [module.attn1.to_out[0], module.attn2.to_out[0], module.ff.net[-1]]
    for layer in last:
        for weight in layer.parameters():
            nn.init.zeros_(weight)


def build_scheduler(config: UnetConfig) -> DPMSolverMultistepScheduler:
    """The noise schedule, with the solver that suits it.

    The cosine one (Nichol and Dhariwal, arXiv 2102.09672), down to pure noise: codes are of unit
    variance and far from each other, so they are decided at its middle levels.
    """
    return DPMSolverMultistepScheduler(
        num_train_timesteps=config.train_timesteps,
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        algorithm_type="dpmsolver++",
        solver_order=2,
        final_sigmas_type="zero",
    )
