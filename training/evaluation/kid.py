"""KID: how far one lot of images is from another, in features of a network."""

import numpy as np
from numpy.typing import NDArray

from training.results import Figure, bootstrap

SUBSET = 50
"""Images of each lot in one estimate."""

Features = NDArray[np.float64]


def kernel_distance(features: Features, reference: Features, subset: int = SUBSET) -> Figure:
    """Mean of the unbiased squared distances of disjoint subsets, with its 95% interval.

    Disjoint subsets are independent of each other, so that resampling them gives an honest
    interval. Two lots of the same kind give zero on average; single estimates may be negative.

    Source: Binkowski et al., Demystifying MMD GANs (arXiv 1801.01401).  Differs from it in: the
    network is not Inception, so figures are comparable within this project only.

    Args:
        features: (M, D) of the images in question.
        reference: (M, D) of the images that they should be like.
        subset: rows of a subset; halved as far as needed to have two of them.

    Raises:
        ValueError: the lots differ in size, or are too small to say anything.
    """
    if features.shape != reference.shape or len(features) < 4:
        raise ValueError(f"{features.shape} and {reference.shape} can't be compared.")
    subset = min(subset, len(features) // 2)
    starts = range(0, len(features) - subset + 1, subset)
    return bootstrap(
        [
            squared_distance(features[start : start + subset], reference[start : start + subset])
            for start in starts
        ]
    )


def squared_distance(features: Features, reference: Features) -> float:
    """The unbiased estimate of the squared maximum mean discrepancy, cubic kernel.

    Args:
        features: (M, D), M >= 2.
        reference: (N, D), N >= 2.
    """
    within = _mean_without_diagonal(_kernel(features, features))
    within += _mean_without_diagonal(_kernel(reference, reference))
    return within - 2 * float(_kernel(features, reference).mean())


def _kernel(one: Features, other: Features) -> Features:
    """(M, N): (cosine + 1)^3, KID's kernel on features of length sqrt(D)."""
    cosine = _unit(one) @ _unit(other).T
    kernel: Features = (cosine + 1) ** 3
    return kernel


def _unit(features: Features) -> Features:
    unit: Features = features / np.linalg.norm(features, axis=1, keepdims=True)
    return unit


def _mean_without_diagonal(kernel: Features) -> float:
    size = len(kernel)
    return float(kernel.sum() - np.trace(kernel)) / (size * (size - 1))
