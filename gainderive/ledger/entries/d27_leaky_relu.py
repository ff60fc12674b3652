"""D27: Leaky ReLU's variance."""

from sympy import Expr, sqrt

from gainderive import facade
from gainderive.activations import load
from gainderive.ledger import Amended, Claim, Identity, Parts, Said, Source

_A = load("leaky_relu").parameters[0].symbol
_SAID = (1 + _A**2) / 2


def _formula(moment: str) -> Expr:
    """Return a moment of Leaky ReLU with a symbolic slope."""
    found = facade.moments("leaky_relu")[moment]
    assert isinstance(found, facade.Moment)
    return found.formula


CLAIM = Claim(
    says="For Leaky ReLU Var(y) = (1 + slope²)/2 · Var(x); hence the gain √(2/(1 + slope²)).",
    who=(Source("explanations of PyTorch's table of gains; a reading of He et al. 2015"),),
    check=Parts(
        {
            "Var(y) = (1 + slope²)/2": Said(
                Identity(_formula("variance"), _SAID, "variance behind a standard normal input"),
                amended=Amended(
                    "second moment for variance",
                    Identity(_formula("second moment"), _SAID, "second moment behind a standard normal input"),
                ),
            ),
            "the gain": Said(Identity(facade.gain("leaky_relu").formula, sqrt(2 / (1 + _A**2)), "gain of Leaky ReLU")),
        }
    ),
    correct="E y² = (1 + a²)/2 · E x² for centred Gaussian x, hence the gain √(2/(1 + a²)). The variance is less by "
    "the square of the mean, (1 - a)²/(2π) · Var(x).",
    results=("GD-0006", "GD-0015"),
)
