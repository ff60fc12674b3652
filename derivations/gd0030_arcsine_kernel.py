"""GD-0030: the arcsine kernel, the mean of a product of two centred error functions."""

from sympy import erf

from gainderive import exact
from gainderive.catalog import Result
from gainderive.derivation import Derivation, Source, ending
from gainderive.gaussian import GaussMean
from gainderive.symbols import parameter, q, x

a, c = parameter("a"), parameter("c")


def _derive() -> Derivation:
    given = GaussMean(erf(a * x) * erf(c * x), x, q)
    steps = exact.close(given)
    return Derivation(
        title="The arcsine kernel",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=("x is normal with mean 0 and second moment q > 0", "a and c are real numbers"),
    )


RESULT = Result(
    title="The arcsine kernel: E erf(ax) erf(cx) = (2/π) arcsin(2acq / √((1+2a²q)(1+2c²q)))",
    derive=_derive,
    commentary=r"""
GD-0027 without offsets: the quadrant's probability is then $\tfrac14 + \tfrac1{2\pi}\arcsin\rho$. With $a = c$ it is the
second moment of an erf unit, so the erf network has its length map and its gain in closed form: $E\operatorname{erf}(z)^2 =
\tfrac2\pi \arcsin\tfrac23$ and $g = (\tfrac2\pi \arcsin\tfrac23)^{-1/2}$.

Williams derived it for two inputs of an infinitely wide network of erf units, where $q$ and $\rho$ come from the inputs'
scalar products; with one preactivation it is the diagonal of that kernel.
""",
    sources=(Source("C. K. I. Williams: Computing with infinite networks, NIPS 1996, section 3.1"),),
)
