"""F74: where tanh and the sigmoid come to rest at the gains of PyTorch's table."""

from sympy import Rational

from gainderive.activations import load
from gainderive.enclosure import Enclosure
from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Compares, Parts, Printed, Said, Source, claimed_by
from gainderive.roots import enclose_root
from gainderive.symbols import q, x

_SIGMOID = load("sigmoid").at()
_TANH = claimed_by("GD-0009", "M_2")


def _sigmoid() -> Enclosure:
    """Return the second moment of the sigmoid's activations at rest; at gain 1 it is that of the preactivations."""
    return enclose_root(GaussMean(_SIGMOID.numeric**2, x, q) / q - 1, q, 0.27, 20)


CLAIM = Claim(
    says="In a network of 20 layers at the usual gains the activations' second moment ends at 0.42 ± 0.00 for tanh and "
    "at 0.27 ± 0.01 for the sigmoid.",
    who=(
        Source(
            "AnyInit, docs/why.md (commit 6e29a6e)",
            "https://github.com/jmiravet/AnyInit/blob/6e29a6e3e257ec81649eb3617a595ad0e7debf22/docs/why.md",
        ),
    ),
    check=Parts(
        {
            "tanh at 5/3": Printed("0.42", _TANH, "E φ² at the fixed point"),
            "sigmoid at 1": Said(
                Compares("E φ² at the fixed point", _sigmoid, ">", Rational("0.26")),
                Compares("E φ² at the fixed point", _sigmoid, "<", Rational("0.28")),
            ),
        }
    ),
    remark="They are fixed points of the length map: {tanh} and {sigmoid}.",
    numbers={"tanh": _TANH, "sigmoid": _sigmoid},
    results=("GD-0009", "GD-0012"),
)
