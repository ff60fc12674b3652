"""B10: the size of Xavier's variance."""

from gainderive.ledger import Amended, Claim, Derived, Identity, Said, Source, claimed_by, exact, gain_of
from gainderive.symbols import fan_in, fan_out

_XAVIER = exact(claimed_by("GD-0016", "v"))

CLAIM = Claim(
    says="For tanh take Xavier's (Glorot's) initialization, whose variance is of the order 1/n_in.",
    who=(
        Source(
            "X. Glorot, Y. Bengio: Understanding the difficulty of training deep feedforward neural networks, AISTATS "
            "2010, eq. (12), (16), as lecture notes render it",
            "https://proceedings.mlr.press/v9/glorot10a.html",
        ),
    ),
    check=Said(
        Derived("GD-0016"),
        Identity(_XAVIER, 1 / fan_in, "Var W of Xavier"),
        amended=Amended(
            "layers with as many outputs as inputs",
            Derived("GD-0016"),
            Identity(_XAVIER.subs(fan_out, fan_in), 1 / fan_in, "Var W of Xavier"),
        ),
    ),
    correct="Xavier's variance is 2/(n_in + n_out), which is 1/n_in when n_in = n_out, and far from it when n_out is "
    "many times n_in. The gain of tanh itself, {tanh}, has still to be put in.",
    numbers={"tanh": gain_of("tanh")},
    results=("GD-0016", "GD-0008"),
)
