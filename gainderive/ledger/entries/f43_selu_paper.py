"""F43: SELU's constants as the paper prints them."""

from gainderive.activations import load
from gainderive.ledger import Claim, Printed, PrintedTable, Source

ALPHA, SCALE = (constant.value for constant in load("selu").constants)

CLAIM = Claim(
    says="For the fixed point of mean 0 and variance 1, α ≈ 1.6733 and λ ≈ 1.0507.",
    who=(
        Source(
            "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter: Self-normalizing neural networks, NeurIPS 2017, eq. "
            "(14)",
            "https://arxiv.org/abs/1706.02515",
        ),
    ),
    check=PrintedTable({"α": Printed("1.6733", ALPHA), "λ": Printed("1.0507", SCALE)}),
    results=("GD-0013",),
)
