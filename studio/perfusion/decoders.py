"""What turns a U-Net's latents into pictures; all that differs between the studio's two sizes.

A `DesignDecoder` reads latents as designs, and the drawing engine draws them. A `PictureDecoder`
is Stable Diffusion's autoencoder.
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from studio.design.spec import DesignSpec
from studio.domain import DesignError, ReferenceImageError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.design_codec import OPEN, DesignCodec, Settled
from studio.perfusion.pictures import fit_picture, to_images, to_pictures
from studio.perfusion.sampling import in_passes

PREVIEW_SIDE_PX = 256
"""No side of a preview is longer than about this."""
_DRAWING_THREADS = 2
"""One draws lines while the other's are turned into pixels, which takes as long."""
CROQUIS_SIZE_PX = (1024, 512)
"""Height and width of a drawn design, unless another height is asked for."""

_CODES_STAND_BELOW = 0.4
"""Share of the noise schedule up to which a design comes back as it was. From there, what changes
grows evenly: with half of the rest 0.20 of the families, with all of it 0.41 (measured)."""


Preview = Callable[[], Image.Image]
"""Draws a small picture of an unfinished design when somebody looks, on any thread."""


@dataclass(frozen=True)
class Decoded:
    """What one latent means.

    Attributes:
        image: its picture, RGB.
        design: what the picture was drawn from; None for a model of pictures.
    """

    image: Image.Image
    design: DesignSpec | None = None


class Decoder(Protocol):
    """Between a U-Net's latents and what people see.

    Latents are (B, C, H, W) in the scale of the U-Net, on any device and in any precision.
    """

    @property
    def usual_guidance(self) -> float:
        """Strength of the phrases that suits it, where no checkpoint says another one."""

    @property
    def live(self) -> Tensor | None:
        """(C, H, W) bool: the numbers that carry something; None for all of them."""

    def own_size_px(self, latent_size: tuple[int, int]) -> tuple[int, int]:
        """Height and width of the pictures of latents with this height and width."""

    def latent_shape(self, height_px: int, width_px: int) -> tuple[int, int, int]:
        """(C, H, W) of one picture's latents.

        Raises:
            ValueError: it makes no pictures of this size.
        """

    def start_latents(
        self,
        images: Sequence[Image.Image],
        designs: Sequence[DesignSpec],
        size_px: tuple[int, int],
    ) -> Tensor:
        """Clean latents to start variations from, a row for each image or design.

        Args:
            images: pictures, of any size and mode.
            designs: designs; one of the two is empty.
            size_px: height and width of what is to be drawn.

        Raises:
            ReferenceImageError, DesignError: it can't start from such a thing.
        """

    def way(self, variation: float) -> float:
        """How much of the noise schedule a variation goes, for the share that is to be anew."""

    def decode(
        self,
        latents: Tensor,
        settled: Sequence[Settled],
        size_px: tuple[int, int],
        candidates_per_pass: int | None = None,
    ) -> list[Decoded]:
        """Pictures of finished latents, with their designs where there are any.

        Args:
            latents: a row per candidate.
            settled: what each design has whatever the latents say.
            size_px: height and width of the pictures.
            candidates_per_pass: see `sampling.in_passes`; None for all at once.
        """

    def images(
        self, latents: Tensor, size_px: tuple[int, int], candidates_per_pass: int | None = None
    ) -> Tensor:
        """(B, 3, H, W) fp32 in [0, 1]: the pictures of `decode` as numbers, nothing settled."""

    def previews(
        self, latents: Tensor, settled: Sequence[Settled], size_px: tuple[int, int]
    ) -> list[Preview]:
        """Small pictures of unfinished latents, for the arguments of `decode`."""


class DesignDecoder:
    """Latents are designs, and the drawing engine draws them: a `Decoder`.

    Args:
        codec: of the checkpoint.
    """

    usual_guidance = 1.0

    def __init__(self, codec: DesignCodec) -> None:
        self._codec = codec

    @property
    def live(self) -> Tensor | None:
        """See `DesignCodec.live`."""
        return self._codec.live

    def own_size_px(self, latent_size: tuple[int, int]) -> tuple[int, int]:
        """A croquis is drawn at any size; this is the usual one."""
        return CROQUIS_SIZE_PX

    def latent_shape(self, height_px: int, width_px: int) -> tuple[int, int, int]:
        """The same for every size; a croquis is twice as high as it is wide."""
        if height_px != 2 * width_px:
            raise ValueError("Drawings of designs are twice as high as they are wide.")
        return self._codec.latent_shape

    def start_latents(
        self,
        images: Sequence[Image.Image],
        designs: Sequence[DesignSpec],
        size_px: tuple[int, int],
    ) -> Tensor:
        """Designs as the codec writes them; a picture alone is refused."""
        if images:
            raise ReferenceImageError(
                "This picture was not drawn by the studio, so there is no design in it to vary. "
                "Take its colours as phrases, and generate from these."
            )
        return self._codec.encode(designs)

    def way(self, variation: float) -> float:
        """From where codes begin to drown in noise, all the way; about as much changes."""
        return _CODES_STAND_BELOW + (1 - _CODES_STAND_BELOW) * variation

    def designs(self, latents: Tensor, settled: Sequence[Settled]) -> list[DesignSpec]:
        """The designs that latents mean; what is settled stands."""
        return self._codec.decode(latents.to(self._codec.device), settled)

    def decode(
        self,
        latents: Tensor,
        settled: Sequence[Settled],
        size_px: tuple[int, int],
        candidates_per_pass: int | None = None,
    ) -> list[Decoded]:
        """Designs, and their drawings."""
        found = self.designs(latents, settled)
        with ThreadPoolExecutor(_DRAWING_THREADS) as threads:
            images = threads.map(partial(_drawn, height_px=size_px[0]), found)
            return [Decoded(*both) for both in zip(images, found, strict=True)]

    def images(
        self, latents: Tensor, size_px: tuple[int, int], candidates_per_pass: int | None = None
    ) -> Tensor:
        """The drawings as numbers."""
        decoded = self.decode(latents, [OPEN] * len(latents), size_px)
        return to_images([each.image for each in decoded])

    def previews(
        self, latents: Tensor, settled: Sequence[Settled], size_px: tuple[int, int]
    ) -> list[Preview]:
        """What the designs would be by now, to be drawn small."""
        height_px = min(size_px[0], PREVIEW_SIDE_PX)
        return [partial(_drawn, each, height_px) for each in self.designs(latents, settled)]


