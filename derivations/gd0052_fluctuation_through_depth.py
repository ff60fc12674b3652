"""GD-0052: how the squared norm fluctuates behind many layers of finite width."""

import numpy as np
from sympy import Function

from gainderive import catalog
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Induction, Lemma
from gainderive.symbols import layer

ratio = Function("r", positive=True)


def derive() -> Derivation:
    """Return the chain from one layer's factor to its power."""
    one = catalog.result("GD-0051").derivation
    factor = one.claim.rhs
    given = equation(ratio(layer + 1), one.given * ratio(layer))
    final = equation(ratio(layer), factor**layer * ratio(0))
    return Derivation(
        title="Fluctuation of the squared norm through depth",
        given=given,
        claim=final,
        steps=(
            Step(equation(ratio(layer + 1), factor * ratio(layer)), Lemma(one)),
            Step(final, Induction(ratio(layer))),
        ),
        assumptions=(
            Assumption(
                "r(l) = E‖h_l‖⁴ / (E‖h_l‖²)² behind layer l; for one given input r(0) = 1",
                otherwise="Over random inputs r(0) is the same ratio of the data; a network fed with inputs of very "
                "different norms hands that spread on unchanged.",
            ),
            Assumption(
                "all layers have n units, (Leaky) ReLU, zero bias, and Gaussian weights of any variance that are "
                "independent from layer to layer",
                otherwise="With widths n_1, n_2, ... the factors differ, and their product stands in place of the "
                "power. A bias ends the homogeneity on which the common factor rests.",
            ),
            Assumption(
                "given the layers before, layer l + 1 multiplies r by the factor of one layer (GD-0051)",
                otherwise="This is the law of total expectation: the mean over a layer's own weights, at given inputs, "
                "is taken first. Weights that are shared between layers, as in a recurrent network, do not allow it.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    # Of the first layer a one-hot input of norm 1 meets a single column of weights.
    width = 20
    column, weights = (
        generator.standard_normal(shape, dtype=np.float32) * np.float32((2 / width) ** 0.5)
        for shape in ((size, width, 1), (size, width, width))
    )
    signal = np.maximum(weights @ np.maximum(column, 0), 0)
    return np.asarray(np.sum(np.square(signal, dtype=np.float64), axis=(1, 2)) ** 2)


RESULT = Result(
    title="Through L ReLU layers of width n the squared norm's ratio E‖h‖⁴ / (E‖h‖²)² is (1 + 5/n)ᴸ",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
The variances' calculus says that He's initialization keeps the mean of $\|h\|^2$ at every depth, and it does, exactly,
at every width. Yet a single network is not the mean. Each layer multiplies $\|h\|^2$ by an independent random factor
with mean 1 and relative variance $5/n$; $L$ of them make a product with mean 1 and $E(\cdot)^2 = (1 + 5/n)^L$.

So what decides is $L/n$. At $L = n$ the ratio is about $e^5$: the mean is then carried by a few rare networks
with an enormous output, and the *typical* network's output is far below it. No gain repairs this, because it is not the
mean that is wrong. Width does, and so do normalisation and residual sums, which do not multiply factors of this kind.

A product of independent positive factors is nearly log-normal. With $v = L \ln(1 + 5/n)$, its median is about
$e^{-v/2}$ times its mean: this is the drift towards small outputs that one sees in deep narrow networks that were
initialised by the book.
""",
    experiment=Experiment(
        what="2 ReLU layers of 20 units with Var W = 2/20 for a one-hot input: the squared squared norm",
        draw=_draw,
        expected=(1 + 5 / 20) ** 2,
    ),
    sources=(
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018",
            "https://arxiv.org/abs/1803.01719",
        ),
        Source(
            "B. Hanin: Which neural net architectures give rise to exploding and vanishing gradients?, NeurIPS 2018 "
            "(the same for gradients)",
            "https://arxiv.org/abs/1801.03744",
        ),
    ),
)
