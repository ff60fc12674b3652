"""G103: GELU initialised like ReLU."""

from sympy import Rational, sqrt

from gainderive.ledger import Amended, Claim, Compares, Said, Source, exact, gain_of

CLAIM = Claim(
    says="GELU is a smooth ReLU, so initialise it like ReLU.",
    who=(Source("practice"),),
    check=Said(
        Compares("gain of GELU", gain_of("gelu"), "=", sqrt(2)),
        amended=Amended(
            "to about a tenth",
            Compares("gain of GELU over that of ReLU", lambda: exact(gain_of("gelu")) / sqrt(2), "<", Rational(11, 10)),
            Compares("gain of GELU over that of ReLU", lambda: exact(gain_of("gelu")) / sqrt(2), ">", Rational(10, 11)),
        ),
    ),
    correct="GELU's gain is {gelu}, ReLU's {relu}. GELU passes less of a unit signal, so with √2 the second moment "
    "falls in every layer. In a network with normalisation layers the difference is invisible.",
    numbers={"gelu": (gain_of("gelu"), 4), "relu": (sqrt(2), 4)},
    results=("GD-0031", "GD-0005"),
)
