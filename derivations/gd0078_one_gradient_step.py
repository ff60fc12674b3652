"""GD-0078: what one step of gradient descent does to a preactivation."""

import numpy as np
from sympy import S, Sum

from gainderive import catalog
from gainderive.assumptions import UNCORRELATED_WEIGHTS, Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import CentredWeights, Independence, Lemma, MeanOfTerms
from gainderive.probability import Mean
from gainderive.symbols import counter, fan_in, indexed, parameter

W, h, delta = indexed("W"), indexed("h"), indexed("delta")
i, j = counter("i"), counter("j")
n = fan_in
rate = parameter("eta", positive=True)


def derive() -> Derivation:
    """Return the chain from the stepped preactivation's square to old second moment plus the step's."""
    before, norm = Sum(W[i, j] * h[j], (j, 1, n)), Sum(h[j] ** 2, (j, 1, n))
    given = Mean((before - rate * delta[i] * norm) ** 2)
    cross, moved = Mean(before * delta[i] * norm), Mean(delta[i] ** 2 * norm**2)
    terms = ((S.One, before**2), (-2 * rate, cross.inside), (rate**2, moved.inside))
    separate = catalog.result("GD-0001").derivation
    steps = (
        Step(Mean(before**2) - 2 * rate * cross + rate**2 * moved, MeanOfTerms(given, terms)),
        Step(Mean(before**2) + rate**2 * moved, CentredWeights(cross, family=W)),
        Step(separate.claim.rhs + rate**2 * moved, Lemma(separate)),
        Step(
            separate.claim.rhs + rate**2 * Mean(delta[i] ** 2) * Mean(norm**2),
            Independence(moved, family=delta),
        ),
    )
    return Derivation(
        title="One gradient step and the preactivation",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            UNCORRELATED_WEIGHTS,
            Assumption(
                "the step is W - η δ hᵀ for one example, and the same example is looked at again: its preactivation is "
                "u - η δ ‖h‖²",
                otherwise="Another example with inputs k is moved by η δ h·k. For unrelated centred inputs that is of "
                "the order √n instead of n; for inputs with a mean, such as those behind ReLU, it is of the order n "
                "too.",
            ),
            Assumption(
                "the arriving gradient δ is independent of the layer's weights and inputs, as in GD-0002",
                otherwise="In the last layer δ depends on u itself, and with squared loss the step contracts it by "
                "1 - η ‖h‖² before it overshoots; beyond η = 2/‖h‖² it diverges.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width, rate = 8, 0.1
    inputs = generator.choice((-1.0, 1.0), (size, width))
    weights = generator.standard_normal((size, width)) / np.sqrt(width)
    arriving = generator.standard_normal(size)
    stepped = weights - rate * arriving[:, None] * inputs
    return np.asarray(np.einsum("rj,rj->r", stepped, inputs) ** 2)


RESULT = Result(
    title="One gradient step adds η² E δ² E‖h‖⁴ to a preactivation's second moment: n² times what it adds to a "
    "weight's",
    derive=derive,
    topic=Topic.SATURATION,
    commentary=r"""
"A large learning rate makes the weights large, and large weights saturate." The conclusion is right, the way there is
not. A step adds $\eta^2 \delta_i^2 h_j^2$ to a weight's square: with $h_j$ of order 1, as much as $\eta\delta$ is
small. No histogram of weights will show it.

But the step is *aligned*. It is the outer product of $\delta$ and $h$, and multiplied by the same $h$ it gives
$\eta\,\delta\,\|h\|^2$: all $n$ terms have one sign. Random weights of variance $1/n$ make a preactivation of order 1
out of $n$ terms of order $1/\sqrt n$, by cancelling. The step does not cancel, so that $\eta\,|\delta|\,n M_2$ is
what it moves the preactivation by. A wide layer saturates at the first step with a learning rate that a narrow one
bears, though both have the same gain.

So the condition for not leaving the linear region at once is that $\eta\,|\delta|\,n\,M_2$ stays below about 1:
learning rates in proportion to $1/n$ (which is what width-aware parametrisations do), a warm-up while $\delta$ is
large, or a normalisation that takes the scale out again.
""",
    experiment=Experiment(
        what="a unit of 8 inputs ±1 after one step with η = 1/10 and a standard normal gradient: its square",
        draw=_draw,
        expected=1 + 0.1**2 * 8**2,
    ),
)
