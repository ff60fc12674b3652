"""A mean is negative because its integrand is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Mul, S, StrictLessThan

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._smooth import is_smooth
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.gaussian import GaussMean
from gainderive.notation import latex
from gainderive.symbols import x

_DEPTH = 6


@dataclass(frozen=True)
class NegativeIntegrand(Reason):
    r"""From :math:`h(x) < 0` for ``x != 0`` to :math:`c\,E h < 0` with ``c > 0``.

    `factors` are functions whose product is ``-h``. The check verifies the product, that ``h`` is even,
    and that each factor is positive for ``x > 0``: as a sum of exponentials with positive coefficients, or
    because it is 0 at 0 and its derivative is positive for ``x > 0`` (shown the same way).
    """

    name: ClassVar[str] = "sign of the integrand"
    of: GaussMean
    factors: tuple[Expr, ...]

    def check(self, before: Basic, after: Basic) -> Judgement:
        h = self.of.integrand
        if after != StrictLessThan(before, S.Zero, evaluate=False):
            return Judgement.refused("the line does not read: the line before < 0")
        rest = before / self.of
        if rest.has(GaussMean) or not rest.is_positive:
            return Judgement.refused(f"the line before is not a positive number times {self.of}")
        if not is_moderate(h):
            return Judgement.refused(f"that the mean of {h} converges is not shown")
        if not algebra.equal(h, h.subs(x, -x)):
            return Judgement.refused(f"{h} is not even")
        if not algebra.equal(Mul(*self.factors), -h):
            return Judgement.refused(f"the product of the factors is not {-h}")
        for factor in self.factors:
            if not is_positive_to_the_right(factor):
                return Judgement.refused(f"that {factor} is positive for x > 0 is not shown")
        return Judgement.proved()

    def explain(self) -> str:
        listed = ", ".join(rf"${latex(f)}$" for f in self.factors)
        return (
            f"The integrand is even, and minus it is the product of {listed}, "
            "each of which is positive for $x > 0$: it is 0 at 0 and increases, or it is a quotient of sums of "
            "exponentials with positive coefficients."
        )

    def checked(self) -> str:
        return (
            "The product of the factors is compared with minus the integrand as an identity, and each factor is shown "
            "to be positive for $x > 0$: by positive coefficients of exponentials, or by its derivative, again and "
            "again, with value 0 at 0. The integrand is even, and its mean converges."
        )


def is_positive_to_the_right(f: Expr, depth: int = _DEPTH) -> bool:
    """Tell whether ``f(x) > 0`` for all ``x > 0`` is shown.

    >>> from sympy import sinh
    >>> is_positive_to_the_right(sinh(2 * x) / 2 - x)
    True
    """
    if algebra.is_positive_everywhere(f):
        return True
    if depth == 0 or not is_smooth(f, x) or not algebra.is_zero(f.subs(x, 0)):
        return False
    return is_positive_to_the_right(f.diff(x), depth - 1)
