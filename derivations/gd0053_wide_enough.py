"""GD-0053: how wide is wide enough."""

from sympy import exp

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import ExponentialBound
from gainderive.symbols import depth, width

L, n = depth, width


def derive() -> Derivation:
    """Return the bound ``(1 + 5/n)**L < exp(5 L / n)``."""
    given = (1 + 5 / n) ** L
    step = Step(given < exp(5 * L / n), ExponentialBound(given))
    return Derivation(
        title="How wide is wide enough",
        given=given,
        claim=ending(given, step.becomes),
        steps=(step,),
        assumptions=(
            Assumption(
                "L ReLU layers of n units with independent Gaussian weights and zero bias, one given input (GD-0052)",
                otherwise="With different widths 5 L / n becomes 5 (1/n_1 + ... + 1/n_L), which the narrowest layers "
                "dominate. For Leaky ReLU with slope a another number stands in place of 5 (GD-0051).",
            ),
        ),
    )


RESULT = Result(
    title="Only depth over width counts: (1 + 5/n)ᴸ < exp(5L/n)",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
The relative variance of $\|h_L\|^2$ is $(1 + 5/n)^L - 1$, below $e^{5L/n} - 1$ for every depth and width, and close
to it when the layers are wide. Solve $e^{5L/n} - 1 = \varepsilon^2$ for the width: with $n \geq 5 L / \ln(1 +
\varepsilon^2)$, about $5 L/\varepsilon^2$, the squared norm's relative standard deviation stays below $\varepsilon$.
**Width has to grow in proportion to depth**, and a tenfold accuracy costs a hundredfold width.

The rule of thumb "a few hundred units are infinite" is right for a few layers and a tolerance of some ten per cent. It
is not right for a network of fifty plain ReLU layers, for which the same tolerance asks for tens of thousands of units.

The bound is one line of analysis: $1 + t < e^t$. Its use is that two numbers, $L$ and $n$, became one.
""",
    sources=(
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018 "
            "(avoided by keeping constant the sum of the reciprocals of layer widths)",
            "https://arxiv.org/abs/1803.01719",
        ),
    ),
)
