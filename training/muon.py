"""Muon: steps of one length in all directions of a matrix.

AdamW scales every weight by itself. The updates of a matrix so made are led by few directions, and
what is rare in the data hardly moves. Muon replaces a matrix's gradient, averaged over steps, by
the nearest one that stretches nothing (all singular values near 1). Source: Jordan et al., "Muon:
An optimizer for hidden layers in neural networks" (2024); the length of a step, which lets it share
AdamW's learning rate, is of Liu et al. (arXiv 2502.16982, Eq. 4).
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim import AdamW

_MOMENTUM = 0.95
_COEFFICIENTS = 3.4445, -4.7750, 2.0315  # of the polynomial, steepest at 0
_ROUNDS = 5
_SMALLEST = 1e-7
_LENGTH = 0.2


class Muon(AdamW):
    """Muon for the groups of weights that say `orthogonal`, AdamW for the others.

    torch's own class takes matrices only. Here the kernel of a convolution is a matrix too: a row
    for each channel that comes out.
    """

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update of all weights that have gradients; gradients of matrices are gone after it.

        Args:
            closure: as in torch's optimisers.
        """
        for group in self.param_groups:
            if group.get("orthogonal"):
                for weight in group["params"]:
                    self._orthogonal_step(weight, group["lr"], group["weight_decay"])
        return super().step(closure)

    def _orthogonal_step(self, weight: Tensor, rate: float, decay: float) -> None:
        if weight.grad is None:
            return
        slots = self.state[weight]
        if not slots:
            slots["step"] = torch.zeros(())  # AdamW looks for one when it loads a state
            slots["momentum"] = torch.zeros_like(weight)
        slots["step"] += 1
        slots["momentum"].lerp_(weight.grad, 1 - _MOMENTUM)
        ahead = weight.grad.lerp(slots["momentum"], _MOMENTUM)
        matrix = ahead.flatten(1)
        length = rate * _LENGTH * float(max(matrix.shape)) ** 0.5
        update = orthogonal(matrix).view(weight.shape)
        weight.mul_(1 - rate * decay).sub_(update, alpha=length)
        weight.grad = None


def orthogonal(matrix: Tensor) -> Tensor:
    """(M, N) -> (M, N) with the same singular vectors and singular values of about 1.

    Five rounds of a Newton-Schulz iteration, which leave each between 0.7 and 1.2 or so; bfloat16
    is exact enough for that.
    """
    first, third, fifth = _COEFFICIENTS
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.mT
    x = (wide / wide.norm().clamp(min=_SMALLEST)).bfloat16()
    for _ in range(_ROUNDS):
        gram = x @ x.mT
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=third, alpha=fifth), x, beta=first)
    found: Tensor = x if matrix.shape[0] <= matrix.shape[1] else x.mT
    return found.to(matrix.dtype)
