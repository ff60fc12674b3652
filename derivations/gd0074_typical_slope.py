"""GD-0074: what tanh's slopes multiply to, typically: what 0.02^10 really becomes."""

import math

from sympy import Contains, Interval, Rational, cosh, log

from gainderive import Status, enclosure, gain
from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Step, equation
from gainderive.derivation.reasons import Enclosed
from gainderive.gaussian import GaussMean
from gainderive.symbols import parameter, x

loss = parameter("lambda", positive=True)
MEAN = 2 * GaussMean(log(cosh(x)), x, 1)
DIGITS = 28
_SURE = enclosure.enclose(MEAN, DIGITS)


def derive() -> Derivation:
    """Return the step that encloses ``2 E ln cosh(z)``."""
    inside = Contains(loss, Interval(*(Rational(str(end)) for end in (_SURE.lower, _SURE.upper))), evaluate=False)
    return Derivation(
        title="The typical slope of tanh",
        given=equation(loss, MEAN),
        claim=inside,
        steps=(Step(inside, Enclosed(DIGITS)),),
        assumptions=(
            Assumption(
                "λ = -E ln tanh'(z), where tanh' = 1 - tanh² = 1 / cosh², so that -ln tanh' = 2 ln cosh",
                otherwise="Where a slope can be 0, as behind ReLU, the mean logarithm is minus infinity: a product of "
                "such slopes is typically 0, although its mean square is not.",
            ),
            Assumption(
                "preactivations are standard normal, and those of different layers independent",
                otherwise="At another q, or with a bias, the number is another one: gainderive.saturation gives it. "
                "Units that are saturated in all layers together, for the same inputs, make the product smaller.",
            ),
        ),
    )


_TYPICAL, _MEAN_SQUARE = math.exp(-10 * float(_SURE)), float(gain("tanh", "backward")) ** -20

RESULT = Result(
    title="Ten tanh slopes multiply to exp(-10λ) typically, λ = 2 E ln cosh z, and not to 0.02¹⁰",
    derive=derive,
    status=Status.ENCLOSED,
    topic=Topic.SATURATION,
    commentary=rf"""
A unit at $h = 0.99$ has the slope $1 - h^2 \approx 0.02$, and $0.02^{{10}} \approx 10^{{-17}}$. This is what ten
layers do if *every* unit on a path sits at $0.99$. But $h = 0.99$ is a preactivation of 2.65, which at $q = 1$ less
than one unit in a hundred exceeds, in either direction.

What is typical? A product of independent factors is governed by its logarithm: the sum of ten terms $\ln\tanh'$ is
near ten times their mean $-\lambda$, by the law of large numbers. At $q = 1$ a typical path of ten layers multiplies a
gradient by about {_TYPICAL:.5f}, a loss, but thirteen orders of magnitude from what was said.

And the weights have not been asked yet. They multiply, too: the gradient's second moment changes per layer by $\chi_1
= \sigma_w^2\,E\tanh'^2$ (GD-0002), and over ten layers with $\sigma_w = 1$ the slopes alone contribute
{_MEAN_SQUARE:.5f}. Its root is larger than the typical product, because a mean square follows the few paths on which
nothing is saturated. Which of the two one meets depends on the width: a wide layer sums over many paths, and the mean
square is right; a single chain of units shows the typical product.
""",
)
