"""F48: a variance corrected by a ratio of standard deviations."""

from gainderive.ledger import Claim, Parts, Printed, Source
from gainderive.ledger.entries.f44_truncated_normal import STANDARD_DEVIATION

CLAIM = Claim(
    says="As the normal distribution is truncated at two standard deviations, the scale should be multiplied by 1.137, "
    "so for He's rule stddev = √(2.274·scale).",
    who=(Source("TensorFlow issue 19081", "https://github.com/tensorflow/tensorflow/issues/19081"),),
    check=Parts(
        {
            "1.137 for the standard deviation": Printed("1.137", 1 / STANDARD_DEVIATION, "1/σ of N(0, 1) cut at ±2"),
            "2.274 for He's variance": Printed("2.274", 2 * STANDARD_DEVIATION**-2, "2/σ²"),
        }
    ),
    correct="1.137 belongs to the standard deviation. Under the square root stands a variance, and there it is its "
    "square: stddev = √({variance}·scale).",
    numbers={"variance": (2 * STANDARD_DEVIATION**-2, 5)},
    results=("GD-0046", "GD-0015"),
)
