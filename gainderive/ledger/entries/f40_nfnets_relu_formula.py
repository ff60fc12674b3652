"""F40: the exact gamma of ReLU."""

from sympy import pi, sqrt

from gainderive.ledger import Claim, Recommended, Source

CLAIM = Claim(
    says="For ReLU the variance-preserving constant is γ = √2 / √(1 - 1/π).",
    who=(
        Source(
            "A. Brock, S. De, S. L. Smith: Characterizing signal propagation to close the performance gap in "
            "unnormalized ResNets, ICLR 2021",
            "https://arxiv.org/abs/2101.08692",
        ),
    ),
    check=Recommended(sqrt(2) / sqrt(1 - 1 / pi), "relu", "centered"),
    remark="It restores the variance; √2 restores the second moment. With weight standardization, which removes the "
    "mean of each filter, it is the variance that is passed on.",
    results=("GD-0010",),
)
