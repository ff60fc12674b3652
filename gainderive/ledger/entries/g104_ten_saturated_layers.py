"""G104: what a layer does to the gradient in a saturated network."""

from sympy import Rational

from gainderive.ledger import Amended, Claim, Compares, Said, Source, claimed_by

_SATURATED = Rational("0.02")

CLAIM = Claim(
    says="In a deep tanh network with large weights each layer multiplies the gradient by its small slope, so it "
    "vanishes.",
    who=(Source("lecture notes on vanishing gradients"),),
    check=Said(
        Compares("χ₁ at rest, for gain 5/3", claimed_by("GD-0009", "chi_1"), "<", 1),
        amended=Amended(
            "every unit at h = 0.99, and weights that have no say",
            Compares("slope at h = 0.99", 1 - Rational("0.99") ** 2, "<", _SATURATED),
        ),
    ),
    correct="What counts is the product of the weights' scale with the mean of the squared slope over all units, χ₁ = "
    "σ_w² E (1 - h²)². At tanh's fixed point it is above 1 for every σ_w > 1, {chi} for 5/3: on average over the "
    "weights the gradient grows. It vanishes where units are saturated without weights large enough to make up for "
    "it: by large inputs or biases.",
    numbers={"chi": claimed_by("GD-0009", "chi_1")},
    results=("GD-0009", "GD-0019"),
)
