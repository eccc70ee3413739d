"""Trains the U-Net to draw latents from phrases."""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel
from diffusers.models.attention import BasicTransformerBlock
from diffusers.models.resnet import ResnetBlock2D
from PIL import Image
from torch import Tensor, nn

from studio.perfusion.checkpoint import load_component, save_component, save_defaults
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.noise import NoiseSchedule, error_per_image
from studio.perfusion.phrasebook import PHRASEBOOK_FILE
from studio.perfusion.pipeline import PerFusionPipeline, full_length_ids
from studio.perfusion.sampling import Descent, expected_latents, initial_noise
from training.atelier.attributes import sample_outfit
from training.atelier.grammar import build_phrasebook
from training.config import UnetConfig
from training.contact_sheet import contact_sheet
from training.critic import Critic, load_critic
from training.data.ahead import BatchesAhead
from training.data.captions import plain_captions
from training.data.latents import load_latents
from training.data.rare import rare_values
from training.data.tiles import TILE_SHAPE, Tiles
from training.data.unet_batch import UnetBatch
from training.data.unet_feed import UnetFeed
from training.growing import grown
from training.losses.denoising import coarse_error, level_weights
from training.reader import AttributeReader
from training.run_state import start_state, step_generator
from training.runner import Task, run_training

_NORM_GROUPS = 16
_TEXT_POOL_HEADS = 4
_AT_ONCE = 16
_START_PROMPTS = 500


@dataclass(frozen=True)
class Drawn:
    """What the U-Net made of a batch of noised latents.

    Attributes:
        believed: (B, C, H, W) clean latents that the prediction stands for.
        error: (B,) mean squared errors of the prediction.
        coarse_error: (B,) those of block means.
    """

    believed: Tensor
    error: Tensor
    coarse_error: Tensor


def drawn(prediction: Tensor, given: UnetBatch, schedule: NoiseSchedule) -> Drawn:
    """What a U-Net's prediction (B, C, H, W) for a batch stands for, and how far it is off."""
    noise = schedule.noise_in(given.noisy_latents, given.latents, given.timesteps)
    target = schedule.target(given.latents, noise, given.timesteps)
    kept = schedule.alphas_cumprod.to(given.timesteps.device)[given.timesteps]
    believed = expected_latents(
        given.noisy_latents, prediction.float(), kept.view(-1, 1, 1, 1), schedule.prediction_type
    )
    return Drawn(believed, error_per_image(prediction, target), coarse_error(prediction, target))


