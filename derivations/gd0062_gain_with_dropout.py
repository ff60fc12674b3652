"""GD-0062: the gain of ReLU in front of dropout."""

import numpy as np
from sympy import S, sqrt

from gainderive import exact
from gainderive.activations import load
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation, rewrite
from gainderive.derivation.reasons import Definition, Solving
from gainderive.gaussian import GaussMean
from gainderive.symbols import g, parameter, x

p = parameter("p", positive=True)


def derive() -> Derivation:
    """Return the chain from a kept second moment to ``g = sqrt(2 p)``."""
    relu = load("relu")
    given = equation(g**2 * GaussMean(relu.phi**2, x, 1) / p, S.One)
    unfolded = rewrite(given, {relu.phi: relu.expression})
    steps = [Step(unfolded, Definition(relu)), *exact.close(unfolded)]
    steps.append(Step(equation(g, sqrt(2) * sqrt(p)), Solving(g)))
    return Derivation(
        title="The gain of ReLU in front of dropout",
        given=given,
        claim=steps[-1].becomes,
        steps=tuple(steps),
        assumptions=(
            Assumption(
                "behind ReLU each unit is kept with probability p and divided by p (GD-0061); the network is training",
                otherwise="While it is evaluated the gain is √2 again. With a share p < 1 the two modes ask for "
                "different weights, and there is no initialization for both.",
            ),
            Assumption(
                "preactivations are centred and Gaussian, weights centred and independent, zero bias",
                otherwise="As for every gain (GD-0003): cross terms or the bias' second moment are added.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width, keep = 16, 0.5
    mask = (generator.random((size, width)) < keep) / keep
    active = np.maximum(generator.standard_normal((size, width)), 0) * mask
    weights = generator.standard_normal((size, width)) * np.sqrt(2 * keep / width)
    return np.asarray(np.einsum("rj,rj->r", weights, active) ** 2)


RESULT = Result(
    title="In front of ReLU and inverted dropout the gain is √(2p): dropout asks for smaller weights",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
One factor $1/p$ stands in the length map, so one factor $p$ belongs into the weights' variance: $\mathrm{Var}\,W =
2p/n_{\mathrm{in}}$. At $p = \tfrac12$ dropout and ReLU cancel exactly, and the gain is that of a linear layer, 1. One
may read it so: He's 2 makes up for the half of the units that ReLU switches off, and inverted dropout has made up for
its own half already, and once too often as far as the second moment is concerned.

No library does this by itself; `kaiming_normal_` knows nothing of the dropout behind it. In a network of a few
layers, or with $p = 0.9$, nobody will notice. In a deep one without normalisation the factor $p^{-L}$ is the
difference between training and overflow.
""",
    experiment=Experiment(
        what="a layer that reads 16 ReLU units with dropout 1/2, weights of variance 2p/16: its output's square",
        draw=_draw,
        expected=1.0,
    ),
    sources=(Source("torch.nn.Dropout, documentation (torch 2.13.0: outputs are scaled by 1/(1-p) during training)"),),
)
