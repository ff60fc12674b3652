"""GD-0013: SELU's two constants, and that its gain is exactly 1."""

from sympy import S, Tuple

from gainderive import exact
from gainderive.activations import load
from gainderive.assumptions import Assumption
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation, rewrite
from gainderive.derivation.reasons import Definition, Solving
from gainderive.exact import tidy
from gainderive.gaussian import GaussMean
from gainderive.symbols import x

selu = load("selu")
alpha, scale = (constant.symbol for constant in selu.constants)


def derive() -> Derivation:
    """Return the chain from mean 0 and second moment 1 to ``alpha`` and ``lambda``."""
    given = Tuple(equation(GaussMean(selu.phi, x, 1), S.Zero), equation(GaussMean(selu.phi**2, x, 1), S.One))
    unfolded = rewrite(given, {selu.phi: selu.expression})
    steps = [Step(unfolded, Definition(selu)), *exact.close(unfolded)]
    mean, square = steps[-1].becomes
    slope = tidy(mean.lhs / scale).diff(alpha)
    solved = equation(alpha, tidy(-tidy(mean.lhs / scale).subs(alpha, 0) / slope))
    steps.append(Step(Tuple(solved, square), Solving(alpha)))
    steps.append(Step(Tuple(solved, equation(scale, tidy((1 / (square.lhs / scale**2)) ** S.Half))), Solving(scale)))
    return Derivation(
        title="The constants of SELU",
        given=given,
        claim=steps[-1].becomes,
        steps=tuple(steps),
        assumptions=(
            Assumption(
                "the preactivation z is standard normal",
                otherwise="The two equations hold at N(0, 1) only: elsewhere SELU with these constants has another "
                "mean and another second moment (GD-0014 shows such a place).",
            ),
        ),
    )


RESULT = Result(
    title="SELU's constants follow from mean 0 and second moment 1, so its gain is exactly 1",
    derive=derive,
    topic=Topic.SELU,
    figures=(Illustration("cobweb", "selu", {"gain": 1}),),
    commentary=r"""
Klambauer et al. ask for two things at once: a standard normal preactivation shall give an activation of mean 0 and
of second moment (here equal to the variance) 1. The first equation contains $\lambda$ only as a common factor, so
it fixes $\alpha$; the second then gives $\lambda$. torch prints both to 31 decimals; these are the exact numbers.

By construction $E\,\phi(z)^2 = 1$, so the forward gain is exactly 1 (GD-0024): that is the whole point of
*self-normalising*. Mean 0 makes it the `centered` gain too. torch nevertheless returns $3/4$ for "selu"; GD-0014
shows what follows.
""",
    sources=(
        Source(
            "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter: Self-normalizing neural networks, NeurIPS 2017, "
            "eq. (14) and appendix",
            "https://arxiv.org/abs/1706.02515",
        ),
    ),
)
