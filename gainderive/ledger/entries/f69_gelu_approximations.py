"""F69: how good the approximations of GELU are."""

from gainderive.activations import load
from gainderive.enclosure import Enclosure
from gainderive.ledger import Claim, Compares, Said, Source, gain_of
from gainderive.ledger._largest import largest

REACH = 10
"""Beyond this distance from 0 all three agree with 0 or with x to better than 1e-6."""


def largest_error(name: str) -> Enclosure:
    """Return the largest size of the difference between an approximation and GELU."""
    return largest(load(name).at().numeric - load("gelu").at().numeric, -REACH, REACH, size=True)


CLAIM = Claim(
    says="x·sigmoid(1.702x) is somewhat inaccurate for GELU, and 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))) is more "
    "accurate.",
    who=(
        Source(
            "D. Hendrycks: GELUs, README (commit 2726505)",
            "https://github.com/hendrycks/GELUs/blob/2726505c4767eed99dfd89ce0f836fbca44d6a6d/README.md",
        ),
        Source("D. Hendrycks, K. Gimpel: Gaussian error linear units, 2016", "https://arxiv.org/abs/1606.08415"),
    ),
    check=Said(
        Compares(
            "largest error of the tanh form",
            lambda: largest_error("gelu_tanh"),
            "<",
            lambda: largest_error("quick_gelu"),
        )
    ),
    remark="The largest errors for |x| ≤ 10 are {tanh} and {sigmoid}. In the gains they show as {gain_tanh} and "
    "{gain_sigmoid} against GELU's {gain}.",
    numbers={
        "tanh": (lambda: largest_error("gelu_tanh"), 4),
        "sigmoid": (lambda: largest_error("quick_gelu"), 4),
        **{
            key: (gain_of(name), 7)
            for key, name in {"gain": "gelu", "gain_tanh": "gelu_tanh", "gain_sigmoid": "quick_gelu"}.items()
        },
    },
    results=("GD-0031",),
)
