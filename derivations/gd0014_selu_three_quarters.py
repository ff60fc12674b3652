"""GD-0014: what torch's 3/4 does to a SELU network."""

from sympy import Rational

from gainderive import Status
from gainderive.catalog import Result
from gainderive.derivation import Source
from gainderive.meanfield import derive_fixed_point

RESULT = Result(
    title="With gain 3/4 SELU is not self-normalising",
    derive=lambda: derive_fixed_point("selu", Rational(3, 4)),
    status=Status.ENCLOSED,
    commentary=r"""
torch returns $3/4$ for "selu", with a comment that the value was found empirically and gives a more stable gradient
in rectangular layers, and with a warning in its documentation that one should use "linear" to build
self-normalising networks. The warning is right: at $3/4$ the second moment does not stay at 1 but falls to the
fixed point $q^*$ enclosed here, far below 1, where SELU acts almost like a linear function with a kink.

The mean is not kept either: the two equations of GD-0013 hold at $q = 1$ only.
""",
    sources=(
        Source("torch.nn.init.calculate_gain, documentation and source (torch 2.13.0)"),
        Source(
            "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter: Self-normalizing neural networks, NeurIPS 2017",
            "https://arxiv.org/abs/1706.02515",
        ),
    ),
)
