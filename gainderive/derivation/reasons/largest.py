"""The largest of several independent normal variables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from sympy import Add, Basic, Expr, Heaviside, Max, S, erf, sqrt

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.gaussian import GaussMean
from gainderive.joint import JointMean
from gainderive.symbols import x


@dataclass(frozen=True)
class DensityOfTheLargest(Reason):
    r"""Write :math:`E f(\max(x_1, \dots, x_k)) = E[k\,f(x)\,\Phi(x/\sqrt q)^{k-1}]`, all over N(0, q).

    The maximum is below ``t`` when all ``k`` independent variables are, which has the probability
    :math:`\Phi(t/\sqrt q)^k`; its derivative by ``t`` is the density of the maximum, ``k`` times
    :math:`\Phi^{k-1}` times the normal density. The check finds that the integrand depends on the variables through
    their maximum alone and that they all have the same second moment.
    """

    name: ClassVar[str] = "density of the maximum"
    of: JointMean

    def check(self, before: Basic, after: Basic) -> Judgement:
        variables = self.of.variables
        seconds = {law[1] for law in self.of.normal}
        if len(self.of.normal) != len(variables) or len(variables) < 2 or len(seconds) != 1:
            return Judgement.refused("the mean is not over several normal variables of one second moment")
        if x in self.of.free_symbols:
            return Judgement.refused(f"{x} already stands for something else")
        f = self.of.integrand.xreplace({Max(*variables): x})
        if f.free_symbols & set(variables):
            return Judgement.refused(f"{self.of.integrand} does not depend on the maximum alone")
        return exchanged(before, after, self.of, mean_of_largest(f, len(variables), seconds.pop()))

    def explain(self) -> str:
        k = len(self.of.variables)
        power = "" if k == 2 else f"^{{{k - 1}}}"
        return (
            rf"The largest of {k} independent variables is below $t$ with probability $\Phi(t/\sqrt q)^{{{k}}}$, so it "
            rf"has {k} $\Phi(x/\sqrt q){power}$ times the density of one of them, with "
            r"$\Phi(t) = \tfrac12(1 + \operatorname{erf}(t/\sqrt 2))$."
        )

    def checked(self) -> str:
        return (
            "The integrand is found to mention the variables through their maximum alone, and all of them to have the "
            "same second moment; the new integrand is built from that maximum's density and compared with this line."
        )


def mean_of_largest(f: Expr, k: int, q: Expr) -> GaussMean:
    """Return the mean of `f`, an expression in ``x``, over the largest of `k` independent N(0, q).

    >>> mean_of_largest(x**2, 2, S.One)
    E[2*z**2*(erf(sqrt(2)*z/2)/2 + 1/2)]
    """
    return GaussMean(k * f * ((1 + erf(x / sqrt(2 * q))) / 2) ** (k - 1), x, q)


@dataclass(frozen=True)
class OneIsLargest(Reason):
    r"""Write :math:`E\sum_i \mathbf 1(x_i > \max_{j \ne i} x_j)^2 = 1`.

    Independent normal variables differ from each other with probability 1, and then exactly one of them is the
    largest. The check finds the indicators of all the variables, each once.
    """

    name: ClassVar[str] = "exactly one is the largest"
    of: JointMean

    def check(self, before: Basic, after: Basic) -> Judgement:
        variables = self.of.variables
        if len(self.of.normal) != len(variables) or len(variables) < 2:
            return Judgement.refused("the mean is not over several normal variables")
        if not algebra.equal(self.of.integrand, Add(*(term**2 for term in indicators(variables)))):
            return Judgement.refused(f"{self.of.integrand} is not the sum of the indicators' squares")
        return exchanged(before, after, self.of, S.One)

    def explain(self) -> str:
        return (
            r"Exactly one of the preactivations is the largest, with probability 1, so exactly one of the indicators "
            r"$\theta$ is 1 and the others are 0."
        )

    def checked(self) -> str:
        return (
            "The integrand is compared, as an identity, with the sum of the squared indicators of all "
            f"{len(self.of.variables)} variables, each once; 1 in its place gives this line."
        )


@lru_cache(maxsize=64)
def indicators(variables: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Return, for each variable, the indicator that it is larger than all others."""
    return tuple(Heaviside(v - Max(*(w for w in variables if w != v))) for v in variables)
