"""F34: PyTorch's warning beside SELU's gain."""

from collections.abc import Callable
from dataclasses import replace

from sympy import Abs

from gainderive.activations import load
from gainderive.enclosure import Enclosure
from gainderive.facade import unfold
from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Compares, Number, Parts, Recommended, Said, Source, claimed_by, moment_of
from gainderive.ledger._intervals import evaluated
from gainderive.symbols import chi_1, x

_ENTRY = load("selu").at()
SELU = replace(_ENTRY, expression=_ENTRY.numeric)
"""With the constants' values put in."""
_SLOPE_OF_MAP = unfold(GaussMean(x * SELU.phi * SELU.phi_prime, x, 1), SELU)
_CHI_AT_1 = moment_of("selu", "slope's second moment")
_CHI = claimed_by("GD-0014", "chi_1")


def _distance(factor: Number) -> Callable[[], Enclosure]:
    """Return by how much a factor of the gradient misses 1."""
    return lambda: evaluated(Abs(chi_1 - 1), {chi_1: factor})


CLAIM = Claim(
    says="For self-normalizing networks use 'linear' instead of 'selu': this gives the weights the variance 1/N, which "
    "is necessary for a stable fixed point of the forward pass. The default gain of SELU sacrifices the normalization "
    "for a more stable gradient.",
    who=(
        Source(
            "PyTorch 2.13, warning in the documentation of torch.nn.init.calculate_gain",
            "https://docs.pytorch.org/docs/stable/nn.init.html",
        ),
        Source("PyTorch pull request 54057", "https://github.com/pytorch/pytorch/pull/54057"),
    ),
    check=Parts(
        {
            "variance 1/N keeps the second moment 1": Recommended(1, "selu"),
            "the fixed point is stable": Said(
                Compares("slope of the length map at q = 1", _SLOPE_OF_MAP, "<", 1),
                Compares("slope of the length map at q = 1", _SLOPE_OF_MAP, ">", -1),
            ),
            "3/4 sacrifices the normalization": Said(
                Compares("fixed point of the second moment at gain 3/4", claimed_by("GD-0014", "q"), "<", 1)
            ),
            "3/4 makes the gradient more stable": Said(
                Compares("|χ₁ - 1| at the fixed point of gain 3/4", _distance(_CHI), "<", _distance(_CHI_AT_1))
            ),
        }
    ),
    remark="At gain 1 the gradient's second moment grows by {chi} a layer, at the fixed point of 3/4 by {chi_low}; the "
    "activations' standard deviation there is {deviation}. The derivation is for layers of equal width; what is said "
    "of rectangular ones is not checked here.",
    numbers={
        "chi": _CHI_AT_1,
        "chi_low": _CHI,
        "deviation": claimed_by("GD-0014", "sigma_h"),
    },
    results=("GD-0013", "GD-0014", "GD-0024"),
)
