"""GD-0009: where tanh networks with torch's gain come to rest."""

from sympy import Rational

from gainderive import Status
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Source
from gainderive.meanfield import derive_fixed_point

TORCHS = Rational(5, 3)

RESULT = Result(
    title="With gain 5/3 a tanh network comes to rest at another second moment than 1",
    derive=lambda: derive_fixed_point("tanh", TORCHS),
    status=Status.ENCLOSED,
    topic=Topic.SATURATION,
    figures=(
        Illustration("cobweb", "tanh", {"gain": TORCHS}),
        Illustration("depth", "tanh"),
        Illustration("gradients", "tanh"),
    ),
    commentary=r"""
torch's gain for tanh does not keep a unit second moment, but the signal does not explode or die either: the length
map is drawn to a fixed point $q^*$ from every positive start (GD-0023); its slope $\lambda_q$ there, below 1, gives
the rate. From then on every layer sees preactivations of second moment $q^*$, and the activations have second
moment $M_2$ and standard deviation $\sigma_h = \sqrt{M_2}$ (tanh is odd, so its mean is 0).

The gradient is another matter: between layers of equal width each layer multiplies its second moment by $\chi_1 =
\sigma_w^2\,E\tanh'(\sqrt{q^*}\,z)^2$. A value above 1 means that gradients *grow* towards the input: this is the
chaotic side of the edge of chaos, and no gain $g > 1$ without bias is on its other side. At depth 50 the gradient's
second moment differs by the factor $\chi_1^{50}$ between last and first layer.
""",
    sources=(
        Source(
            "S. Schoenholz, J. Gilmer, S. Ganguli, J. Sohl-Dickstein: Deep information propagation, ICLR 2017 (chi_1)",
            "https://arxiv.org/abs/1611.01232",
        ),
    ),
)
