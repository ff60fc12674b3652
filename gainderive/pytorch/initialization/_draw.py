r"""Weights with a given second moment, from four laws.

A normal law that is cut off at :math:`\pm c` standard deviations has the variance :math:`1 - 2 c\,\varphi(c) /
(2\Phi(c) - 1)` of the whole one; it is widened by the root of that. The entries of a matrix with orthonormal rows or
columns have the mean square one over the larger of its two sides.
"""

from __future__ import annotations

import math
from typing import Any

from gainderive.pytorch.initialization._options import Distribution

CUT = 2.0
"""Standard deviations beyond which a truncated normal law has nothing."""


def truncated_share() -> float:
    """Return the standard deviation of the standard normal law cut off at `CUT`.

    >>> round(truncated_share(), 12)
    0.879625661034
    """
    density = math.exp(-(CUT**2) / 2) / math.sqrt(2 * math.pi)
    return math.sqrt(1 - 2 * CUT * density / math.erf(CUT / math.sqrt(2)))


def drawn(like: Any, std: float, law: Distribution, generator: Any = None) -> Any:
    """Return a tensor in the shape, type and place of `like` whose entries have mean 0 and standard deviation `std`.

    Half precision is drawn in single precision and then rounded; the numbers come from the generator's device, the
    CPU's by default, so that equal seeds give equal weights everywhere.

    >>> import torch
    >>> weight = drawn(torch.empty(200, 300, dtype=torch.float64), 0.1, Distribution.UNIFORM, torch.manual_seed(0))
    >>> bool(weight.abs().max() <= 0.1 * 3**0.5), round(weight.std().item(), 3)
    (True, 0.1)
    """
    import torch

    exact = like.dtype if like.dtype in (torch.float32, torch.float64) else torch.float32
    device = "cpu" if generator is None else generator.device
    fresh = torch.empty(like.shape, dtype=exact, device=device)
    match law:
        case Distribution.UNIFORM:
            bound = std * math.sqrt(3)
            fresh.uniform_(-bound, bound, generator=generator)
        case Distribution.TRUNCATED_NORMAL:
            _truncated(fresh, std / truncated_share(), generator)
        case Distribution.ORTHOGONAL:
            _orthogonal(fresh, std, generator)
        case _:
            fresh.normal_(0.0, std, generator=generator)
    return fresh.to(device=like.device, dtype=like.dtype)


def _truncated(fresh: Any, scale: float, generator: Any) -> None:
    """Fill with the inverse distribution function of uniform numbers; it stays within the cut whatever the rounding."""
    edge = math.erf(CUT / math.sqrt(2))
    fresh.uniform_(-edge, edge, generator=generator)
    fresh.erfinv_().mul_(scale * math.sqrt(2)).clamp_(-CUT * scale, CUT * scale)


def _orthogonal(fresh: Any, std: float, generator: Any) -> None:
    import torch

    matrix = fresh.reshape(fresh.shape[0], -1)
    matrix.normal_(generator=generator)
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    q, r = torch.linalg.qr(tall)
    q *= r.diagonal().sign()  # Else the law would depend on how the factorisation chooses signs.
    fresh.copy_((q if tall is matrix else q.T).reshape(fresh.shape)).mul_(std * math.sqrt(max(matrix.shape)))
