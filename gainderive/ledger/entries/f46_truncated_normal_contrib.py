"""F46: the factor 1.3 for truncated normal weights."""

from gainderive.ledger import Claim, Printed, Source
from gainderive.ledger.entries.f44_truncated_normal import STANDARD_DEVIATION

CLAIM = Claim(
    says="To get the variance factor/n from a truncated normal variable, ask it for the variance 1.3·factor/n.",
    who=(
        Source(
            "TensorFlow 1, tensorflow/contrib/layers/python/layers/initializers.py (commit 1681cd9)",
            "https://github.com/tensorflow/tensorflow/blob/1681cd91c2098bf67edd129140bdce307a174a19/tensorflow/contrib/layers/python/layers/initializers.py",
        ),
    ),
    check=Printed("1.3", STANDARD_DEVIATION**-2, "reciprocal variance of N(0, 1) cut at ±2"),
    remark="Exact is {exact}; with 1.3 the variance comes out {ratio} times what was asked for.",
    numbers={"exact": (STANDARD_DEVIATION**-2, 8), "ratio": STANDARD_DEVIATION**2 * 13 / 10},
    results=("GD-0046",),
)