class PictureDecoder:
    """Stable Diffusion's autoencoder: a `Decoder`.

    Args:
        vae: AutoencoderKL.
        device: where it computes; None where its weights lie.
    """

    usual_guidance = 7.5
    live = None

    def __init__(self, vae: Any, device: torch.device | None = None) -> None:
        self._vae = vae
        self._device = device or vae.device

    @property
    def downsampling(self) -> int:
        """Pixels of the picture to one of the latents, in each direction."""
        return int(2 ** (len(self._vae.config.block_out_channels) - 1))

    def own_size_px(self, latent_size: tuple[int, int]) -> tuple[int, int]:
        """Each side of the latents times the autoencoder's factor."""
        height, width = latent_size
        return height * self.downsampling, width * self.downsampling

    def latent_shape(self, height_px: int, width_px: int) -> tuple[int, int, int]:
        """Each side divided by the autoencoder's factor."""
        factor = self.downsampling
        if height_px % factor or width_px % factor:
            raise ValueError(f"Height and width must be multiples of {factor} px.")
        return self._vae.config.latent_channels, height_px // factor, width_px // factor

    def start_latents(
        self,
        images: Sequence[Image.Image],
        designs: Sequence[DesignSpec],
        size_px: tuple[int, int],
    ) -> Tensor:
        """The pictures brought to the size, and encoded; a design alone is refused."""
        if designs:
            raise DesignError(
                "This checkpoint draws pictures and knows of no designs. Start from a picture, "
                "or use a checkpoint of designs."
            )
        height_px, width_px = size_px
        fitted = to_images([fit_picture(image, (width_px, height_px)) for image in images])
        # One by one, for the same reason as in `sampling.in_passes`.
        return torch.cat([self.encode(image.unsqueeze(0)) for image in fitted])

    def way(self, variation: float) -> float:
        """The same share."""
        return variation

    @torch.no_grad()
    def encode(self, images: Tensor) -> Tensor:
        """Latents of images, without the autoencoder's own randomness.

        Args:
            images: (B, 3, H, W) in [0, 1].

        Returns:
            (B, C, H, W) in the scale of the U-Net.
        """
        images = images.to(self._device, self._vae.dtype)
        latents: Tensor = self._vae.encode(images * 2 - 1).latent_dist.mode()
        scaled: Tensor = latents * self._vae.config.scaling_factor
        return scaled

    def decode(
        self,
        latents: Tensor,
        settled: Sequence[Settled],
        size_px: tuple[int, int],
        candidates_per_pass: int | None = None,
    ) -> list[Decoded]:
        """Pictures; nothing can be settled in them."""
        images = self.images(latents, size_px, candidates_per_pass)
        return [Decoded(each) for each in to_pictures(images)]

    @torch.no_grad()
    def images(
        self, latents: Tensor, size_px: tuple[int, int], candidates_per_pass: int | None = None
    ) -> Tensor:
        """The size is that of the latents."""
        unscaled = (latents / self._vae.config.scaling_factor).to(self._device, self._vae.dtype)
        passes = in_passes(unscaled, candidates_per_pass or len(unscaled))
        decoded = torch.cat([self._vae.decode(each).sample for each in passes])[: len(latents)]
        return (decoded.float() / 2 + 0.5).clamp(0, 1)

    def previews(
        self, latents: Tensor, settled: Sequence[Settled], size_px: tuple[int, int]
    ) -> list[Preview]:
        """Of shrunken latents: a quarter of the work at 512 px. The autoencoder decodes at once."""
        shrink = math.ceil(max(size_px) / PREVIEW_SIDE_PX)
        if shrink > 1:
            latents = F.avg_pool2d(latents, shrink)
        return [each.copy for each in to_pictures(self.images(latents, size_px))]


def _drawn(design: DesignSpec, height_px: int) -> Image.Image:
    return picture(draw_croquis(design), height_px)
