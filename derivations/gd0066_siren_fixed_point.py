"""GD-0066: where sine networks with SIREN's weights come to rest."""

from sympy import sqrt

from gainderive import Status
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Source
from gainderive.meanfield import derive_fixed_point

GAIN = sqrt(2)

RESULT = Result(
    title="With SIREN's weights a sine network comes to rest below unit second moment, and its gradients grow",
    derive=lambda: derive_fixed_point("sin", GAIN),
    status=Status.ENCLOSED,
    topic=Topic.INITIALIZERS,
    figures=(Illustration("cobweb", "sin", {"gain": GAIN}),),
    commentary=r"""
The gain $\sqrt 2$ (GD-0065) assumes that sines have the second moment $\tfrac12$. They have $\tfrac12(1 - e^{-2q})$
(GD-0064), and at $q = 1$ the difference is not small. The length map is therefore $q \mapsto 1 - e^{-2q}$, whose
fixed point is not 1 but the $q^*$ above: about four fifths. The map attracts strongly, so the network is there after
a few layers, and everything is as stable forwards as was promised; only the number is another one.

Backwards, $\chi_1 = 2\,E\cos^2(\sqrt{q^*}\,z) = 1 + e^{-2q^*} = 2 - q^*$, which is above 1: the gradient's second
moment grows by a fifth per layer towards the input. That is the chaotic side of the edge, and for a network of four
or five layers that is to represent fine detail this is a feature. For a deep one it is the reason why SIREN becomes
hard to train. The gain 1, which is the critical one, lets the signal die out slowly instead.
""",
    sources=(
        Source(
            "V. Sitzmann et al.: Implicit neural representations with periodic activation functions, NeurIPS 2020",
            "https://arxiv.org/abs/2006.09661",
        ),
        Source(
            "A new initialisation to control gradients in sinusoidal neural networks, 2025 (fixed points of the "
            "preactivations' and the Jacobian's variance)",
            "https://arxiv.org/abs/2512.06427",
        ),
    ),
)
