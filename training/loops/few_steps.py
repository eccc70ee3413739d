"""Teaches U-Net and decoder together to draw in few steps from pure noise.

Phrases that tell all have exactly one drawing in atelier's world, so guidance and many steps have
nothing to choose: what a U-Net guesses in one step comes as close to the drawing as what it ends
at in seven guided ones. What a further step is good for is a second look: in pure noise half of
the network sees nothing. So each step learns here where it is taken, at what the step before made
of noise, and the last is decoded and compared with the drawing as a picture, by a critic that
reads too; an adversary sees to it that where the networks aren't sure, something drawn is there
and not a blur. The encoder stays, so all latents stay true. Source of the idea: adversarial
diffusion distillation (Sauer et al., arXiv 2311.17042), here with drawings in place of a larger
model's pictures.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from studio.perfusion.autoencoder import PatchAutoencoder
from studio.perfusion.checkpoint import load_component, save_component, save_defaults
from studio.perfusion.noise import NoiseSchedule, error_per_image
from studio.perfusion.sampling import Descent, calming
from training.adversary import Adversary
from training.config import FewStepsConfig
from training.contact_sheet import contact_sheet
from training.data.ahead import BatchesAhead
from training.data.latents import load_latents
from training.data.rare import rare_values
from training.data.tiles import Tiles
from training.data.unet_batch import UnetBatch
from training.data.unet_feed import UnetFeed
from training.loops.autoencoder import PART, psnr_db, signed
from training.loops.unet import build, drawn, sampling_defaults
from training.losses.attributes import UNTOLD, attribute_loss, chosen_values
from training.losses.denoising import feature_error, level_weights
from training.losses.reconstruction import edges_missed, reconstruction_loss
from training.reader import AttributeReader, load_reader
from training.run_state import start_state, step_generator
from training.runner import Task, run_training

_SHOWN = 12
_AT_ONCE = 32
_SMALLEST = 1e-12


class Drawer(nn.Module):
    """A U-Net and the autoencoder of its latents, of which the decoder learns, and the adversary.

    Args:
        unet: predicts v.
        autoencoder: told phrases.
        family_sizes: number of values of each family that the adversary can be told.
    """

    def __init__(
        self, unet: nn.Module, autoencoder: PatchAutoencoder, family_sizes: Sequence[int]
    ) -> None:
        super().__init__()
        self.unet = unet
        self.autoencoder = autoencoder
        self.adversary = Adversary(family_sizes)
        for part in (autoencoder.encoder, autoencoder.encoder_out, autoencoder.linear_encoder):
            part.requires_grad_(False)

    def predict(self, given: UnetBatch, prompt_embeds: Tensor) -> Tensor:
        """(B, C, h, w) what the U-Net says of noised latents."""
        said: Tensor = self.unet(
            given.noisy_latents.contiguous(memory_format=torch.channels_last),
            given.timesteps,
            encoder_hidden_states=prompt_embeds,
        ).sample
        return said.float()

    def decode(self, latents: Tensor, prompt_embeds: Tensor | None = None) -> Tensor:
        """Decode.

        Args:
            latents: (B, C, h, w) in the U-Net's scale.
            prompt_embeds: (B, T, D) of the phrases; None for latents of images.

        Returns:
            (B, 3, 8h, 8w) in about [-1, 1].
        """
        unscaled = latents / self.autoencoder.config.scaling_factor
        images: Tensor = self.autoencoder.decode(
            unscaled.contiguous(memory_format=torch.channels_last), prompt_embeds
        ).sample
        return images.float()


@dataclass(frozen=True)
class FewStepsTask:
    """The pieces of `Task` for few steps.

    Attributes:
        config: the run's.
        schedule: of the checkpoint's scheduler.
        timesteps: of the steps, the first in pure noise.
        train: drawings in pure noise.
        earlier: drawings at any timestep.
        held_out: drawings in pure noise.
        critic: sees detail, and reads.
        text_encoder: of the checkpoint.
        autocast: the precision of the networks.
        device: of the networks.
    """

    config: FewStepsConfig
    schedule: NoiseSchedule
    timesteps: Sequence[int]
    train: Callable[[int], UnetBatch]
    earlier: Callable[[int], UnetBatch]
    held_out: UnetFeed
    critic: AttributeReader
    text_encoder: Any
    autocast: Callable[[], AbstractContextManager[None]]
    device: torch.device

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The losses of one step.

        Of `loss` only the gradient means something, see `pulling`.
        """
        model, config = _drawer(model), self.config
        fresh = self.train(step).to(self.device)
        given = fresh.joined(self.earlier(step).to(self.device))
        with self.autocast():
            states = self._states(given)
            walked = self.walked(model, given, states, len(fresh))
            ends = walked[-1][0][: len(fresh)]
            errors = torch.stack([misses.mean() for _, misses in walked])
            pictures = model.decode(ends, states[: len(fresh)])
            again = model.decode(fresh.latents[: config.true_latents])
        drawings = signed(fresh.drawings)
        originals = drawings[: config.true_latents]
        weights = config.gradient_weight, config.square_weight
        of_made = reconstruction_loss(pictures, drawings, *weights).mean()
        of_true = reconstruction_loss(again, originals, *weights).mean()
        with self.autocast():
            features, reading = self._criticised(pictures, drawings, fresh)
            chance = step_generator(config.seed, step)
            judged = torch.randperm(len(fresh), generator=chance)[: config.judged]
            own, decoders = model.adversary.losses(
                pictures[judged], drawings[judged], fresh.told[judged], chance
            )
        error = of_made + config.feature_weight * features + config.reading_weight * reading
        share = config.adversary_weight * model.adversary.insight
        last = model.autoencoder.decoder_out.weight
        pull = pulling(pictures, error, decoders, share, last)
        logged = {
            "first_error": errors[0],
            "last_error": errors[-1],
            "made_error": of_made,
            "true_error": of_true,
            "feature_error": features,
            "reading_loss": reading,
            "adversary_loss": own,
            "adversary_noise": model.adversary.spread.clone(),
            "adversary_insight": model.adversary.insight,
        }
        loss = config.latent_weight * errors.sum() + of_true + pull + own
        return {"loss": loss, **{name: part.detach() for name, part in logged.items()}}

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """How far held-out drawings are from what is drawn of all that tells them.

        The error of latents, PSNR and the share of edges missed of the picture, what the critic
        reads of the phrases in it, and PSNR of true latents.
        """
        model = _drawer(model)
        names = "held_out_error", "made_psnr_db", "edges_missed", "critic_reads", "psnr_db"
        parts: dict[str, list[Tensor]] = {name: [] for name in names}
        count = min(self.config.evaluation_tiles, len(self.held_out.tiles))
        for start in range(0, count, _AT_ONCE):
            given, believed, made = self._held_out(model, start, min(count, start + _AT_ONCE))
            drawings = signed(given.drawings)
            again = model.decode(given.latents).clamp(-1, 1)
            read = chosen_values(self.critic(made / 2 + 0.5), self.critic.family_sizes)
            parts["held_out_error"].append(error_per_image(believed, given.latents))
            parts["made_psnr_db"].append(psnr_db(made, drawings))
            parts["edges_missed"].append(edges_missed(made, drawings))
            parts["critic_reads"].append((read == given.told)[given.told != UNTOLD].float())
            parts["psnr_db"].append(psnr_db(again, drawings))
        return {name: float(torch.cat(part).mean()) for name, part in parts.items()}

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """Held-out drawings above what is drawn of their phrases."""
        given, _, made = self._held_out(_drawer(model), 0, min(_SHOWN, len(self.held_out.tiles)))
        return contact_sheet([(each + 1) / 2 for each in (signed(given.drawings), made)])

    def export(self, model: nn.Module) -> None:
        """Write U-Net and autoencoder in half precision, and how they are to be used."""
        model, folder = _drawer(model), Path(self.config.checkpoint)
        save_component(folder, "unet", model.unet)
        save_component(folder, PART, model.autoencoder)
        save_defaults(folder, sampling_defaults(self.config))

    def walked(
        self, model: Drawer, given: UnetBatch, prompt_embeds: Tensor, count: int | None = None
    ) -> list[tuple[Tensor, Tensor]]:
        """Take all steps, each at what the one before made of noise.

        Args:
            model: draws.
            given: B in pure noise, and others after them.
            prompt_embeds: (B, T, D) of them.
            count: B where there are others, which take the first step only.

        Returns:
            For each step the (B, C, h, w) latents that are believed in, which have gradients of
            that step alone, and how far each is from the drawing's.
        """
        believed, misses = self._drawn(model, given, prompt_embeds)
        steps = [(believed, misses)]
        given, prompt_embeds = given.first(count), prompt_embeds[:count]
        for timestep in self.timesteps[1:]:
            given = self._further(given, believed[:count].detach(), timestep)
            believed, misses = self._drawn(model, given, prompt_embeds)
            steps.append((believed, misses))
        return steps

    def _states(self, given: UnetBatch) -> Tensor:
        with torch.no_grad():
            states: Tensor = self.text_encoder(given.prompt_ids).last_hidden_state
        return states

    def _drawn(
        self, model: Drawer, given: UnetBatch, prompt_embeds: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Take the noise off: latents that are believed in, and (B,) how far they are off."""
        made = drawn(model.predict(given, prompt_embeds), given, self.schedule)
        miss = made.error + self.config.coarse_weight * made.coarse_error
        weights = level_weights(self.schedule, given.timesteps, self.config.snr_gamma)
        return made.believed, miss * weights

    def _further(self, given: UnetBatch, believed: Tensor, timestep: int) -> UnetBatch:
        """The batch one step further down, as a solver of first order gets there."""
        left = self.schedule.noise_in(given.noisy_latents, believed, given.timesteps)
        share = calming(int(given.timesteps[0]), timestep, self.config.calm_below)
        timesteps = torch.full_like(given.timesteps, timestep)
        noisy = self.schedule.add_noise(believed, share * left, timesteps)
        return replace(given, noisy_latents=noisy, timesteps=timesteps)

    def _criticised(
        self, pictures: Tensor, drawings: Tensor, given: UnetBatch
    ) -> tuple[Tensor, Tensor]:
        """The error of feature maps, as far as phrases settle the drawing, and of reading."""
        seen, true = (
            self.critic.feature_maps((each / 2 + 0.5).contiguous(memory_format=torch.channels_last))
            for each in (pictures, drawings)
        )
        logits = self.critic.logits(seen[-1])
        reading = attribute_loss(logits, given.told, self.critic.family_sizes)
        return (feature_error(seen, true) * given.settled).mean(), reading.mean()

    def _held_out(self, model: Drawer, first: int, end: int) -> tuple[UnetBatch, Tensor, Tensor]:
        """Held-out drawings, believed latents and pictures in [-1, 1] of all that tells them."""
        rows, feed = range(first, end), self.held_out
        prompts = feed.prompts(rows, random.Random(first))
        noise = step_generator(self.config.seed, first)
        given = feed.noised(rows, prompts, noise, shift=1.0).to(self.device)
        states = self._states(given)
        believed, _ = self.walked(model, given, states)[-1]
        made = model.decode(believed, states).clamp(-1, 1)
        return given, believed, made


def _drawer(model: nn.Module) -> Drawer:
    if not isinstance(model, Drawer):
        raise TypeError(f"Expected a Drawer, not {type(model).__name__}.")
    return model


def pulling(
    images: Tensor, error: Tensor, verdict: Tensor, share: Tensor, weights: Tensor
) -> Tensor:
    """A loss that pulls a decoder where an error and an adversary do, in a fixed proportion.

    An adversary's gradients grow and fade while it learns. Here they have, at every step, `share`
    times the length of the error's. It is measured at weights and not at the images: there the
    gradients of an error have a sign of their own at every pixel and cancel, an adversary's agree
    and add up, and one of a third of the length had the decoder all to itself. The loss itself is
    a product of images and gradients, and its value means nothing.
    Source: the adaptive weight of Esser et al. (arXiv 2012.09841, Eq. 7).

    Args:
        images: (B, 3, H, W) by the decoder.
        error: () of them, to be minimised.
        verdict: () of the adversary, to be minimised.
        share: () the length of its pull beside the error's.
        weights: of the decoder's last layer.
    """
    (of_error,) = torch.autograd.grad(error, images)
    (of_verdict,) = torch.autograd.grad(verdict, images)
    lengths = [
        torch.autograd.grad((images * each).sum(), weights, retain_graph=True)[0].norm()
        for each in (of_error, of_verdict)
    ]
    ratio = lengths[0] / lengths[1].clamp(min=_SMALLEST)
    pull: Tensor = of_error + share * ratio * of_verdict
    return (images * pull).sum()


def run(config: FewStepsConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    device = accelerator.device
    critic = load_reader(Path(config.critic), device, "critic").eval().requires_grad_(False)
    critic.to(memory_format=torch.channels_last)
    source = Path(config.init_from or config.checkpoint)
    parts = {name: load_component(source, name) for name in (PART, "text_encoder", "tokenizer")}
    text_encoder = parts["text_encoder"].to(device).eval().requires_grad_(False)
    width = text_encoder.config.hidden_size
    autoencoder = with_phrases(parts[PART].float(), width, config.phrase_hidden_width).to(device)
    folder = Path(config.latents)
    train_latents, held_out_latents = (
        load_latents(tiles, autoencoder, folder, device) for tiles in (train, held_out)
    )
    autoencoder.to(memory_format=torch.channels_last)
    learnt = replace(config, init_from=str(source))  # never from random weights
    unet = build(learnt, autoencoder, text_encoder, parts["tokenizer"])
    model = Drawer(unet, autoencoder, critic.family_sizes).train()
    state = start_state(model.to(device), config, {"adversary": config.adversary_rate})
    state.optimiser = accelerator.prepare(state.optimiser)
    schedule = NoiseSchedule.of(load_component(source, "scheduler"))
    rare = rare_values(train.attributes, config.rare_share, config.rare_families)
    noisiest = replace(config, last_timestep=len(schedule) - 1)
    others = replace(config, batch_size=config.earlier, seed=config.seed + 1)
    train_feed, earlier_feed = (
        UnetFeed(settings, schedule, parts["tokenizer"], train, train_latents, rare)
        for settings in (noisiest, others)
    )
    ahead = partial(BatchesAhead[UnetBatch], workers=config.workers)
    steps = Descent(last_timestep=config.last_timestep)
    told_all = replace(noisiest, short_caption_share=0.0, whole_caption_share=1.0)
    task = FewStepsTask(
        config,
        schedule,
        steps.timesteps(len(schedule), config.sample_steps),
        ahead(train_feed.batch),
        ahead(earlier_feed.batch),
        UnetFeed(told_all, schedule, parts["tokenizer"], held_out, held_out_latents),
        critic,
        text_encoder,
        accelerator.autocast,
        device,
    )
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def with_phrases(autoencoder: PatchAutoencoder, width: int, hidden_width: int) -> PatchAutoencoder:
    """The same autoencoder, whose decoder can be told phrases; they change nothing yet.

    Args:
        autoencoder: returned as it is where it can be told already.
        width: length of a text state.
        hidden_width: see `PhraseModulation`.
    """
    if autoencoder.phrases is not None:
        return autoencoder
    shape = {"phrase_width": width, "phrase_hidden_width": hidden_width}
    able: PatchAutoencoder = PatchAutoencoder.from_config(autoencoder.config, **shape)
    able.load_state_dict(autoencoder.state_dict(), strict=False)
    return able
