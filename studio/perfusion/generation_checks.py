"""Whether a generation can be done as it was asked for."""

from typing import Any

from studio.domain import (
    MAX_CANDIDATES,
    MAX_GUIDANCE_SCALE,
    MAX_INFERENCE_STEPS,
    MAX_SEED,
    MAX_STRENGTH,
    MIN_GUIDANCE_SCALE,
    CandidateCountError,
    GenerationRequest,
    GuidanceError,
    SeedError,
    StepCountError,
    StrengthError,
    VariationError,
)


def check_request(request: GenerationRequest, start_images: int) -> None:
    """Refuse a request whose numbers can't be used.

    Args:
        request: as asked for; its prompt is read elsewhere.
        start_images: how many images there are to vary.

    Raises:
        CandidateCountError, SeedError, StepCountError, GuidanceError, StrengthError,
            VariationError: which one is wrong.
    """
    _check_counts(request)
    _check_strengths(request)
    _check_variation(request, start_images)


def _check_counts(request: GenerationRequest) -> None:
    if not _whole(request.num_candidates, 1, MAX_CANDIDATES):
        raise CandidateCountError(
            f"Ask for 1 to {MAX_CANDIDATES} candidates, not {request.num_candidates}."
        )
    if not _whole(request.seed, 0, MAX_SEED):
        raise SeedError(f"A seed is a whole number from 0 to {MAX_SEED:,}, not {request.seed}.")
    steps = request.num_inference_steps
    if steps is not None and not _whole(steps, 1, MAX_INFERENCE_STEPS):
        raise StepCountError(f"Take 1 to {MAX_INFERENCE_STEPS} steps, not {steps}.")


def _check_strengths(request: GenerationRequest) -> None:
    scale: Any = request.guidance_scale
    if scale is not None and not (
        isinstance(scale, int | float) and MIN_GUIDANCE_SCALE <= scale <= MAX_GUIDANCE_SCALE
    ):
        raise GuidanceError(
            f"The strength of the phrases goes from {MIN_GUIDANCE_SCALE:g} to "
            f"{MAX_GUIDANCE_SCALE:g}, not {scale}."
        )
    strength: Any = request.strength
    if not isinstance(strength, int | float) or not 0 <= strength <= MAX_STRENGTH:
        raise StrengthError(
            f"The strength of the store's taste goes from 0 to {MAX_STRENGTH:g}, not {strength}."
        )


def _check_variation(request: GenerationRequest, start_images: int) -> None:
    share: Any = request.variation
    if share is None and not start_images:
        return
    if share is None:
        raise VariationError("Say how much of the image to draw anew, above 0 and up to 1.")
    if not start_images:
        raise VariationError("Choose an image to vary, or start from the phrases alone.")
    if not isinstance(share, int | float) or not 0 < share <= 1:
        raise VariationError(f"The share to draw anew is above 0 and up to 1, not {share}.")


def _whole(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
