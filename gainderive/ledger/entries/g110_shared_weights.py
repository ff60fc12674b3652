"""G110: convolutions and the rule for linear layers."""

from sympy import sqrt

from gainderive.derivation import equation
from gainderive.ledger import Claim, Derived, Refuted, Said, Source
from gainderive.symbols import channels, g, kernel_size, second_moment, weight_variance

_RULE = equation(weight_variance, g**2 / (channels * kernel_size)), equation(g, 1 / sqrt(second_moment))

CLAIM = Claim(
    says="A convolution shares its weights, so the rule for linear layers does not apply.",
    who=(Source("questions in forums"),),
    check=Said(*(Refuted(Derived("GD-0007", part)) for part in _RULE)),
    correct="It applies, with fan_in = channels × kernel size: each output is a weighted sum of so many inputs, and "
    "the derivation never compares two positions. At the border zero padding removes terms.",
    results=("GD-0007",),
)
