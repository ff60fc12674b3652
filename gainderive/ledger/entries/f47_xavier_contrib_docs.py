"""F47: the standard deviation in the documentation of TensorFlow 1's Xavier initializer."""

from sympy import sqrt

from gainderive.ledger import Claim, Identity, Parts, Said, Source
from gainderive.symbols import fan_in, fan_out

_VARIANCE = 2 / (fan_in + fan_out)

CLAIM = Claim(
    says="Xavier initialization draws uniformly from ±√(6/(in + out)), or from a normal distribution of standard "
    "deviation √(3/(in + out)).",
    who=(
        Source(
            "TensorFlow 1, docstring of tf.contrib.layers.xavier_initializer (commit 1681cd9)",
            "https://github.com/tensorflow/tensorflow/blob/1681cd91c2098bf67edd129140bdce307a174a19/tensorflow/contrib/layers/python/layers/initializers.py",
        ),
    ),
    check=Parts(
        {
            "uniform": Said(
                Identity(
                    sqrt(6 / (fan_in + fan_out)) ** 2 / 3, _VARIANCE, "variance of U(-b, b), b²/3, at b = √(6/(in+out))"
                )
            ),
            "normal": Said(
                Identity(sqrt(3 / (fan_in + fan_out)) ** 2, _VARIANCE, "variance of the normal distribution")
            ),
        }
    ),
    correct="Xavier's variance is 2/(in + out) in both versions, so the standard deviation is √(2/(in + out)). The "
    "code below the docstring does that; the 3 is from the bound of the uniform version.",
    results=("GD-0016", "GD-0017"),
)
