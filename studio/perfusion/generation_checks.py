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
    DesignError,
    GenerationRequest,
    GuidanceError,
    SeedError,
    StepCountError,
    StrengthError,
    VariationError,
)


def check_request(request: GenerationRequest, starts: int, *, of_designs: bool) -> None:
    """Refuse a request whose numbers can't be used.

    Args:
        request: as asked for; its prompt and its design are read elsewhere.
        starts: how many images or designs there are to vary.
        of_designs: whether the checkpoint draws designs.

    Raises:
        CandidateCountError, SeedError, StepCountError, GuidanceError, StrengthError,
            VariationError, DesignError: which one is wrong.
    """
    _check_counts(request)
    _check_strengths(request)
    _check_variation(request, starts)
    _check_kept(request, of_designs)


def _check_counts(request: GenerationRequest) -> None:
    if not _whole(request.num_candidates, 1, MAX_CANDIDATES):
        raise CandidateCountError(
            f"Ask for 1 to {MAX_CANDIDATES} candidates, not {request.num_candidates}."
        )
    wearer = () if request.wearer_seed is None else (request.wearer_seed,)
    for seed in (request.seed, *wearer):
        if not _whole(seed, 0, MAX_SEED):
            raise SeedError(f"A seed is a whole number from 0 to {MAX_SEED:,}, not {seed}.")
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


def _check_variation(request: GenerationRequest, starts: int) -> None:
    share: Any = request.variation
    if share is None and not starts:
        return
    if share is None:
        raise VariationError("Say how much to draw anew, above 0 and up to 1.")
    if not starts:
        raise VariationError("Choose an image to vary, or start from the phrases alone.")
    if not isinstance(share, int | float) or not 0 < share <= 1:
        raise VariationError(f"The share to draw anew is above 0 and up to 1, not {share}.")


def _check_kept(request: GenerationRequest, of_designs: bool) -> None:
    if request.free and not request.kept:
        raise DesignError("Say which design to draw parts of anew.")
    if request.kept and request.variation is not None:
        raise DesignError("Either vary designs as a whole, or draw parts of one anew.")
    if request.kept and not of_designs:
        raise DesignError(
            "This checkpoint draws pictures and knows of no designs, so it can't draw a part of "
            "one anew."
        )


def _whole(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
