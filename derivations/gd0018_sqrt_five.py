"""GD-0018: the a = sqrt(5) in nn.Linear's default."""

import numpy as np
from sympy import Tuple, sqrt

from gainderive import catalog
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Arithmetic, Substitution
from gainderive.symbols import bound, fan_in, g, parameter, weight_variance

a, b, n, v = parameter("a"), bound, fan_in, weight_variance


def derive() -> Derivation:
    """Return the chain from kaiming_uniform_(a=sqrt(5)) to the variance it gives."""
    slope = equation(a, sqrt(5))
    gain = equation(g, catalog.result("GD-0006").derivation.claim.rhs)
    edge = equation(b, sqrt(3) * g / sqrt(n))
    variance = equation(v, b**2 / 3)
    solved_gain = equation(g, 1 / sqrt(3))
    solved_edge = equation(b, 1 / sqrt(n))
    final = equation(v, 1 / (3 * n))
    unsolved_gain = equation(g, gain.rhs.subs(a, slope.rhs))
    lines = [(slope, unsolved_gain, edge, variance)]
    steps = [Step(Tuple(*lines[0]), Substitution(a))]
    if unsolved_gain != solved_gain:
        steps.append(Step(Tuple(slope, solved_gain, edge, variance), Arithmetic()))
    steps += [
        Step(Tuple(slope, solved_gain, solved_edge, variance), Substitution(g)),
        Step(Tuple(slope, solved_gain, solved_edge, final), Substitution(b)),
    ]
    return Derivation(
        title="The variance behind a = sqrt(5)",
        given=Tuple(slope, gain, edge, variance),
        claim=steps[-1].becomes,
        steps=tuple(steps),
        assumptions=(
            Assumption(
                "torch.nn.Linear and ConvNd call kaiming_uniform_(weight, a=√5): the gain of Leaky ReLU at that slope",
                otherwise="A layer that is reset in another way has another variance: torch.nn.Embedding draws from "
                "N(0, 1), and the input projection of torch.nn.MultiheadAttention is drawn by xavier_uniform_ "
                "(GD-0016). For a transposed convolution torch's fan_in is another count (GD-0007).",
            ),
            Assumption(
                "the bound is √3 times the standard deviation g / √fan_in (GD-0017)",
                otherwise="With the standard deviation itself as the bound the variance would be a third of this one, "
                "1 / (9 fan_in).",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    return np.asarray((generator.uniform(-1, 1, size) / np.sqrt(64)) ** 2)


RESULT = Result(
    title="nn.Linear's default a = √5 means Var W = 1 / (3 fan_in)",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
The default reset of `nn.Linear` and the convolutions calls `kaiming_uniform_` with $a = \sqrt 5$. No network has a
Leaky ReLU of slope $\sqrt 5 \approx 2.24$: the number was chosen backwards so that the bound comes out as
$1/\sqrt{n_{\mathrm{in}}}$, the value that Torch 7 used. As the slope of an activation it has no meaning.

The consequence: $\mathrm{Var}\,W = 1/(3 n_{\mathrm{in}})$, a third of what keeps the second moment of a *linear*
layer and a sixth of what ReLU needs. Behind ReLU the second moment is multiplied by $\tfrac16$ in every layer
without bias (torch's default bias, of variance $1/(3 n_{\mathrm{in}})$ too, keeps it from vanishing altogether).
""",
    experiment=Experiment(
        what="squares of uniform weights with bound 1/sqrt(64), the default of nn.Linear(64, n)",
        draw=_draw,
        expected=1 / 192,
    ),
    sources=(
        Source("torch.nn.Linear.reset_parameters, source (torch 2.13.0)"),
        Source(
            "PyTorch issue 15314: Kaiming init of conv and linear layers, why gain = sqrt(5)",
            "https://github.com/pytorch/pytorch/issues/15314",
        ),
    ),
)
