"""GD-0058: the stream of a pre-norm residual network."""

import numpy as np
from sympy import Function

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Induction
from gainderive.symbols import layer, parameter

added = parameter("m", positive=True)
moment = Function("q", positive=True)


def derive() -> Derivation:
    """Return the chain from one block's summand to ``q(0) + l m``."""
    given = equation(moment(layer + 1), moment(layer) + added)
    final = equation(moment(layer), moment(0) + layer * added)
    return Derivation(
        title="The stream of a pre-norm network",
        given=given,
        claim=final,
        steps=(Step(final, Induction(moment(layer))),),
        assumptions=(
            Assumption(
                "the block computes s + f(norm(s)), where f ends in a linear layer with fresh centred weights, so that "
                "second moments add (GD-0055)",
                otherwise="Trained branches are correlated with the stream; where they point along it, the norm and "
                "not its square grows linearly.",
            ),
            Assumption(
                "the branch's second moment m does not depend on the stream's: the branch begins with layer "
                "normalisation, or batch normalisation",
                otherwise="A branch that follows the stream's scale multiplies it, and the growth is exponential "
                "(GD-0056).",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width, blocks = 8, 4
    stream = np.full((size, width), 1.0)
    for _ in range(blocks):
        normalised = stream / np.sqrt(np.mean(stream**2, axis=1, keepdims=True))
        weights = generator.standard_normal((size, width, width)) / np.sqrt(width)
        stream = stream + np.einsum("rij,rj->ri", weights, normalised)
    return np.asarray(np.mean(stream**2, axis=1))


RESULT = Result(
    title="Pre-norm: the stream's second moment grows by the same amount in each block, linearly instead of 2ᴸ",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
$s + f(\mathrm{norm}(s))$: the normalisation stands *inside* of the branch, so the branch always sees the same scale and
always adds the same amount $m$. What doubled in every block (GD-0056) now grows like $q(0) + l\,m$.

Read the same line as a statement about influence. Block $l + 1$ adds $m$ to a stream that already has $q(0) + l\,m$:
its share is about $1/l$, and it falls with depth by itself. Late blocks change the stream less and less, which makes
very deep pre-norm networks easy to train and their last blocks cheap to leave out.

**And the gradient?** The skips carry it back without any factor. Through a branch it is divided by the stream's root
mean square, about $\sqrt{l\,m}$, because that is what the normalisation does to a derivative. So block $l$ adds the
share $1/l$ to the gradient's second moment too, and from first to last block it changes by a power of the depth, not
exponentially. In post-norm, $\mathrm{norm}(s + f(s))$, every block rescales the skip itself (GD-0059).
""",
    experiment=Experiment(
        what="4 pre-norm blocks of width 8 (root mean square norm, a linear branch): the stream's mean square",
        draw=_draw,
        expected=1.0 + 4,
    ),
    sources=(
        Source(
            "R. Xiong et al.: On layer normalization in the Transformer architecture, ICML 2020 (gradients of pre- and "
            "post-norm at initialization)",
            "https://arxiv.org/abs/2002.04745",
        ),
    ),
)
