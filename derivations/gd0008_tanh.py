"""GD-0008: the fixed-point gain of tanh."""

from sympy import Rational

from gainderive import Status, derive
from gainderive.catalog import Differs, Illustration, Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="The fixed-point gain of tanh is 1.59253742...",
    derive=lambda: derive("tanh"),
    settles=Settles("tanh"),
    status=Status.ENCLOSED,
    torch=Differs(
        value=Rational(5, 3),
        because="5/3 is a rule of thumb; with it the second moment grows from 1 to a fixed point of its own (GD-0009), "
        "so a deep network keeps its signal but runs somewhat deeper in saturation",
    ),
    topic=Topic.SATURATION,
    figures=(Illustration("cobweb", "tanh"),),
    commentary=r"""
No closed form of $E\tanh(z)^2$ is known, so the number is enclosed: ball arithmetic integrates on a bounded
interval, and a bound on the Gaussian tail covers the rest.

That this is *the* fixed-point gain needs one more fact: at this $g$ the length map has no other positive fixed
point, and the one at $q = 1$ attracts every start (GD-0023): iterating $q \mapsto g^2 E\tanh(\sqrt q\,z)^2$ from
any $q > 0$ ends at 1, which is how a lecturer may show it.

torch's $5/3$ is neither a more precise version of it nor a rounding: it is 4.7 % larger, and its fixed point lies
at another second moment.
""",
    sources=(
        Source(
            "B. Poole et al.: Exponential expressivity in deep neural networks through transient chaos, NeurIPS 2016 "
            "(length map of tanh networks)",
            "https://arxiv.org/abs/1606.05340",
        ),
    ),
)
