"""GD-0017: the bound of a uniform distribution with given variance."""

from sympy import Integral, Rational, sqrt

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Step, equation
from gainderive.derivation.reasons import FundamentalTheorem, Solving
from gainderive.symbols import bound, weight_variance, x

b, v = bound, weight_variance


def derive() -> Derivation:
    """Return the chain from the variance of U(-b, b) to ``b = sqrt(3 v)``."""
    integral = Integral(x**2 / (2 * b), (x, -b, b))
    steps = (
        Step(equation(b**2 / 3, v), FundamentalTheorem(integral, antiderivative=Rational(1, 6) * x**3 / b)),
        Step(equation(b, sqrt(3) * sqrt(v)), Solving(b)),
    )
    return Derivation(
        title="The bound of a uniform distribution",
        given=equation(integral, v),
        claim=steps[-1].becomes,
        steps=steps,
        assumptions=(
            Assumption(
                "the weight is uniform on (-b, b), so its mean is 0 and its second moment is its variance",
                otherwise="The relation belongs to the uniform law: a normal weight has no bound at all, and a weight "
                "of values ±b has the bound √v. On an interval that is not centred at 0 the squared mean comes on top "
                "of the variance.",
            ),
        ),
    )


RESULT = Result(
    title="A uniform weight of variance v has the bound √(3v)",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
`kaiming_uniform_` and `xavier_uniform_` draw from $U(-b, b)$ with $b = \sqrt 3\,\sigma$. Forgetting the $\sqrt 3$
makes the weights' variance a third of what was meant, which a network of $L$ layers turns into a factor $3^{-L}$ of
the signal's second moment.

The gain is about the variance alone, so it is the same number for normal, uniform and any other centred
distribution; at finite width the distributions differ in the *fluctuation* of the second moment, where the uniform
one is the milder.
""",
)
