"""F57: SIREN's factor 30."""

from sympy import sqrt

from gainderive.ledger import Claim, Identity, Said, Source
from gainderive.symbols import fan_in, parameter

_OMEGA = parameter("omega", positive=True)

CLAIM = Claim(
    says="The factor ω = 30 in sin(ω·Wh), with weights divided by ω, leaves the distribution of the activations as it "
    "is.",
    who=(
        Source(
            "SIREN, modules.py, 'discussion of factor 30' (commit 361422e)",
            "https://github.com/vsitzmann/siren/blob/361422eb804f59bc46ca3a7b43d6aced067b97e9/modules.py",
        ),
    ),
    check=Said(
        Identity(
            _OMEGA**2 * (sqrt(6 / fan_in) / _OMEGA) ** 2 / 3,
            2 / fan_in,
            "variance of ω·W, with W uniform between ±√(6/n)/ω",
        )
    ),
    remark="Any ω does, and no condition singles out 30: at initialization it cancels in every layer but the first. "
    "What it changes is training, as the gradient by the weights gets the factor ω.",
)
