"""Teaches the decoder to draw what a U-Net makes, as the phrases tell it.

A small U-Net leaves traces in its latents: a weave in plain cloth, hems that fade, dots that run
into each other. The decoder that learnt from true latents draws them all, and latents don't tell
whether cloth is printed or badly drawn. Phrases do, so the decoder is told them. On paths (see
`training.data.paths`) it is known what each should have become, so it can learn to draw that, and
an adversary sees to it that where it can't be known, something drawn is there and not a blur. The
encoder stays, so all latents stay true.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from studio.perfusion.autoencoder import PatchAutoencoder
from studio.perfusion.checkpoint import load_component, save_component
from studio.perfusion.pipeline import full_length_ids
from training.adversary import Adversary
from training.config import DecoderConfig
from training.contact_sheet import contact_sheet
from training.data.captions import told_values
from training.data.paths import Paths, load_paths
from training.data.tiles import Tiles
from training.loops.autoencoder import PART, psnr_db, signed
from training.losses.attributes import UNTOLD, attribute_loss, chosen_values
from training.losses.denoising import feature_error
from training.losses.reconstruction import reconstruction_loss
from training.reader import AttributeReader, load_reader
from training.run_state import batch_indices, start_state, step_generator
from training.runner import Task, run_training

_SHOWN = 12
_AT_ONCE = 32
_SMALLEST = 1e-12


class DecoderInTraining(nn.Module):
    """The autoencoder, of which only the decoder learns, and its adversary."""

    def __init__(self, autoencoder: PatchAutoencoder, family_sizes: Sequence[int]) -> None:
        super().__init__()
        self.autoencoder = autoencoder
        self.adversary = Adversary(family_sizes)
        for part in (autoencoder.encoder, autoencoder.encoder_out, autoencoder.linear_encoder):
            part.requires_grad_(False)

    def forward(self, latents: Tensor, prompt_embeds: Tensor | None = None) -> Tensor:
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
class DecoderTask:
    """The pieces of `Task` for the decoder.

    Attributes:
        config: the run's.
        paths: the last of them are held out.
        critic: sees detail, and reads.
        text_states: prompts -> (B, T, D).
        autocast: the precision of the networks beside the decoder.
        device: of the networks.
    """

    config: DecoderConfig
    paths: Paths
    critic: AttributeReader
    text_states: Callable[[Sequence[str]], Tensor]
    autocast: Callable[[], AbstractContextManager[None]]
    device: torch.device

    @property
    def _learnt(self) -> int:
        return len(self.paths) - min(self.config.held_out_paths, len(self.paths) // 4)

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The losses of one step: of what a U-Net made, and of true latents.

        Of `loss` only the gradient means something, see `pulling`.
        """
        config = self.config
        adversary: Adversary = model.adversary  # type: ignore[assignment]  # of DecoderInTraining
        count = config.batch_size + config.true_latents
        rows = batch_indices(self._learnt, count, config.seed, step)
        made, true = rows[: config.batch_size], rows[config.batch_size :]
        prompts = self._some_phrases(made, step)
        told = told_values(prompts).to(self.device)
        drawings, originals = self._drawings(made), self._drawings(true)
        pictures = model(self._ends(made), self.text_states(prompts))
        again = model(self._latents(true))
        weights = config.gradient_weight, config.square_weight
        drawn = reconstruction_loss(pictures, drawings, *weights).mean()
        of_true = reconstruction_loss(again, originals, *weights).mean()
        with self.autocast():
            features, reading = self._criticised(pictures, drawings, told)
            chance = step_generator(config.seed, step)
            own, decoders = adversary.losses(pictures, drawings, told, chance)
        error = (
            config.made_weight * drawn
            + config.feature_weight * features
            + config.reading_weight * reading
        )
        share = config.adversary_weight * adversary.insight
        last: nn.Conv2d = model.autoencoder.decoder_out  # type: ignore[union-attr, assignment]
        pull = pulling(pictures, error, decoders, share, last.weight)
        logged = {
            "made_error": drawn,
            "true_error": of_true,
            "feature_error": features,
            "reading_loss": reading,
            "adversary_loss": own,
            "adversary_noise": adversary.spread.clone(),
            "adversary_insight": adversary.insight,
        }
        loss = of_true + pull + own
        return {"loss": loss, **{name: part.detach() for name, part in logged.items()}}

    @torch.no_grad()
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """PSNR of held-out drawings from true latents and from ends, and what the critic reads.

        That is the share of what the phrases say.
        """
        values: dict[str, list[Tensor]] = {"psnr_db": [], "made_psnr_db": [], "critic_reads": []}
        for start in range(self._learnt, len(self.paths), _AT_ONCE):
            rows = range(start, min(start + _AT_ONCE, len(self.paths)))
            drawings = self._drawings(rows)
            again = model(self._latents(rows)).clamp(-1, 1)
            made = model(self._ends(rows), self.text_states(self._prompts(rows))).clamp(-1, 1)
            values["psnr_db"].append(psnr_db(again, drawings))
            values["made_psnr_db"].append(psnr_db(made, drawings))
            told = told_values(self._prompts(rows)).to(self.device)
            read = chosen_values(self.critic(made / 2 + 0.5), self.critic.family_sizes)
            values["critic_reads"].append((read == told)[told != UNTOLD].float())
        return {name: float(torch.cat(parts).mean()) for name, parts in values.items()}

    @torch.no_grad()
    def samples(self, model: nn.Module) -> Image.Image:
        """Held-out drawings above what is decoded of the U-Net's, and of true latents."""
        rows = range(self._learnt, min(self._learnt + _SHOWN, len(self.paths)))
        made = model(self._ends(rows), self.text_states(self._prompts(rows)))
        shown = [self._drawings(rows), made, model(self._latents(rows))]
        return contact_sheet([(images.clamp(-1, 1) + 1) / 2 for images in shown])

    def export(self, model: nn.Module) -> None:
        """Write the autoencoder in half precision."""
        if not isinstance(model, DecoderInTraining):
            raise TypeError(f"Expected a DecoderInTraining, not {type(model).__name__}.")
        save_component(Path(self.config.checkpoint), PART, model.autoencoder)

    def _ends(self, rows: Sequence[int]) -> Tensor:
        return self.paths.believed[list(rows), -1].to(self.device).float()

    def _latents(self, rows: Sequence[int]) -> Tensor:
        return self.paths.latents[list(rows)].to(self.device).float()

    def _drawings(self, rows: Sequence[int]) -> Tensor:
        return signed(self.paths.drawings[list(rows)].permute(0, 3, 1, 2).to(self.device))

    def _prompts(self, rows: Sequence[int]) -> list[str]:
        return [self.paths.prompts[row] for row in rows]

    def _some_phrases(self, rows: Sequence[int], step: int) -> list[str]:
        """Prompts; a share of them tells a part only, or nothing."""
        chance = random.Random(f"{self.config.seed}/{step}")
        some = []
        for prompt in self._prompts(rows):
            part = chance.random() < self.config.part_share
            kept = chance.random() if part else 1.0
            phrases = [each for each in prompt.split(", ") if chance.random() < kept]
            some.append(", ".join(phrases))
        return some

    def _criticised(
        self, pictures: Tensor, drawings: Tensor, told: Tensor
    ) -> tuple[Tensor, Tensor]:
        seen, true = (
            self.critic.feature_maps((each / 2 + 0.5).contiguous(memory_format=torch.channels_last))
            for each in (pictures, drawings)
        )
        logits = self.critic.logits(seen[-1])
        reading = attribute_loss(logits, told, self.critic.family_sizes)
        return feature_error(seen, true).mean(), reading.mean()


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


def run(config: DecoderConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    del train, held_out  # the paths have their drawings
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    device = accelerator.device
    critic = load_reader(Path(config.critic), device, "critic").eval().requires_grad_(False)
    critic.to(memory_format=torch.channels_last)
    paths = load_paths(Path(config.paths))
    source = Path(config.init_from or config.checkpoint)
    tokenizer = load_component(source, "tokenizer")
    text_encoder = load_component(source, "text_encoder").to(device).eval().requires_grad_(False)
    width = text_encoder.config.hidden_size
    autoencoder = with_phrases(
        load_component(source, PART).float(), width, config.phrase_hidden_width
    )
    autoencoder.to(memory_format=torch.channels_last)
    model = DecoderInTraining(autoencoder, critic.family_sizes).train()
    state = start_state(model.to(device), config, {"adversary": config.adversary_rate})
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)

    def text_states(prompts: Sequence[str]) -> Tensor:
        ids = full_length_ids(tokenizer, prompts).to(device)
        states: Tensor = text_encoder(ids).last_hidden_state
        return states

    task = DecoderTask(config, paths, critic, text_states, accelerator.autocast, device)
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
