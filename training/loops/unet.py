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
from studio.perfusion.pipeline import EMPTY_PROMPT, PerFusionPipeline, full_length_ids
from studio.perfusion.sampling import expected_latents, initial_noise
from training.atelier.attributes import GARMENT_FAMILIES, sample_outfit
from training.atelier.grammar import build_phrasebook
from training.config import ConfigError, UnetConfig
from training.contact_sheet import contact_sheet
from training.critic import Critic, load_critic
from training.data.captions import told_values
from training.data.latents import Latents, load_latents
from training.data.paths import Paths, load_paths
from training.data.rare import EvenValues, usual_and_rare
from training.data.settled import how_settled
from training.data.tiles import TILE_SHAPE, Tiles
from training.data.unet_batch import UnetBatch
from training.loops.text import plain_captions
from training.losses.denoising import coarse_error, level_weights, spread_timesteps
from training.reader import AttributeReader
from training.run_state import batch_indices, start_state, step_generator
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


@dataclass(frozen=True)
class UnetTask:
    """The pieces of `Task` for the U-Net.

    Attributes:
        config: the run's.
        pipeline: the frozen parts around the U-Net, and a place for the one to sample with.
        schedule: of the pipeline's scheduler.
        train: drawings, for their attributes.
        held_out: the same.
        train_latents: the drawings' latents.
        held_out_latents: the same.
        autocast: the precision of networks beside the trained one.
        reader: reads sampled images back in evaluation; None where there is none yet.
        critic: says what detail of the drawings is missed; None for none.
        rare: picks drawings of rare values; None where no share of the batch is theirs.
        paths: that a U-Net has taken; None for none.
    """

    config: UnetConfig
    pipeline: PerFusionPipeline
    schedule: NoiseSchedule
    train: Tiles
    held_out: Tiles
    train_latents: Latents
    held_out_latents: Latents
    autocast: Callable[[], AbstractContextManager[None]]
    reader: AttributeReader | None
    critic: Critic | None
    rare: EvenValues | None
    paths: Paths | None

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The weighted error of one step's noised latents."""
        config = self.config
        generator = step_generator(config.seed, step)
        of_paths = round(config.path_share * config.batch_size) if self.paths is not None else 0
        of_drawings = config.batch_size - of_paths
        given = self._from_drawings(of_drawings, step, generator)
        if self.paths is not None:
            rows = batch_indices(len(self.paths), of_paths, config.seed, step)
            paths = self.paths.batch(rows, self.schedule, generator, config.timestep_shift)
            given = given.joined(paths)
        drawn = self._drawn(model, given)
        parts = {"error": drawn.error, "coarse_error": drawn.coarse_error}
        counted = drawn.error + config.coarse_weight * drawn.coarse_error
        if self.critic is not None:
            features, reading = self._criticised(self.critic, drawn.believed, given, generator)
            parts |= {"feature_error": features, "reading_loss": reading}
            counted = counted + config.feature_weight * features + config.reading_weight * reading
        weights = level_weights(self.schedule, given.timesteps, config.snr_gamma).to(counted)
        logged = {name: part[:of_drawings].mean().detach() for name, part in parts.items()}
        if of_paths:
            logged["path_error"] = drawn.error[of_drawings:].mean().detach()
        return {"loss": (weights * counted).mean(), **logged}

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """The error on held-out drawings, always with the same noise, and what is read back."""
        count = min(self.config.evaluation_tiles, len(self.held_out))
        rng = random.Random(f"{self.config.seed}/evaluation")
        errors: list[Tensor] = []
        coarse_errors: list[Tensor] = []
        for start in range(0, count, _AT_ONCE):
            chosen = range(start, min(start + _AT_ONCE, count))
            prompts = self._prompts(self.held_out, chosen, rng)
            generator = step_generator(self.config.seed, start)
            # Evenly over the noise levels, whatever training prefers.
            given = self._noised(
                self.held_out, self.held_out_latents, chosen, prompts, generator, shift=1.0
            )
            drawn = self._drawn(model, given)
            errors.append(drawn.error.cpu())
            coarse_errors.append(drawn.coarse_error.cpu())
        return {
            "held_out_error": float(torch.cat(errors).mean()),
            "held_out_coarse_error": float(torch.cat(coarse_errors).mean()),
            **self._read_back(model),
        }

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """Held-out drawings above what the U-Net makes of their captions."""
        chosen = range(min(12, len(self.held_out)))
        prompts = self._prompts(self.held_out, chosen, random.Random("samples"))
        return contact_sheet([self.held_out.tensors(chosen), self._sampled(model, prompts)])

    def export(self, model: nn.Module) -> None:
        """Write the U-Net in half precision, and what a generator needs beside the weights."""
        folder = Path(self.config.checkpoint)
        save_component(folder, "unet", model)
        save_component(folder, "scheduler", self.pipeline.scheduler)
        height, width, _ = TILE_SHAPE
        save_defaults(
            folder,
            GenerationDefaults(
                height_px=height,
                width_px=width,
                num_inference_steps=self.config.sample_steps,
                guidance_scale=self.config.guidance_scale,
                calm_below=self.config.calm_below,
            ),
        )
        build_phrasebook().save(folder / PHRASEBOOK_FILE)

    def _from_drawings(self, count: int, step: int, generator: torch.Generator) -> UnetBatch:
        """The drawings of a step with noise on them."""
        config = self.config
        chosen = usual_and_rare(
            len(self.train_latents), count, config.rare_share, self.rare, config.seed, step
        )
        rng = random.Random(f"{config.seed}/{step}")
        prompts = [
            EMPTY_PROMPT if rng.random() < config.prompt_dropout else prompt
            for prompt in self._prompts(self.train, chosen, rng)
        ]
        return self._noised(
            self.train, self.train_latents, chosen, prompts, generator, config.timestep_shift
        )

    def _noised(
        self,
        tiles: Tiles,
        encoded: Latents,
        chosen: Sequence[int],
        prompts: Sequence[str],
        generator: torch.Generator,
        shift: float,
    ) -> UnetBatch:
        latents = encoded.tensors(chosen)
        timesteps = spread_timesteps(len(latents), len(self.schedule), generator, shift)
        noise = torch.randn(latents.shape, generator=generator)
        told = told_values(prompts)
        shown = torch.from_numpy(tiles.attributes[chosen])
        signal, _ = self.schedule.shares(timesteps)
        return UnetBatch(
            latents=latents,
            noisy_latents=self.schedule.add_noise(latents, noise, timesteps),
            timesteps=timesteps,
            prompts=prompts,
            drawings=tiles.tensors(chosen),
            told=told,
            settled=how_settled(shown, told, signal.flatten()),
        )

    def _drawn(self, model: nn.Module, given: UnetBatch) -> Drawn:
        """Let the U-Net take the noise off."""
        device = self.pipeline.device
        noisy_latents, latents = given.noisy_latents.to(device), given.latents.to(device)
        timesteps = given.timesteps.to(device)
        prediction = model(
            noisy_latents.contiguous(memory_format=torch.channels_last),
            timesteps,
            encoder_hidden_states=self.pipeline.encode_prompts(given.prompts),
        ).sample
        noise = self.schedule.noise_in(noisy_latents, latents, timesteps)
        target = self.schedule.target(latents, noise, timesteps)
        kept = self.schedule.alphas_cumprod.to(device)[timesteps].view(-1, 1, 1, 1)
        return Drawn(
            expected_latents(
                noisy_latents, prediction.float(), kept, self.schedule.prediction_type
            ),
            error_per_image(prediction, target),
            coarse_error(prediction, target),
        )

    def _criticised(
        self, critic: Critic, believed: Tensor, given: UnetBatch, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """(B,) feature errors and (B,) reading losses of what the U-Net believes."""
        device = believed.device
        noise = self.config.critic_noise * torch.randn(given.drawings.shape, generator=generator)
        with self.autocast():
            features, reading = critic(
                believed, given.drawings.to(device), noise.to(device), given.told.to(device)
            )
        return features * given.settled.to(device), reading

    def _read_back(self, model: nn.Module) -> dict[str, float]:
        """Share of asked attributes that the reader finds in sampled images."""
        if self.reader is None or not self.config.evaluation_images:
            return {}
        chosen = range(min(self.config.evaluation_images, len(self.held_out)))
        prompts = self._prompts(self.held_out, chosen, random.Random("reading"))
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
            latents=initial_noise(generators, self.train_latents.shape),
            output_type="pt",
            return_dict=False,
            calm_below=config.calm_below,
        )[0]
        return images

    def _prompts(self, tiles: Tiles, chosen: Sequence[int], rng: random.Random) -> list[str]:
        """Captions as the studio encodes what people type: plain, in the canonical order."""
        config = self.config
        outfits = [tiles.outfit(index) for index in chosen]
        return plain_captions(outfits, rng, config.short_caption_share, config.whole_caption_share)


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
    paths = _paths(config)
    families = config.rare_families or GARMENT_FAMILIES
    rare = EvenValues(train.attributes, families) if config.rare_share else None
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
    task = UnetTask(
        config,
        pipeline,
        NoiseSchedule.of(scheduler),
        train,
        held_out,
        train_latents,
        held_out_latents,
        accelerator.autocast,
        load_reader(config, device),
        critic,
        rare,
        paths,
    )
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def build(config: UnetConfig, vae: Any, text_encoder: Any, tokenizer: Any) -> UNet2DConditionModel:
    """The U-Net before the first step: the committed weights, or random ones that start quietly."""
    if config.init_from:
        unet = load_component(Path(config.init_from), "unet")
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


def _paths(config: UnetConfig) -> Paths | None:
    if not config.path_share:
        return None
    if round(config.path_share * config.batch_size) >= config.batch_size:
        raise ConfigError("`path_share` must leave something of each batch to drawings.")
    return load_paths(Path(config.paths))


def load_reader(config: UnetConfig, device: torch.device) -> AttributeReader | None:
    """The attribute reader, where it has been trained already."""
    if not (Path(config.reader) / "config.json").exists():
        return None
    reader = AttributeReader.from_pretrained(config.reader).float()
    return reader.to(device).eval()  # type: ignore[no-any-return]  # untyped base
