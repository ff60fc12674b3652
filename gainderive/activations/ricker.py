"""The Mexican hat (1 - x^2) exp(-x^2/2), the second derivative of a Gaussian but for its sign.

It is the mother wavelet of many wavelet networks, here with value 1 at 0; a constant factor only divides the gain.
"""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="ricker",
    title="Mexican hat",
    expression=(1 - x**2) * exp(-(x**2) / 2),
    aliases=("mexican_hat",),
    source="Zhang & Benveniste 1992, Wavelet networks",
)
