"""G107: where SELU's constants come from."""

from gainderive.ledger import Claim, Compares, Derived, Refuted, Said, Source, claimed_by, moment_of

CLAIM = Claim(
    says="SELU's constants are numerical fits.",
    who=(Source("how they look in code"),),
    check=Said(
        Refuted(Derived("GD-0013")),
        Refuted(Compares("mean of SELU with the closed forms", moment_of("selu", "mean"), "=", 0)),
        Refuted(Compares("second moment of SELU with the closed forms", moment_of("selu", "second moment"), "=", 1)),
    ),
    correct="They are the unique solution of two equations, mean 0 and second moment 1 for a standard normal input, "
    "and have closed forms; α = {alpha}.",
    numbers={"alpha": (claimed_by("GD-0013", "alpha"), 10)},
    results=("GD-0013",),
)
