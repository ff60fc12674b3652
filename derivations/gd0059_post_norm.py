"""GD-0059: what is left of a signal on the skips of a post-norm residual network."""

from sympy import Function

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Arithmetic, Induction
from gainderive.symbols import layer, parameter

alpha, added = parameter("alpha", positive=True), parameter("m", positive=True)
left = Function("c", positive=True)


def derive() -> Derivation:
    """Return the chain from one block's factor to its power."""
    given = equation(left(layer + 1), left(layer) * alpha**2 / (alpha**2 + added))
    rule = equation(left(layer + 1), left(layer) / (1 + added / alpha**2))
    final = equation(left(layer), left(0) / (1 + added / alpha**2) ** layer)
    return Derivation(
        title="The skips of a post-norm network",
        given=given,
        claim=final,
        steps=(Step(rule, Arithmetic()), Step(final, Induction(left(layer)))),
        assumptions=(
            Assumption(
                "c(l) is the second moment that the input still has, along the skips alone, behind l blocks "
                "norm(α s + f(s)); normalisation makes the stream's second moment 1",
                otherwise="Along a path through branches the signal is mixed by their weights; that part is not lost, "
                "but it is not the identity any more.",
            ),
            Assumption(
                "the branch adds the second moment m, uncorrelated with the stream (GD-0055), so that the norm divides "
                "by √(α² + m)",
                otherwise="Where branch and stream are correlated, twice their mean product is added under the root.",
            ),
        ),
    )


RESULT = Result(
    title="Post-norm: along the skips the input loses the factor 1/(1 + m/α²) per block, 2 if α² = m",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
$\mathrm{norm}(\alpha s + f(s))$ keeps the stream's second moment at 1 by construction; no gain can be wrong by much.
The price is paid on the skips. To make room for the branch the stream is divided by $\sqrt{\alpha^2 + m}$, and what
came from the input is divided with it, in every block. With the plain sum, $\alpha = 1$ and $m = 1$, half of it is
gone after one block and all but $2^{-L}$ after $L$. The gradient's second moment along the skips is multiplied by the
same factors, so the identity path, for which one builds residual networks, ends after a few blocks. The same holds
without any norm for $(s + f(s))/\sqrt 2$.

The loss is $(1 + m/\alpha^2)^L < e^{L m/\alpha^2}$ (GD-0057): it stays bounded when $m/\alpha^2$ is of the order
$1/L$. DeepNorm chooses $\alpha$ to grow with the depth and the branch's weights to shrink with it: with $N$ layers of
two blocks, $\alpha^4 = 2N$, and the factor $\beta$ of two weight matrices per branch, $\beta^4 = 1/(8N)$, makes $m =
\beta^4$. Then $L m/\alpha^2 = 2N/(8 N \sqrt{2N})$, below $\tfrac14$ and falling: nearly all of the input arrives.
""",
    sources=(
        Source(
            "R. Xiong et al.: On layer normalization in the Transformer architecture, ICML 2020",
            "https://arxiv.org/abs/2002.04745",
        ),
        Source(
            "H. Wang et al.: DeepNet: scaling Transformers to 1,000 layers, 2022 (DeepNorm; α and β of encoders and of "
            "decoders)",
            "https://arxiv.org/abs/2203.00555",
        ),
    ),
)
