"""G106: tanh activations of second moment 1."""

from sympy import tanh

from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Compares, Derived, Refuted, Said, Source
from gainderive.symbols import x

CLAIM = Claim(
    says="A numerical search finds the gain with which tanh has activations of second moment 1.",
    who=(Source("software that solves E φ(g z)² = 1 for g"),),
    check=Said(
        Refuted(Derived("GD-0021")),
        Refuted(Compares("E tanh(g z)² at g = 100", GaussMean(tanh(x) ** 2, x, 100**2), "<", 1)),
    ),
    correct="No gain does: tanh² < 1 everywhere, so the mean is below 1 for every g. What such a search returns is "
    "the end of its interval. For the sigmoid it is the same.",
    results=("GD-0021", "GD-0022"),
)
