"""The parts of a checkpoint put together: text tower, U-Net, solver and decoder."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import torch
from diffusers import DiffusionPipeline, ImagePipelineOutput
from torch import Tensor

from studio.domain import PromptTooLongError
from studio.perfusion.conditions import packed
from studio.perfusion.decoders import Decoder, DesignDecoder, PictureDecoder
from studio.perfusion.pictures import to_pictures
from studio.perfusion.sampling import (
    AfterStep,
    ResidualSource,
    Start,
    denoise,
    guided_predictor,
    in_passes,
    initial_noise,
    joined,
)

_FEWEST_TOKENS = 3
"""A beginning, one word, an end."""
EMPTY_PROMPT = ""
"""The unconditional branch of guidance is what the U-Net makes of no phrases at all."""


class CheckpointPipeline(DiffusionPipeline):
    """Text to designs, or to pictures, with the structure of Stable Diffusion 1.5 or XL.

    A diffusers pipeline of our own: `save_pretrained`, `to`, offloading and other schedulers work
    as with diffusers' pipelines. It reads prompts as they are and knows no phrasebook:
    `studio.perfusion.pipeline.PerFusionPipeline` is a whole checkpoint. The studio itself loads
    and saves through `studio.perfusion.checkpoint`, and generates through
    `studio.perfusion.generator`.

    Args:
        text_encoder: CLIPTextModel; the U-Net reads its last hidden states.
        tokenizer: CLIPTokenizer.
        unet: UNet2DConditionModel.
        scheduler: the solver, with the prediction type that the U-Net was trained for.
        vae: AutoencoderKL, of a checkpoint of pictures (sd15).
        codec: DesignCodec, of a checkpoint of designs (atelier); one of the two is there.
        adaptive_network: PersonalisedAdaptiveNetwork, for checkpoints that were trained on a
            store's rounds.
        text_encoder_2: CLIPTextModelWithProjection, of SDXL: its states stand beside the first
            one's, and its pooled vector is told, too. Both give their last states but one.
        tokenizer_2: CLIPTokenizer of it.
        force_zeros_for_empty_prompt: whether SDXL reads zeros in place of an empty prompt.
    """

    model_cpu_offload_seq = "text_encoder->text_encoder_2->unet->vae"
    _optional_components: ClassVar[list[str]] = [
        "vae",
        "codec",
        "adaptive_network",
        "text_encoder_2",
        "tokenizer_2",
    ]
    # One is wanted at every step, the other is tiny.
    _exclude_from_cpu_offload: ClassVar[list[str]] = ["adaptive_network", "codec"]

    def __init__(  # noqa: PLR0913  one argument per part, as diffusers wants it
        self,
        text_encoder: Any,
        tokenizer: Any,
        unet: Any,
        scheduler: Any,
        vae: Any | None = None,
        codec: Any | None = None,
        adaptive_network: Any | None = None,
        text_encoder_2: Any | None = None,
        tokenizer_2: Any | None = None,
        force_zeros_for_empty_prompt: bool = False,
    ) -> None:
        super().__init__()
        limit_tokens(tokenizer, text_encoder.config.max_position_embeddings)
        if tokenizer_2 is not None and text_encoder_2 is not None:
            limit_tokens(tokenizer_2, text_encoder_2.config.max_position_embeddings)
        self.register_to_config(force_zeros_for_empty_prompt=force_zeros_for_empty_prompt)
        self.register_modules(
            vae=vae,
            codec=codec,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
            unet=unet,
            scheduler=scheduler,
            adaptive_network=adaptive_network,
            text_encoder_2=text_encoder_2,
            tokenizer_2=tokenizer_2,
        )

    @property
    def decoder(self) -> Decoder:
        """What turns latents into pictures."""
        if self.codec is not None:
            return DesignDecoder(self.codec)
        return PictureDecoder(self.vae, self._execution_device)

    @property
    def live(self) -> Tensor | None:
        """(C, H, W) bool: the numbers of latents that carry something; None for all of them."""
        return self.decoder.live

    @property
    def own_size_px(self) -> tuple[int, int]:
        """Height and width of the pictures that the U-Net was trained for."""
        return self.decoder.own_size_px(_pair(self.unet.config.sample_size))

    def latent_shape(self, height_px: int, width_px: int) -> tuple[int, int, int]:
        """(C, H, W) of one picture's latents.

        Raises:
            ValueError: the decoder makes no pictures of this size.
        """
        return self.decoder.latent_shape(height_px, width_px)

    @torch.no_grad()
    def encode_prompts(
        self,
        prompts: Sequence[str],
        *,
        cut_long: bool = False,
        size_px: tuple[int, int] | None = None,
    ) -> Tensor:
        """Text states for the U-Net. Equal prompts are encoded once.

        Args:
            prompts: any texts.
            cut_long: leave out what the text tower can't read, in place of refusing it.
            size_px: of the pictures, which SDXL is told; None for `own_size_px`.

        Returns:
            (B, T, D) prompt_embeds, a row per prompt; of SDXL with its other conditions, see
            `conditions.packed`.

        Raises:
            PromptTooLongError: the text tower can't read all of a prompt.
        """
        place = {prompt: row for row, prompt in enumerate(dict.fromkeys(prompts))}
        ids = self.tokenize([*place], cut_long=cut_long)
        if self.text_encoder_2 is None:
            states = self.text_encoder(ids).last_hidden_state
        else:
            states = self._of_both_towers([*place], ids, size_px or self.own_size_px)
        rows = torch.tensor([place[prompt] for prompt in prompts], device=states.device)
        embeds: Tensor = states[rows].to(self.unet.dtype)
        return embeds

    def _of_both_towers(
        self, prompts: Sequence[str], ids: Tensor, size_px: tuple[int, int]
    ) -> Tensor:
        """(B, T, D) of SDXL; prompts as text and as the first tower's numbers."""
        first = self.text_encoder(ids, output_hidden_states=True).hidden_states[-2]
        other_ids = full_length_ids(self.tokenizer_2, prompts, cut_long=True).to(ids.device)
        second = self.text_encoder_2(other_ids, output_hidden_states=True)
        states = torch.cat([first, second.hidden_states[-2]], dim=-1)
        pooled = second.text_embeds
        if self.config.force_zeros_for_empty_prompt:
            told = torch.tensor([prompt != EMPTY_PROMPT for prompt in prompts]).to(states)
            states, pooled = states * told[:, None, None], pooled * told[:, None]
        return packed(states, pooled, size_px)

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

    def with_room(self, prompt: str, phrases: Sequence[str]) -> str:
        """The prompt and as many more phrases as the text tower can read with it."""
        for phrase in phrases:
            longer = ", ".join(filter(None, (prompt, phrase)))
            if len(self.tokenizer(longer).input_ids) > self.tokenizer.model_max_length:
                break
            prompt = longer
        return prompt

    def _check_length(self, prompt: str) -> None:
        limit = self.tokenizer.model_max_length  # see `limit_tokens`
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
            start: what to vary, see `Decoder.start_latents`; None starts from the noise alone.
            candidates_per_pass: rows that the U-Net sees at once, see `sampling.in_passes`; None
                for all of them.

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
            )
            for some, empty in zip(conditional, unconditional, strict=True)
        ]
        predict = joined(predictors, size)
        noise = noise.to(self._execution_device, self.unet.dtype)
        if start is not None:
            start = replace(start, latents=start.latents.to(noise))
        return denoise(
            self.scheduler, noise, predict, num_inference_steps, generators, after_step, start
        )

    @torch.no_grad()
    def __call__(  # noqa: PLR0913  diffusers' own arguments, so that people find what they know
        self,
        prompt: str | list[str],
        height: int | None = None,
        width: int | None = None,
        num_inference_steps: int = 20,
        guidance_scale: float | None = None,
        num_images_per_prompt: int = 1,
        generator: torch.Generator | list[torch.Generator] | None = None,
        latents: Tensor | None = None,
        output_type: str = "pil",
        return_dict: bool = True,
        after_step: AfterStep | None = None,
    ) -> ImagePipelineOutput | tuple[Any]:
        """Images for prompts, with diffusers' own arguments.

        Plain ones: prompts are read as they are, and of a design nothing is settled by phrases.

        Args:
            prompt: one or several.
            height: in px; None takes `own_size_px`.
            width: the same.
            num_inference_steps: steps of the scheduler.
            guidance_scale: 1 or less switches guidance off; None takes `Decoder.usual_guidance`.
            num_images_per_prompt: images of each prompt.
            generator: a list with one per image makes every image independent of the others; a
                single one is used for all images in turn.
            latents: (N, C, H, W) noise to start from, of unit variance or calmer; None draws it.
            output_type: "pil", "np" (N, H, W, 3), "pt" (N, 3, H, W) or "latent".
            return_dict: False returns a tuple.
            after_step: see `sampling.AfterStep`.

        Raises:
            ValueError: a size, `latents` or the number of generators doesn't fit.
        """
        prompts = [prompt] if isinstance(prompt, str) else list(prompt)
        per_image = [each for each in prompts for _ in range(num_images_per_prompt)]
        generators = _one_each(generator, len(per_image))
        decoder, own = self.decoder, self.own_size_px
        size_px = (height or own[0], width or own[1])
        shape = decoder.latent_shape(*size_px)
        scale = decoder.usual_guidance if guidance_scale is None else guidance_scale
        if latents is not None and latents.shape != (len(per_image), *shape):
            raise ValueError(f"latents must be of shape {(len(per_image), *shape)}.")
        embeds = self.encode_prompts([EMPTY_PROMPT, *per_image], size_px=size_px)  # (1 + N, T, D)
        empty, prompt_embeds = embeds[:1], embeds[1:]
        drawn = self.sample(
            prompt_embeds,
            empty.expand_as(prompt_embeds) if scale > 1 else None,
            initial_noise(generators, shape) if latents is None else latents,
            generators,
            num_inference_steps,
            scale,
            after_step,
        )
        images: Any = drawn if output_type == "latent" else decoder.images(drawn, size_px)
        self.maybe_free_model_hooks()
        if output_type == "np":
            images = images.permute(0, 2, 3, 1).cpu().numpy()
        elif output_type == "pil":
            images = to_pictures(images)
        return ImagePipelineOutput(images=images) if return_dict else (images,)


def limit_tokens(tokenizer: Any, positions: int) -> None:
    """Let a tokenizer read as much as its text tower can, where its own limit can't be used.

    Files of others often have no limit, which the library tells as a number of thirty digits.

    Args:
        tokenizer: its `model_max_length` is changed where it has to be.
        positions: tokens that the text tower reads.
    """
    said = tokenizer.model_max_length
    is_usable = isinstance(said, int) and not isinstance(said, bool)
    if not is_usable or not _FEWEST_TOKENS <= said <= positions:
        tokenizer.model_max_length = positions


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
