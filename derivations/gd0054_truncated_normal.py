"""GD-0054: the variance that truncation leaves of a normal weight."""

import numpy as np
from scipy.special import ndtr, ndtri
from sympy import S, sqrt

from gainderive import enclosure, exact
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, ending
from gainderive.gaussian import GaussIntegral
from gainderive.symbols import parameter, x

t = parameter("t", positive=True)


def derive() -> Derivation:
    """Return the chain from the two integrals to ``1 - 2 t n(t) / P(|z| < t)``."""
    given = GaussIntegral(x**2, x, S.One, -t, t) / GaussIntegral(S.One, x, S.One, -t, t)
    steps = exact.close(given)
    return Derivation(
        title="Variance of a truncated normal weight",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "the weight is σ times a standard normal variable that is drawn again until it lies between -t and t",
                otherwise="With absolute bounds ±b, as torch's trunc_normal_ takes them, t is b/σ: with its default "
                "b = 2 and the small σ of a wide layer nothing is cut off. Clipping to ±t instead of drawing again "
                "leaves point masses at the ends and a larger variance.",
            ),
        ),
    )


_VARIANCE = derive().claim.rhs
_STD = enclosure.enclose(sqrt(_VARIANCE.subs(t, 2)), 17)
_LOST = enclosure.enclose(1 - _VARIANCE.subs(t, 2), 3)


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    return np.asarray(ndtri(generator.uniform(ndtr(-2), ndtr(2), size)) ** 2)


RESULT = Result(
    title="A normal weight that is truncated at ±t standard deviations keeps 1 - 2 t n(t) / P(|z| < t) of its variance",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=rf"""
Integrate $x^2$ by parts: what the cut takes from the variance is the value of $-2x$ times the density at the end,
relative to the mass that is left. At $t = 2$ about {100 * float(_LOST):.0f} % of the variance is gone, and the
standard deviation is {_STD.mid:.17f} times what was asked for. Libraries that promise a variance (Keras' and JAX'
variance scaling) therefore divide by the constant 0.87962566103423978: its last digit is not right, but as a double
it is the same number. Those that promise only a truncated normal do not divide by anything.

Does it matter? Forgetting the correction at $t = 2$ loses the same share of the signal's second moment in *every*
layer, which ten layers turn into more than a factor of ten. It looks like a weak gain, and it is one.

What truncation is good for is the tail: no weight is an outlier, and the kurtosis is smaller, so at finite width the
fluctuation is milder too.
""",
    experiment=Experiment(
        what="squares of standard normal variables that are truncated at ±2",
        draw=_draw,
        expected=float(_VARIANCE.subs(t, 2)),
    ),
    sources=(
        Source("jax.nn.initializers.variance_scaling, source (the constant stddev of a standard normal in (-2, 2))"),
        Source("keras.initializers.VarianceScaling, source (the same constant)"),
        Source("torch.nn.init.trunc_normal_, source (torch 2.13.0: absolute bounds, no correction)"),
    ),
)
