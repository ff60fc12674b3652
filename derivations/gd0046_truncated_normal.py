"""GD-0046: the variance of a normal weight that is drawn anew outside of a bound."""

import numpy as np
from scipy.special import ndtr, ndtri
from sympy import S

from gainderive import exact
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, equation
from gainderive.gaussian import GaussIntegral
from gainderive.symbols import bound, weight_variance, x

b, v = bound, weight_variance


def derive() -> Derivation:
    """Return the chain from the second moment within ``(-b, b)``, by the mass there, to its closed form."""
    given = equation(v, GaussIntegral(x**2, x, 1, -b, b) / GaussIntegral(S.One, x, 1, -b, b))
    steps = exact.close(given)
    return Derivation(
        title="The variance of a truncated normal weight",
        given=given,
        claim=steps[-1].becomes,
        steps=steps,
        assumptions=(
            Assumption(
                "the weight is standard normal, and drawn anew until it lies between -b and b",
                otherwise="Values that are set to the bound instead of being drawn anew keep more of the variance. A "
                "normal weight of standard deviation σ, cut at ±b σ, has σ² times this variance.",
            ),
            Assumption(
                "the bounds lie on both sides of 0 at the same distance",
                otherwise="Cut on one side more than on the other the weight has a mean, and its variance is less than "
                "its second moment.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    return np.asarray(ndtri(generator.uniform(ndtr(-2), ndtr(2), size)) ** 2)


RESULT = Result(
    title="A normal weight cut at ±b has the variance 1 - √(2/π) b exp(-b²/2) / erf(b/√2)",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
`truncated_normal` in JAX, Flax, Keras and TensorFlow cuts at two standard deviations. What is left has less variance,
so an initializer that promises $g^2/n_{\mathrm{in}}$ has to ask for more; those libraries divide by the standard
deviation that this formula gives at $b = 2$. Forgotten, it costs a good fifth of the variance in every layer, behind
ReLU as much as anywhere. PyTorch's `trunc_normal_` does not make up for it: its `std` is that of the normal
distribution before the cut, and its bounds stay where they are told to be, at ±2 by default, whatever the `std`.

The antiderivative is that of $x^2$ times the density: by parts, $x$ times the density, taken at both ends, is what
the cut takes away.
""",
    experiment=Experiment(
        what="squares of standard normal numbers within ±2, by the inverse distribution function",
        draw=_draw,
        expected=float(1 - 4 * np.exp(-2) / np.sqrt(2 * np.pi) / (2 * ndtr(2) - 1)),
    ),
    sources=(
        Source(
            "N. L. Johnson, S. Kotz, N. Balakrishnan: Continuous univariate distributions, volume 1, 2nd ed. 1994 "
            "(normal distributions, truncated)"
        ),
        Source("jax.nn.initializers.variance_scaling, source (JAX 0.10.2)"),
        Source(
            "TensorFlow issue 18706: Wrong variance from initialisers",
            "https://github.com/tensorflow/tensorflow/issues/18706",
        ),
    ),
)
