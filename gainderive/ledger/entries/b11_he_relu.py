"""B11: He's initialization."""

from gainderive.ledger import Claim, Derived, Identity, Said, Source, claimed_by, exact, gain_of
from gainderive.symbols import fan_in, parameter

_HE = exact(claimed_by("GD-0015", "v"))

CLAIM = Claim(
    says="For ReLU take He's initialization: Var W = 2/n_in.",
    who=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, eq. (10)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
    check=Said(
        Derived("GD-0015"),
        Identity(_HE.subs(parameter("a"), 0), 2 / fan_in, "He's variance with slope 0 to the left"),
        Identity(exact(gain_of("relu")) ** 2 / fan_in, 2 / fan_in, "the variance that ReLU's derived gain gives"),
    ),
    remark="It keeps the second moment at every scale, since ReLU is positively homogeneous. Centred, uncorrelated "
    "weights and no bias are assumed; in front of inputs that do not come from a ReLU the gain is another.",
    results=("GD-0015", "GD-0005"),
)