@dataclass(frozen=True)
class UnetTask:
    """The pieces of `Task` for the U-Net.

    Attributes:
        config: the run's.
        pipeline: the frozen parts around the U-Net, and a place for the one to sample with.
        schedule: of the pipeline's scheduler.
        train: makes the batch of a step.
        held_out: makes those of evaluation.
        autocast: the precision of networks beside the trained one.
        reader: reads sampled images back in evaluation; None where there is none yet.
        critic: says what detail of the drawings is missed; None for none.
    """

    config: UnetConfig
    pipeline: PerFusionPipeline
    schedule: NoiseSchedule
    train: Callable[[int], UnetBatch]
    held_out: UnetFeed
    autocast: Callable[[], AbstractContextManager[None]]
    reader: AttributeReader | None
    critic: Critic | None

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The weighted error of one step's noised latents."""
        config = self.config
        given = self.train(step).to(self.pipeline.device)
        made = self._drawn(model, given)
        parts = {"error": made.error, "coarse_error": made.coarse_error}
        counted = made.error + config.coarse_weight * made.coarse_error
        if self.critic is not None:
            features, reading = self._criticised(self.critic, made.believed, given, step)
            parts |= {"feature_error": features, "reading_loss": reading}
            counted = counted + config.feature_weight * features + config.reading_weight * reading
        weights = level_weights(self.schedule, given.timesteps, config.snr_gamma).to(counted)
        logged = {name: part.mean().detach() for name, part in parts.items()}
        return {"loss": (weights * counted).mean(), **logged}

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """The error on held-out drawings, always with the same noise, and what is read back."""
        feed = self.held_out
        count = min(self.config.evaluation_tiles, len(feed.tiles))
        rng = random.Random(f"{self.config.seed}/evaluation")
        errors: list[Tensor] = []
        coarse_errors: list[Tensor] = []
        for start in range(0, count, _AT_ONCE):
            chosen = range(start, min(start + _AT_ONCE, count))
            generator = step_generator(self.config.seed, start)
            # Evenly over the noise levels, whatever training prefers.
            given = feed.noised(chosen, feed.prompts(chosen, rng), generator, shift=1.0)
            made = self._drawn(model, given.to(self.pipeline.device))
            errors.append(made.error.cpu())
            coarse_errors.append(made.coarse_error.cpu())
        return {
            "held_out_error": float(torch.cat(errors).mean()),
            "held_out_coarse_error": float(torch.cat(coarse_errors).mean()),
            **self._read_back(model),
        }

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """Held-out drawings above what the U-Net makes of their captions."""
        feed = self.held_out
        chosen = range(min(12, len(feed.tiles)))
        prompts = feed.prompts(chosen, random.Random("samples"))
        return contact_sheet([feed.tiles.tensors(chosen), self._sampled(model, prompts)])

    def export(self, model: nn.Module) -> None:
        """Write the U-Net in half precision, and what a generator needs beside the weights."""
        folder = Path(self.config.checkpoint)
        save_component(folder, "unet", model)
        save_component(folder, "scheduler", self.pipeline.scheduler)
        save_defaults(folder, sampling_defaults(self.config))
        build_phrasebook().save(folder / PHRASEBOOK_FILE)

    def _drawn(self, model: nn.Module, given: UnetBatch) -> Drawn:
        """Let the U-Net take the noise off."""
        prediction = model(
            given.noisy_latents.contiguous(memory_format=torch.channels_last),
            given.timesteps,
            encoder_hidden_states=self.pipeline.text_encoder(given.prompt_ids).last_hidden_state,
        ).sample
        return drawn(prediction, given, self.schedule)

    def _criticised(
        self, critic: Critic, believed: Tensor, given: UnetBatch, step: int
    ) -> tuple[Tensor, Tensor]:
        """(B,) feature errors and (B,) reading losses of what the U-Net believes."""
        drawings = given.drawings.float().div_(255)
        # As many numbers as pixels: drawn where they are needed.
        chance = step_generator(self.config.seed + 1, step, believed.device)
        noise = torch.randn(drawings.shape, generator=chance, device=believed.device)
        with self.autocast():
            features, reading = critic(
                believed, drawings, self.config.critic_noise * noise, given.told
            )
        return features * given.settled, reading

    def _read_back(self, model: nn.Module) -> dict[str, float]:
        """Share of asked attributes that the reader finds in sampled images."""
        if self.reader is None or not self.config.evaluation_images:
            return {}
        feed = self.held_out
        chosen = range(min(self.config.evaluation_images, len(feed.tiles)))
        prompts = feed.prompts(chosen, random.Random("reading"))
        readings, _ = self.reader.read(self._sampled(model, prompts))
        right = [
            reading[family] == value
            for prompt, reading in zip(prompts, readings, strict=True)
            for family, value in build_phrasebook().parse(prompt).attributes.items()
        ]
        return {"read_back": sum(right) / len(right)}

    def _sampled(self, model: nn.Module, prompts: Sequence[str]) -> Tensor:
        """One image per prompt, as the studio draws: (B, 3, H, W) in [0, 1], from seeds 0 to B."""
        self.pipeline.register_modules(unet=model)
        book = build_phrasebook()
        told = [
            book.completed(book.parse(prompt), seed).plain_prompt
            for seed, prompt in enumerate(prompts)
        ]
        return torch.cat(
            [
                self._sampled_from(told[start : start + _AT_ONCE], start)
                for start in range(0, len(told), _AT_ONCE)
            ]
        )

    def _sampled_from(self, prompts: Sequence[str], first_seed: int) -> Tensor:
        config = self.config
        generators = [torch.Generator().manual_seed(first_seed + i) for i in range(len(prompts))]
        images: Tensor = self.pipeline(
            list(prompts),
            num_inference_steps=config.sample_steps,
            guidance_scale=config.guidance_scale,
            generator=generators,
            latents=initial_noise(generators, self.held_out.latents.shape),
            output_type="pt",
            return_dict=False,
            descent=Descent(config.calm_below, config.last_timestep),
        )[0]
        return images


def sampling_defaults(config: UnetConfig) -> GenerationDefaults:
    """How the studio should draw with what a run taught."""
    height, width, _ = TILE_SHAPE
    return GenerationDefaults(
        height_px=height,
        width_px=width,
        num_inference_steps=config.sample_steps,
        guidance_scale=config.guidance_scale,
        calm_below=config.calm_below,
        last_timestep=config.last_timestep,
        # One at least, however few the steps.
        preview_every=min(GenerationDefaults.preview_every, max(1, config.sample_steps - 1)),
    )


