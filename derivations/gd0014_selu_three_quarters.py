"""GD-0014: what torch's 3/4 does to a SELU network."""

from sympy import Rational

from gainderive import Status
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Source
from gainderive.meanfield import derive_fixed_point

RESULT = Result(
    title="With gain 3/4 SELU is not self-normalising",
    derive=lambda: derive_fixed_point("selu", Rational(3, 4)),
    status=Status.ENCLOSED,
    topic=Topic.SELU,
    figures=(Illustration("cobweb", "selu", {"gain": Rational(3, 4)}),),
    commentary=r"""
torch returns $3/4$ for "selu", with the comment that the value was found empirically; its documentation says that
it sacrifices the normalization for a more stable gradient in rectangular layers, and that one should use "linear"
to build self-normalising networks. Both are right. At $3/4$ the preactivation's second moment, iterated from 1,
falls to the fixed point $q^*$ enclosed here, far below 1, where SELU acts almost like a Leaky ReLU: slope
$\alpha\lambda$ to the left of 0, $\lambda$ to the right. There $\chi_1$ is much closer to 1 than at gain 1
(GD-0024): the gradient is what $3/4$ keeps.

The mean is not kept either: the two equations of GD-0013 hold at $q = 1$ only.
""",
    sources=(
        Source("torch.nn.init.calculate_gain, documentation and source (torch 2.13.0)"),
        Source("PyTorch pull request 50664 (the origin of 3/4)", "https://github.com/pytorch/pytorch/pull/50664"),
        Source(
            "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter: Self-normalizing neural networks, NeurIPS 2017",
            "https://arxiv.org/abs/1706.02515",
        ),
    ),
)
