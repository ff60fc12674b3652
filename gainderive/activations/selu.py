"""The scaled exponential linear unit: scale x to the right of 0, scale alpha (exp(x) - 1) to the left.

Its two constants are the solutions of E phi(z) = 0 and E phi(z)^2 = 1, so that it needs no gain but 1; torch prints
them to 31 digits, here they are exact. GD-0013 derives these closed forms from the two equations.
"""

from sympy import Piecewise, Rational, erfc, exp, pi, sqrt

from gainderive.activations._activation import Activation, Constant
from gainderive.symbols import parameter, x

scale = parameter("lambda", positive=True)
alpha = parameter("alpha", positive=True)

_half, _one = exp(Rational(1, 2)) * erfc(1 / sqrt(2)), exp(2) * erfc(sqrt(2))
_alpha = sqrt(2 / pi) / (1 - _half)
_scale = 1 / sqrt(_alpha**2 * (_one / 2 - _half + Rational(1, 2)) + Rational(1, 2))

ACTIVATION = Activation(
    name="selu",
    title="SELU",
    expression=Piecewise((scale * alpha * (exp(x) - 1), x < 0), (scale * x, True)),
    constants=(Constant(alpha, _alpha), Constant(scale, _scale)),
    elsewhere=(
        "torch.nn.SELU",
        "torch.nn.functional.selu",
        "torch.selu",
        "jax.nn.selu",
        "keras.activations.selu",
        "keras.ops.selu",
    ),
    source="torch.nn.functional.selu; Klambauer, Unterthiner, Mayr & Hochreiter 2017, arXiv:1706.02515",
)
