"""F45: the standard deviation of a complex normal variable cut at modulus 2, and the weights divided by it."""

from decimal import Decimal

from sympy import Rational, exp, integrate, sqrt

from gainderive.ledger import Claim, Compares, Parts, Printed, Said, Source
from gainderive.symbols import x

PRINTED = ".95311164380491208"
_SQUARE, _MASS = (integrate(of * exp(-x), (x, 0, 4)) for of in (x, 1))
"""The squared modulus of a complex normal variable is exponential; it is cut at 2 squared."""
STANDARD_DEVIATION = sqrt(_SQUARE / _MASS)
_CONSTANT = Rational(*Decimal(PRINTED).as_integer_ratio())
VARIANCE = STANDARD_DEVIATION**2 / _CONSTANT**2

CLAIM = Claim(
    says="A complex standard normal variable truncated to modulus 2 has the standard deviation .95311164380491208; "
    "divided by it, complex weights get the variance that is asked for.",
    who=(
        Source(
            "JAX 0.10.2, jax/_src/nn/initializers.py, variance_scaling with a complex dtype",
            "https://docs.jax.dev/en/latest/_autosummary/jax.nn.initializers.variance_scaling.html",
        ),
        Source("JAX pull request 7670, by which it came there", "https://github.com/jax-ml/jax/pull/7670"),
    ),
    check=Parts(
        {
            "the constant": Printed(
                PRINTED, STANDARD_DEVIATION, "standard deviation of the cut complex normal variable"
            ),
            "the variance that was asked for": Said(
                Compares("variance of a weight, by the variance asked for", VARIANCE, "=", 1)
            ),
        }
    ),
    correct="The standard deviation is √((1 - 5/e⁴)/(1 - 1/e⁴)) = {exact}. The constant lacks the denominator, the "
    "mass within the modulus 2: it is √(1 - 5/e⁴) = {without}, up to {slip}. Complex weights that JAX draws by "
    "lecun_normal, glorot_normal or he_normal have {variance} times the variance asked for.",
    remark="A real and an imaginary part of variance 1/2 each: |z|² is exponential of mean 1, and is cut at 4.",
    numbers={
        "exact": (STANDARD_DEVIATION, 20),
        "without": (sqrt(_SQUARE), 17),
        "slip": (_CONSTANT - sqrt(_SQUARE), 2),
        "variance": (VARIANCE, 5),
    },
    results=("GD-0047",),
)
