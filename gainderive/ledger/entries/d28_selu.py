"""D28: SELU's 3/4."""

from sympy import Expr, Rational

from gainderive.ledger import Claim, Compares, Derived, Parts, Said, Source, claimed_by, exact, gain_of, moment_of

_TORCHS = Rational(3, 4)


def _kept() -> Expr:
    return _TORCHS**2 * exact(moment_of("selu", "second moment"))


CLAIM = Claim(
    says="SELU is self-normalising; to keep that, the gain is 3/4.",
    who=(Source("explanations of PyTorch's table of gains; a natural reading of calculate_gain('selu')"),),
    check=Parts(
        {
            "self-normalising": Said(
                Derived("GD-0013"),
                Compares("mean of SELU", moment_of("selu", "mean"), "=", 0),
                Compares("second moment of SELU", moment_of("selu", "second moment"), "=", 1),
            ),
            "3/4 keeps it": Said(Compares("second moment behind a layer with gain 3/4", _kept, "=", 1)),
        }
    ),
    correct="The gain of SELU is {gain}: its constants are made so. With 3/4 the signal falls to the second moment "
    "{q}. PyTorch's documentation itself says to use 'linear' for self-normalising networks.",
    numbers={"gain": gain_of("selu"), "q": claimed_by("GD-0014", "q")},
    results=("GD-0024", "GD-0013", "GD-0014"),
)
