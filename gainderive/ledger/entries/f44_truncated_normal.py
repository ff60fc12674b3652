"""F44: the standard deviation of a normal variable that is cut at two."""

from sympy import Abs, Piecewise, S, sqrt

from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Printed, Source
from gainderive.symbols import x

_INSIDE = Abs(x) < 2
STANDARD_DEVIATION = sqrt(
    GaussMean(Piecewise((x**2, _INSIDE), (S.Zero, True)), x, 1)
    / GaussMean(Piecewise((S.One, _INSIDE), (S.Zero, True)), x, 1)
)

CLAIM = Claim(
    says="A standard normal variable truncated to (-2, 2) has the standard deviation .87962566103423978.",
    who=(
        Source(
            "JAX 0.10.2, jax/_src/nn/initializers.py, variance_scaling, and with it Flax",
            "https://docs.jax.dev/en/latest/_autosummary/jax.nn.initializers.variance_scaling.html",
        ),
        Source("Keras 3.15.1, keras/src/initializers/random_initializers.py"),
        Source(
            "TensorFlow issue 18706, by which it came there", "https://github.com/tensorflow/tensorflow/issues/18706"
        ),
    ),
    check=Printed(".87962566103423978", STANDARD_DEVIATION, "standard deviation of N(0, 1) cut at ±2"),
    correct="It is {exact}: the printed number is the right one rounded to double precision, whose last digit is "
    "noise.",
    remark="As doubles the printed number and the exact one are the same, so no weight is drawn differently.",
    numbers={"exact": (STANDARD_DEVIATION, 20)},
    results=("GD-0046",),
)
