"""F75: where PyTorch's truncated normal distribution is cut."""

from sympy import Rational

from gainderive.ledger import Claim, Compares, Said, Source, claimed_by, exact
from gainderive.symbols import bound

_DEVIATION, _BOUND = Rational(2, 100), Rational(2)

CLAIM = Claim(
    says="trunc_normal_(weight, std=0.02) draws from a normal distribution cut at two standard deviations.",
    who=(
        Source("Readings of calls in vision transformers"),
        Source(
            "PyTorch 2.13, torch.nn.init.trunc_normal_, whose bounds are a = -2 and b = 2",
            "https://docs.pytorch.org/docs/stable/nn.init.html",
        ),
    ),
    check=Said(Compares("bound by the standard deviation", _BOUND / _DEVIATION, "=", 2)),
    correct="The bounds are numbers, not multiples of std: ±2 is {multiple} standard deviations of 0.02, and nothing "
    "is cut. For a cut at two of them say a=-2*std, b=2*std; the variance is then {variance} of std².",
    remark="Initializers of JAX, Keras and TensorFlow do cut at two standard deviations, and make up for it.",
    numbers={
        "multiple": _BOUND / _DEVIATION,
        "variance": lambda: exact(claimed_by("GD-0046", "v")).subs(bound, 2),
    },
    results=("GD-0046",),
)
