"""GD-0040: the second moment of a gated unit."""

import numpy as np
from sympy import Function

from gainderive import exact, gain
from gainderive.assumptions import Assumption, own_weights
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, ending
from gainderive.joint import JointMean
from gainderive.symbols import branch, q

phi = Function("phi", real=True)
u, v = branch(1), branch(2)


def derive() -> Derivation:
    """Return the chain from ``E (u phi(v))^2`` to ``q E phi^2``, for any gate and every q."""
    given = JointMean((u * phi(v)) ** 2, (u, q), (v, q))
    separated = exact.reduced(given)
    steps = (*separated, *exact.close_where_possible(separated[-1].becomes))
    return Derivation(
        title="Second moment of a gated unit",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "both preactivations are centred and Gaussian with second moment q",
                otherwise="Of u only the second moment enters, so its law is free. With different second moments the "
                "result is q_u E φ(√q_v z)².",
            ),
            own_weights(2),
            Assumption(
                "the gate's second moment is finite",
                otherwise="Then the left side is infinite too, because E u² = q is positive, and the unit has no gain.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    # Inputs of mean square exactly 1, so that with Gaussian weights the preactivations are normal at any width.
    width = 8
    inputs = generator.standard_normal((size, width))
    inputs *= np.sqrt(width / np.sum(inputs**2, axis=1, keepdims=True))
    weights = generator.standard_normal((2, size, width)) / np.sqrt(width)
    value, gate = np.einsum("brj,rj->br", weights, inputs)
    return np.asarray((value * gate / (1 + np.exp(-gate))) ** 2)


RESULT = Result(
    title="A gated unit u φ(v) has q times the second moment of its gate",
    derive=derive,
    topic=Topic.UNITS,
    commentary=r"""
A gated layer computes two linear maps of the same inputs and multiplies them, one passed through $\varphi$: GLU
($\varphi$ the sigmoid), GEGLU, SwiGLU, ReGLU, and the bilinear unit ($\varphi$ the identity). The two preactivations
share their inputs, which is why one hesitates to call them independent. Yet given the inputs they are sums over
*different* weights: for Gaussian weights they are independent normal variables, at any width, and the mean of the
product is the product of the means. Nothing else is used.

At $q = 1$ the factor $E u^2$ is 1, so a gated unit has the **same forward gain as its gate alone**: that of SwiGLU is
SiLU's, that of ReGLU is ReLU's $\sqrt 2$.

What differs is how fast the second moment moves. The length map of SwiGLU is $q \mapsto g^2 q\,E\varphi(\sqrt q\,z)^2$:
its slope at the fixed point $q = 1$ is 1 and a positive term from the gate's own growth, so that fixed point *repels*.
A gated network without normalisation or residual connections leaves it in either direction, whatever the gain; this
is one reason why gated layers live between normalisation layers.
""",
    experiment=Experiment(
        what="a SwiGLU layer of 8 inputs with mean square 1 and Gaussian weights of variance 1/8",
        draw=_draw,
        expected=float(gain("silu")) ** -2,
    ),
    sources=(
        Source(
            "Y. N. Dauphin, A. Fan, M. Auli, D. Grangier: Language modeling with gated convolutional networks, "
            "ICML 2017, eq. (1)",
            "https://arxiv.org/abs/1612.08083",
        ),
        Source(
            "N. Shazeer: GLU variants improve Transformer, 2020, eq. (4) and (5)", "https://arxiv.org/abs/2002.05202"
        ),
    ),
)
