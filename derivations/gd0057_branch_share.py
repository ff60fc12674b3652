"""GD-0057: which scale of the branches keeps a deep residual network bounded."""

from sympy import exp

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import ExponentialBound
from gainderive.symbols import depth, parameter

share = parameter("tau", positive=True)
L = depth


def derive() -> Derivation:
    """Return the bound ``(1 + tau)**L < exp(tau L)``."""
    given = (1 + share) ** L
    step = Step(given < exp(share * L), ExponentialBound(given))
    return Derivation(
        title="The branches' share decides",
        given=given,
        claim=ending(given, step.becomes),
        steps=(step,),
        assumptions=(
            Assumption(
                "each block adds the share τ of the stream's second moment: τ = α² in s + α f(s), and τ = β²/α² in "
                "α s + β f(s) behind a division by α, for branches that keep the second moment (GD-0056)",
                otherwise="With shares that differ from block to block the bound is e to their sum; it is the sum that "
                "has to stay bounded, so a share of 1/l in block l is not small enough, though it falls.",
            ),
        ),
    )


RESULT = Result(
    title="L residual blocks of share τ grow by less than exp(τL): the scale 1/√L of a branch keeps it below e",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
Put $\tau = 1/L$, that is, branches scaled by $\alpha = 1/\sqrt L$: the second moment grows by less than $e$, *however
deep the network is*, and it comes as near to $e$ as one likes with growing depth. With $\tau = c/L$ it is $e^c$. Any
scale that falls more slowly than $1/\sqrt L$ explodes in the limit, any that falls faster leaves the identity.

One condition, $\tau L$ bounded, stands behind recipes that look different:

* $1/\sqrt L$ in front of each branch, or folded into the branch's last weights. GPT-2's $1/\sqrt N$ with $N$ residual
  layers is this.
* Fixup divides the *inner* weights of a branch of $m$ layers by $L^{1/(2m - 2)}$ and begins the last one at 0. While
  the last layer learns, the other $m - 1$ contribute the product $L^{-1/2}$: again a branch of the size $1/\sqrt L$.
* DeepNorm writes $\alpha s + f(s)$ with a large $\alpha$ and a small branch. Dividing by $\alpha$ shows its share.

What the condition does not settle is how the branches shall *learn*: for that, the size of their updates is bounded in
the same way, and Fixup and DeepNorm were derived from it.
""",
    sources=(
        Source(
            "H. Zhang, Y. N. Dauphin, T. Ma: Fixup initialization: residual learning without normalization, ICLR 2019",
            "https://arxiv.org/abs/1901.09321",
        ),
        Source(
            "H. Wang et al.: DeepNet: scaling Transformers to 1,000 layers, 2022", "https://arxiv.org/abs/2203.00555"
        ),
    ),
)
