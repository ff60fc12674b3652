"""F77: the variance of Snake, and where it is largest."""

from dataclasses import dataclass

from sympy import Expr, exp, sqrt

from gainderive.enclosure import Enclosure
from gainderive.facade import gain
from gainderive.ledger import Claim, Decision, Identity, Parts, Printed, PrintedTable, Said, Source
from gainderive.ledger._intervals import evaluated
from gainderive.roots import enclose_root
from gainderive.symbols import parameter

ALPHA = parameter("alpha", positive=True)
VARIANCE = 1 + (1 + exp(-8 * ALPHA**2) - 2 * exp(-4 * ALPHA**2)) / (8 * ALPHA**2)


@dataclass(frozen=True)
class IsGain:
    """That a formula is the centered gain of Snake, for every α."""

    what: str
    formula: Expr

    def decide(self) -> Decision:
        """Derive the gain with α symbolic, and let algebra compare the squares."""
        derived = gain("snake", criterion="centered").formula
        assert derived is not None
        return Identity(self.formula**2, derived**2, self.what).decide()


def place() -> Enclosure:
    """Return the α at which the variance is largest."""
    return enclose_root(VARIANCE.diff(ALPHA), ALPHA, 0.56, 24)


def _deviation() -> Enclosure:
    """Return the largest standard deviation."""
    return evaluated(sqrt(VARIANCE), {ALPHA: place()}, 20)


CLAIM = Claim(
    says="For a standard normal x, x + sin²(αx)/α has the variance 1 + (1 + e^(-8α²) - 2e^(-4α²))/(8α²), which is "
    "largest at α = 0.56045; the standard deviation is 1.0971017221681962 there.",
    who=(
        Source(
            "L. Ziyin, T. Hartwig, M. Ueda: Neural networks fail to learn periodic functions and how to fix it, "
            "NeurIPS 2020",
            "https://arxiv.org/abs/2006.08195",
        ),
        Source(
            "pytorch-snake, snake.py (commit 319664f)",
            "https://github.com/falkaer/pytorch-snake/blob/319664f3bd1583e107285c7d360974987a91e4bd/snake.py",
        ),
    ),
    check=Parts(
        {
            "the variance": Said(IsGain("1/Var, which is the squared gain", 1 / sqrt(VARIANCE))),
            "where it is largest": PrintedTable(
                {
                    "α": Printed("0.56045", place),
                    "standard deviation": Printed("1.0971017221681962", _deviation),
                }
            ),
        }
    ),
    correct="The formula and α hold. The largest standard deviation is {deviation}; the printed one is that at α "
    "rounded to five places.",
    numbers={"deviation": (_deviation, 17)},
)
