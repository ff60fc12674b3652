"""G108: what Xavier's initialization keeps."""

from gainderive.ledger import Amended, Claim, Derived, Identity, Said, Source, claimed_by, exact
from gainderive.symbols import fan_in, fan_out

_VARIANCE = exact(claimed_by("GD-0016", "v"))


def _kept(equal: bool) -> tuple[Identity, Identity]:
    variance = _VARIANCE.subs(fan_out, fan_in) if equal else _VARIANCE
    back = fan_in if equal else fan_out
    return (
        Identity(fan_in * variance, 1, "factor of the signal's second moment"),
        Identity(back * variance, 1, "factor of the gradient's second moment"),
    )


CLAIM = Claim(
    says="Xavier's initialization keeps signals and gradients.",
    who=(Source("introductions to initialization"),),
    check=Said(
        Derived("GD-0016"), *_kept(equal=False), amended=Amended("n_in = n_out and no activation", *_kept(equal=True))
    ),
    correct="Its authors call it a compromise, and it is one: the signal's second moment is multiplied by 2 "
    "n_in/(n_in + n_out), the gradient's by 2 n_out/(n_in + n_out). Unless both are equal it keeps neither, and the "
    "derivation takes the identity for the activation.",
    results=("GD-0016",),
)
