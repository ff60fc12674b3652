"""F56: SIREN's weights, and the standard normal preactivations that they are said to give."""

from sympy import Rational, integrate, pi, sin, sqrt

from gainderive.activations import load
from gainderive.enclosure import Enclosure
from gainderive.gaussian import GaussMean
from gainderive.ledger import Amended, Claim, Compares, Identity, Said, Source, gain_of
from gainderive.roots import enclose_root
from gainderive.symbols import fan_in, parameter, q, x

_OMEGA = parameter("omega", positive=True)
_SINE = load("sin").at()
_WEIGHT = (sqrt(6 / fan_in) / _OMEGA) ** 2 / 3
"""Variance of a weight that is uniform between ±√(6/n)/ω."""
_ARCSINE = integrate(sin(x) ** 2, (x, 0, 2 * pi)) / (2 * pi)
"""Second moment of the sine of a uniform phase, which has the arcsine distribution."""
_AFTER_NORMAL = 2 * GaussMean(_SINE.numeric**2, x, 1)


def _at_rest() -> Enclosure:
    """Return the second moment of the preactivations that the layers reproduce."""
    return enclose_root(2 * GaussMean(_SINE.numeric**2, x, q) / q - 1, q, 0.8, 20)


CLAIM = Claim(
    says="Weights uniform in ±√(6/n)/ω make the preactivations ω·Wh of a sine network standard normal in every layer.",
    who=(
        Source(
            "V. Sitzmann, J. Martel, A. Bergman, D. Lindell, G. Wetzstein: Implicit neural representations with "
            "periodic activation functions, NeurIPS 2020, section 3.2 and supplement 1",
            "https://arxiv.org/abs/2006.09661",
        ),
        Source(
            "SIREN, modules.py, sine_init (commit 361422e)",
            "https://github.com/vsitzmann/siren/blob/361422eb804f59bc46ca3a7b43d6aced067b97e9/modules.py",
        ),
    ),
    check=Said(
        Compares("variance of the next preactivation behind standard normal ones", _AFTER_NORMAL, "=", 1),
        amended=Amended(
            "behind sines of a uniform phase, E sin² = 1/2",
            Identity(_OMEGA**2 * fan_in * _WEIGHT * _ARCSINE, Rational(1), "variance of the next preactivation"),
        ),
    ),
    correct="The variance is 1 behind sines of second moment 1/2, as of a uniform phase. Behind standard normal "
    "preactivations the sine has less, (1 - e⁻²)/2: the next variance is {after}, and the layers come to rest at "
    "{rest}. The gain that keeps 1 is {forward}, not √2.",
    remark="The first layer, whose phases span many periods, has the arcsine distribution; the later ones have not.",
    numbers={"after": _AFTER_NORMAL, "rest": _at_rest, "forward": (gain_of("sin"), 8)},
)
