"""GD-0047: the variance of a complex normal weight whose modulus is cut."""

import numpy as np
from sympy import Rational, exp

from gainderive import exact
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Arithmetic
from gainderive.gaussian import GaussIntegral
from gainderive.symbols import bound, weight_variance, x

b, v = bound, weight_variance


def derive() -> Derivation:
    """Return the chain from the mean of the squared modulus within the disc, by the mass there, to its closed form."""
    half = Rational(1, 2)
    given = equation(v, GaussIntegral(x**3, x, half, 0, b) / GaussIntegral(x, x, half, 0, b))
    steps = list(exact.close(given))
    steps.append(Step(equation(v, 1 - b**2 / (exp(b**2) - 1)), Arithmetic()))
    return Derivation(
        title="The variance of a truncated complex normal weight",
        given=given,
        claim=steps[-1].becomes,
        steps=tuple(steps),
        assumptions=(
            Assumption(
                "real and imaginary part are independent and normal of variance 1/2, so that the modulus r has the "
                "density 2 r exp(-r²), which is 2√π r times that of N(0, 1/2)",
                otherwise="With parts of different variance the modulus has another law, and the disc cuts more of one "
                "part than of the other.",
            ),
            Assumption(
                "the weight is drawn anew until its modulus is below b",
                otherwise="Cut in real and imaginary part each, the region is a square, and GD-0046 gives the variance "
                "of either part.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    return np.asarray(-np.log1p(-generator.uniform(0, 1 - np.exp(-4), size)))


RESULT = Result(
    title="A complex normal weight cut at modulus b has the variance 1 - b²/(exp(b²) - 1)",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
The variance of a centred complex number is the mean of $|z|^2$. In polar coordinates the angle integrates out, and what
remains is a ratio of two moments over $r$ from 0 to $b$: the second moment that the disc holds, by the mass that it
holds. Forgetting to divide by the mass $1 - e^{-b^2}$ gives $1 - (1 + b^2)\,e^{-b^2}$ instead: the second moment of a
weight that is set to 0 outside of the disc, and not drawn anew.

The root of the second number, at $b = 2$, is what `jax.nn.initializers.variance_scaling` divides complex weights by,
while its samples are drawn within the disc. So complex weights come out with a variance that is larger than the one
asked for, by the reciprocal of that mass.
""",
    experiment=Experiment(
        what="squared moduli of complex normal numbers within the disc of radius 2",
        draw=_draw,
        expected=float(1 - 4 / np.expm1(4)),
    ),
    sources=(
        Source("jax.nn.initializers.variance_scaling, source (JAX 0.10.2)"),
        Source(
            "JAX pull request 7670: Complex-valued variance scaling initializers",
            "https://github.com/jax-ml/jax/pull/7670",
        ),
    ),
)
