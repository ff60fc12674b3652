"""GD-0056: how the second moment grows through residual blocks."""

import numpy as np
from sympy import Function

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Arithmetic, Induction
from gainderive.symbols import layer, parameter

alpha = parameter("alpha")
moment = Function("q", positive=True)


def derive() -> Derivation:
    """Return the chain from one block's factor to its power."""
    given = equation(moment(layer + 1), moment(layer) + alpha**2 * moment(layer))
    final = equation(moment(layer), (1 + alpha**2) ** layer * moment(0))
    return Derivation(
        title="Growth of the second moment through residual blocks",
        given=given,
        claim=final,
        steps=(
            Step(equation(moment(layer + 1), (1 + alpha**2) * moment(layer)), Arithmetic()),
            Step(final, Induction(moment(layer))),
        ),
        assumptions=(
            Assumption(
                "q(l) is the stream's mean second moment behind l blocks, and each block adds α² times its branch's "
                "(GD-0055)",
                otherwise="Where branch and stream are correlated, twice their mean product is added too, and the "
                "growth is faster or slower.",
            ),
            Assumption(
                "each branch f keeps the second moment: E f² = q(l), as a branch with the right gain does",
                otherwise="A branch that multiplies it by c gives (1 + α² c)ˡ. One that begins with a normalisation "
                "does not follow the stream's scale at all, and the growth is linear (GD-0058).",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width, blocks = 8, 3
    signal = np.full((size, width, 1), 1.0)
    for _ in range(blocks):
        inner, outer = generator.standard_normal((2, size, width, width)) / np.sqrt(width)
        signal = signal + outer @ (np.sqrt(2) * np.maximum(inner @ signal, 0))
    return np.asarray(np.mean(signal**2, axis=(1, 2)))


RESULT = Result(
    title="Residual blocks multiply the second moment by 1 + α² each; with α = 1 it doubles, 2ᴸ after L blocks",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
With branches that keep the second moment, which is what He's gain achieves, and the plain sum $s + f(s)$, the stream
doubles in every block. Fifty blocks make $2^{50}$, about $10^{15}$: the very gain that is right for a plain network
makes a plain residual network explode. This is the reason that residual networks came with normalisation.

Three cures, and what each does to this formula:

* **Divide the sum**: $(s + f(s))/\sqrt 2$ has the factor $(1 + 1)/2 = 1$. Stable at any depth, but a signal that
  travels along the skips alone loses half of its second moment per block (GD-0059).
* **Scale the branch**: $\alpha = 1/\sqrt L$ keeps the whole growth below $e$ (GD-0057). The skips stay untouched.
* **Begin the branch at 0**, by a zero last layer or a zero scale: $\alpha = 0$ at the start, the factor is 1, and
  training decides about the rest. This is what Fixup and the zero-initialised last scale of a ResNet block do.
""",
    experiment=Experiment(
        what="3 plain residual blocks of width 8 with He's initialization: the stream's mean square",
        draw=_draw,
        expected=2.0**3,
    ),
    sources=(
        Source(
            "H. Zhang, Y. N. Dauphin, T. Ma: Fixup initialization: residual learning without normalization, ICLR 2019",
            "https://arxiv.org/abs/1901.09321",
        ),
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018 "
            "(correctly scaling the residual modules)",
            "https://arxiv.org/abs/1803.01719",
        ),
    ),
)