def run(config: UnetConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    device = accelerator.device
    frozen = {
        name: load_component(Path(config.checkpoint), name)
        for name in ("vae", "text_encoder", "tokenizer")
    }
    for name in ("vae", "text_encoder"):
        frozen[name].to(device).eval().requires_grad_(False)
    # Before the long work: the critic may be missing, and a family's name may be wrong.
    critic = _critic(config, frozen["vae"], device)
    rare = rare_values(train.attributes, config.rare_share, config.rare_families)
    folder = Path(config.latents)
    train_latents, held_out_latents = (
        load_latents(tiles, frozen["vae"], folder, device) for tiles in (train, held_out)
    )
    unet = build(config, **frozen)
    state = start_state(unet.to(device), config)
    scheduler = build_scheduler(config)
    pipeline = PerFusionPipeline(**frozen, unet=state.ema, scheduler=scheduler)
    pipeline.set_progress_bar_config(disable=True)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    schedule = NoiseSchedule.of(scheduler)
    makes = config, schedule, frozen["tokenizer"]
    feed = UnetFeed(*makes, train, train_latents, rare)
    task = UnetTask(
        config,
        pipeline,
        schedule,
        BatchesAhead(feed.batch, config.workers, accelerator.num_processes),
        UnetFeed(*makes, held_out, held_out_latents),
        accelerator.autocast,
        load_reader(config, device),
        critic,
    )
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def build(config: UnetConfig, vae: Any, text_encoder: Any, tokenizer: Any) -> UNet2DConditionModel:
    """The U-Net before the first step: the committed weights, or random ones that start quietly."""
    if config.init_from:
        unet = grown(load_component(Path(config.init_from), "unet"), config.layers_per_level)
    else:
        down = {True: "CrossAttnDownBlock2D", False: "DownBlock2D"}
        up = {True: "CrossAttnUpBlock2D", False: "UpBlock2D"}
        height, width, _ = TILE_SHAPE
        unet = UNet2DConditionModel(
            sample_size=(height // 8, width // 8),
            in_channels=vae.config.latent_channels,
            out_channels=vae.config.latent_channels,
            block_out_channels=config.widths,
            layers_per_block=config.layers_per_level,
            down_block_types=tuple(down[attends] for attends in config.attention),
            up_block_types=tuple(up[attends] for attends in reversed(config.attention)),
            transformer_layers_per_block=config.transformer_layers,
            cross_attention_dim=text_encoder.config.hidden_size,
            # diffusers' name for the number of heads
            attention_head_dim=tuple(max(1, each // config.head_width) for each in config.widths),
            use_linear_projection=True,
            norm_num_groups=_NORM_GROUPS,
            time_embedding_dim=config.time_width,
            resnet_time_scale_shift="scale_shift",
            addition_embed_type="text" if config.pooled_text else None,
            addition_embed_type_num_heads=_TEXT_POOL_HEADS,
        )
        start_quietly(unet)
        if config.pooled_text:
            centre_pooled_phrases(unet, _some_states(text_encoder, tokenizer))
    return unet.train().requires_grad_(True).to(memory_format=torch.channels_last)


@torch.no_grad()
def centre_pooled_phrases(unet: UNet2DConditionModel, states: Tensor) -> None:
    """Take what all prompts share out of the pooled phrases.

    The stock pooling ends in a norm. What is the same for all prompts would fill it, and what
    tells them apart would be a trace.

    Args:
        unet: built with `addition_embed_type="text"`.
        states: (P, T, D) text states of typical prompts.
    """
    phrases = unet.add_embedding
    pooled = phrases.pool(phrases.norm1(states))  # (P, D)
    phrases.proj.bias.copy_(-(phrases.proj.weight @ pooled.mean(dim=0)))


@torch.no_grad()
def _some_states(text_encoder: Any, tokenizer: Any) -> Tensor:
    rng = random.Random("start")
    prompts = plain_captions([sample_outfit(rng) for _ in range(_START_PROMPTS)], rng, 0.2)
    states: Tensor = text_encoder(full_length_ids(tokenizer, prompts)).last_hidden_state
    return states


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

    Stable Diffusion's, brought down to pure noise. Its levels are noisy ones on average, and
    neighbouring latents of a drawing share much, such as the colour of a garment: with less noise
    they can be read off the noise nearly to the end, and the phrases decide nothing.
    """
    return DPMSolverMultistepScheduler(
        num_train_timesteps=config.train_timesteps,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        algorithm_type="dpmsolver++",
        solver_order=2,
        final_sigmas_type="zero",
    )


def _critic(config: UnetConfig, autoencoder: Any, device: torch.device) -> Critic | None:
    if not config.critic:
        return None
    critic = load_critic(Path(config.critic), autoencoder, device)
    if config.compile:
        critic.compile()
    return critic


def load_reader(config: UnetConfig, device: torch.device) -> AttributeReader | None:
    """The attribute reader, where it has been trained already."""
    if not (Path(config.reader) / "config.json").exists():
        return None
    reader = AttributeReader.from_pretrained(config.reader).float()
    return reader.to(device).eval()  # type: ignore[no-any-return]  # untyped base
