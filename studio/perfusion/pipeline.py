"""The parts of a checkpoint put together: text tower, U-Net, solver and autoencoder."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import torch
from diffusers import DiffusionPipeline, ImagePipelineOutput
from torch import Tensor

from studio.domain import PromptTooLongError
from studio.perfusion.autoencoder import PATCH_PX, PatchAutoencoder
from studio.perfusion.pictures import to_pictures
from studio.perfusion.sampling import (
    SCHEDULERS_OWN,
    AfterStep,
    Descent,
    ResidualSource,
    Start,
    denoise,
    guided_predictor,
    in_passes,
    initial_noise,
    joined,
)

EMPTY_PROMPT = ""
"""The unconditional branch of guidance is what the U-Net makes of no phrases at all."""


class PerFusionPipeline(DiffusionPipeline):
    """Text to images with the structure of Stable Diffusion 1.5, at any size of it.

    A diffusers pipeline of our own: `save_pretrained`, `from_pretrained`, `to`, offloading and
    other schedulers work as with diffusers' pipelines. The studio itself loads and saves through
    `studio.perfusion.checkpoint`, and generates through `studio.perfusion.generator`.

    Args:
        vae: PatchAutoencoder (atelier) or AutoencoderKL (sd15).
        text_encoder: CLIPTextModel; the U-Net reads its last hidden states.
        tokenizer: CLIPTokenizer.
        unet: UNet2DConditionModel.
        scheduler: the solver, with the prediction type that the U-Net was trained for.
        adaptive_network: PersonalisedAdaptiveNetwork, for checkpoints that were trained on a
            store's rounds.
    """

    model_cpu_offload_seq = "text_encoder->unet->vae"
    _optional_components: ClassVar[list[str]] = ["adaptive_network"]
    _exclude_from_cpu_offload: ClassVar[list[str]] = ["adaptive_network"]  # wanted at every step

    def __init__(
        self,
        vae: Any,
        text_encoder: Any,
        tokenizer: Any,
        unet: Any,
        scheduler: Any,
        adaptive_network: Any | None = None,
    ) -> None:
        super().__init__()
        self.register_modules(
            vae=vae,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
            unet=unet,
            scheduler=scheduler,
            adaptive_network=adaptive_network,
        )

    @property
    def downsampling(self) -> int:
        """Pixels of the image to one of the latents, in each direction."""
        if isinstance(self.vae, PatchAutoencoder):
            return PATCH_PX
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))

    def latent_shape(self, height_px: int, width_px: int) -> tuple[int, int, int]:
        """(C, H, W) of one image's latents.

        Raises:
            ValueError: the image's sides are no multiples of the autoencoder's factor.
        """
        factor = self.downsampling
        if height_px % factor or width_px % factor:
            raise ValueError(f"Height and width must be multiples of {factor} px.")
        return self.unet.config.in_channels, height_px // factor, width_px // factor

    @torch.no_grad()
    def encode_prompts(self, prompts: Sequence[str], *, cut_long: bool = False) -> Tensor:
        """Text states for the U-Net. Equal prompts are encoded once.

        Args:
            prompts: any texts.
            cut_long: leave out what the text tower can't read, in place of refusing it.

        Returns:
            (B, T, D) prompt_embeds, a row per prompt.

        Raises:
            PromptTooLongError: the text tower can't read all of a prompt.
        """
        place = {prompt: row for row, prompt in enumerate(dict.fromkeys(prompts))}
        states = self.text_encoder(self.tokenize([*place], cut_long=cut_long)).last_hidden_state
        rows = torch.tensor([place[prompt] for prompt in prompts], device=states.device)
        embeds: Tensor = states[rows].to(self.unet.dtype)
        return embeds

    def tokenize(self, prompts: Sequence[str], *, cut_long: bool = False) -> Tensor:
        """Prompts as the text tower reads them: (B, T) int64, all of the full length.

        Args:
            prompts: any texts.
            cut_long: as for `encode_prompts`.

        Raises:
            PromptTooLongError: the text tower can't read all of a prompt.
        """
        for prompt in () if cut_long else prompts:
            self._check_length(prompt)
        return full_length_ids(self.tokenizer, prompts, cut_long).to(self._execution_device)

    def _check_length(self, prompt: str) -> None:
        limit = self.tokenizer.model_max_length
        if len(self.tokenizer(prompt).input_ids) <= limit:
            return
        phrases = prompt.split(", ")
        fitting = len(phrases) - 1
        while fitting and len(self.tokenizer(", ".join(phrases[:fitting])).input_ids) > limit:
            fitting -= 1
        raise PromptTooLongError(
            f"This is more than the model can read at once. Leave out “{phrases[fitting]}”"
            + (" and what follows it." if fitting < len(phrases) - 1 else ".")
        )

    @torch.no_grad()
    def sample(  # noqa: PLR0913  the whole of one denoising run; there is nothing to group
        self,
        prompt_embeds: Tensor,
        unconditional_embeds: Tensor | None,
        noise: Tensor,
        generators: Sequence[torch.Generator],
        num_inference_steps: int,
        guidance_scale: float,
        after_step: AfterStep | None = None,
        residuals: Callable[[], ResidualSource] | None = None,
        start: Start | None = None,
        candidates_per_pass: int | None = None,
        descent: Descent = SCHEDULERS_OWN,
    ) -> Tensor:
        """Denoise one latent per row of `prompt_embeds`.

        Args:
            prompt_embeds: (N, T, D).
            unconditional_embeds: (N, T, D) of the empty prompt; None switches guidance off.
            noise: (N, C, H, W) of unit variance, see `sampling.initial_noise`.
            generators: one per row, for solvers that add noise on the way.
            num_inference_steps: steps of the scheduler.
            guidance_scale: see `sampling.guide`.
            after_step: see `sampling.AfterStep`.
            residuals: makes the adaptive network's part in the steps, one for each pass.
            start: images to vary, see `encode_images`; None starts from the noise alone.
            candidates_per_pass: rows that the U-Net sees at once, see `sampling.in_passes`; None
                for all of them.
            descent: of the checkpoint.

        Returns:
            (N, C, H, W) latents in the scale of the U-Net.
        """
        size = candidates_per_pass or len(prompt_embeds)
        conditional = in_passes(prompt_embeds, size)
        unconditional = (
            [None] * len(conditional)
            if unconditional_embeds is None
            else in_passes(unconditional_embeds, size)
        )
        predictors = [
            guided_predictor(
                self.unet,
                some,
                empty,
                guidance_scale,
                None if residuals is None else residuals(),
                descent.last_timestep,
            )
            for some, empty in zip(conditional, unconditional, strict=True)
        ]
        predict = joined(predictors, size)
        noise = noise.to(self._execution_device, self.unet.dtype)
        return denoise(
            self.scheduler,
            noise,
            predict,
            num_inference_steps,
            generators,
            after_step,
            start,
            descent,
        )

    @torch.no_grad()
    def encode_images(self, images: Tensor) -> Tensor:
        """Latents of images, without the autoencoder's own randomness.

        Args:
            images: (B, 3, H, W) in [0, 1].

        Returns:
            (B, C, H, W) in the scale of the U-Net.
        """
        images = images.to(self._execution_device, self.vae.dtype)
        latents: Tensor = self.vae.encode(images * 2 - 1).latent_dist.mode()
        scaled: Tensor = latents * self.vae.config.scaling_factor
        return scaled.to(self.unet.dtype)

    @torch.no_grad()
    def decode(
        self,
        latents: Tensor,
        candidates_per_pass: int | None = None,
        prompt_embeds: Tensor | None = None,
    ) -> Tensor:
        """Images of latents.

        Args:
            latents: (B, C, H, W) in the scale of the U-Net.
            candidates_per_pass: as in `sample`.
            prompt_embeds: (B, T, D) what the U-Net was told, for decoders that can make use of it;
                None for latents of images.

        Returns:
            (B, 3, H, W) fp32 in [0, 1].
        """
        unscaled = (latents / self.vae.config.scaling_factor).to(self.vae.dtype)
        size = candidates_per_pass or len(unscaled)
        passes = in_passes(unscaled, size)
        if prompt_embeds is None or not getattr(self.vae.config, "phrase_width", 0):
            parts = [self.vae.decode(part).sample for part in passes]
        else:
            told = in_passes(prompt_embeds.to(unscaled), size)
            parts = [self.vae.decode(*each).sample for each in zip(passes, told, strict=True)]
        decoded = torch.cat(parts)[: len(latents)]
        return (decoded.float() / 2 + 0.5).clamp(0, 1)

    @torch.no_grad()
    def __call__(  # noqa: PLR0913  diffusers' own arguments, so that people find what they know
        self,
        prompt: str | list[str],
        height: int | None = None,
        width: int | None = None,
        num_inference_steps: int = 20,
        guidance_scale: float = 3.0,
        num_images_per_prompt: int = 1,
        generator: torch.Generator | list[torch.Generator] | None = None,
        latents: Tensor | None = None,
        output_type: str = "pil",
        return_dict: bool = True,
        after_step: AfterStep | None = None,
        descent: Descent = SCHEDULERS_OWN,
    ) -> ImagePipelineOutput | tuple[Any]:
        """Images for prompts, with diffusers' own arguments.

        Args:
            prompt: one or several.
            height: in px; None takes the size that the U-Net was trained for.
            width: the same.
            num_inference_steps: steps of the scheduler.
            guidance_scale: 1 or less switches guidance off.
            num_images_per_prompt: images of each prompt.
            generator: a list with one per image makes every image independent of the others; a
                single one is used for all images in turn.
            latents: (N, C, H, W) noise to start from, of unit variance or calmer; None draws it.
            output_type: "pil", "np" (N, H, W, 3), "pt" (N, 3, H, W) or "latent".
            return_dict: False returns a tuple.
            after_step: see `sampling.AfterStep`.
            descent: of the checkpoint.

        Raises:
            ValueError: a size, `latents` or the number of generators doesn't fit.
        """
        prompts = [prompt] if isinstance(prompt, str) else list(prompt)
        per_image = [each for each in prompts for _ in range(num_images_per_prompt)]
        generators = _one_each(generator, len(per_image))
        own_height, own_width = _pair(self.unet.config.sample_size)
        shape = self.latent_shape(
            height or own_height * self.downsampling, width or own_width * self.downsampling
        )
        if latents is not None and latents.shape != (len(per_image), *shape):
            raise ValueError(f"latents must be of shape {(len(per_image), *shape)}.")
        embeds = self.encode_prompts([EMPTY_PROMPT, *per_image])  # (1 + N, T, D)
        empty, prompt_embeds = embeds[:1], embeds[1:]
        drawn = self.sample(
            prompt_embeds,
            empty.expand_as(prompt_embeds) if guidance_scale > 1 else None,
            initial_noise(generators, shape) if latents is None else latents,
            generators,
            num_inference_steps,
            guidance_scale,
            after_step,
            descent=descent,
        )
        images: Any = drawn
        if output_type != "latent":
            images = self.decode(drawn, prompt_embeds=prompt_embeds)
        self.maybe_free_model_hooks()
        if output_type == "np":
            images = images.permute(0, 2, 3, 1).cpu().numpy()
        elif output_type == "pil":
            images = to_pictures(images)
        return ImagePipelineOutput(images=images) if return_dict else (images,)


def full_length_ids(tokenizer: Any, prompts: Sequence[str], cut_long: bool = False) -> Tensor:
    """Token numbers, every row as long as the text tower can read: (B, T) int64 on the CPU."""
    tokens = tokenizer(
        list(prompts),
        padding="max_length",
        truncation=cut_long,
        max_length=tokenizer.model_max_length,
        return_tensors="pt",
    )
    input_ids: Tensor = tokens.input_ids
    return input_ids


def _one_each(
    generator: torch.Generator | list[torch.Generator] | None, images: int
) -> list[torch.Generator]:
    if generator is None:
        generator = torch.Generator()
        generator.seed()
    if isinstance(generator, torch.Generator):
        return [generator] * images
    if len(generator) != images:
        raise ValueError(f"{len(generator)} generators were given for {images} images.")
    return generator


def _pair(size: int | Sequence[int]) -> tuple[int, int]:
    if isinstance(size, int):
        return size, size
    height, width = size
    return height, width
