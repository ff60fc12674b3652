"""G111: an initialization for SwiGLU."""

from gainderive import units
from gainderive.criteria import Criterion
from gainderive.facade import solution
from gainderive.ledger import Amended, Claim, Compares, Identity, Refuted, Said, Source, gain_of

_FORWARD, _OF_THE_GATE = (solution(units.named(name).at(), Criterion.FORWARD).doit() for name in ("swiglu", "silu"))

CLAIM = Claim(
    says="SwiGLU is a product, so it needs an initialization of its own.",
    who=(Source("practice"),),
    check=Said(
        Refuted(Identity(_FORWARD, _OF_THE_GATE, "gain of SwiGLU, as that of SiLU")),
        amended=Amended(
            "for the gradient only",
            Refuted(
                Compares("backward gain of SwiGLU", gain_of("swiglu", "backward"), "=", gain_of("silu", "backward"))
            ),
        ),
    ),
    correct="Forward it has the gain of its gate alone, {forward}: the two preactivations have weights of their own, "
    "and the other factor has second moment 1. Backward it has {backward} and its gate {gate}; and as a gated unit "
    "has two preactivations, the fans change too.",
    numbers={
        "forward": gain_of("silu"),
        "backward": gain_of("swiglu", "backward"),
        "gate": gain_of("silu", "backward"),
    },
    results=("GD-0040", "GD-0041"),
)
