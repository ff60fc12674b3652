"""GD-0082: the exponent of Fixup's scale, for branches of three layers."""

from sympy import Derivative, Expr, Rational, S, Tuple

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Reason, Source, Step, equation
from gainderive.derivation.reasons import Differentiation, Solving, Substitution
from gainderive.symbols import depth, parameter

first, second, third = (parameter(f"a_{index}") for index in (1, 2, 3))
signal = parameter("h", positive=True)
scale = parameter("c", positive=True)
L = depth


def derive() -> Derivation:
    """Return the chain from a branch's first update to ``c = L**(-1/4)``."""
    branch = first * second * third * signal
    known = (equation(third, S.Zero), equation(first, scale), equation(second, scale))
    slopes = [Derivative(branch, weight) for weight in (first, second, third)]
    update = slopes[0] ** 2 + slopes[1] ** 2 + slopes[2] ** 2
    lines: list[tuple[Expr, Reason]] = []
    for slope, weight in zip(slopes, (first, second, third), strict=True):
        update = update.xreplace({slope: branch.diff(weight)})
        lines.append((update, Differentiation(slope)))
    for symbol, value in ((third, S.Zero), (first, scale), (second, scale)):
        update = update.xreplace({symbol: value})
        lines.append((update, Substitution(symbol)))
    steps = [Step(Tuple(*known, equation(L * line, signal**2)), by) for line, by in lines]
    final = Tuple(*known, equation(scale, L ** Rational(-1, 4)))
    steps.append(Step(final, Solving(scale)))
    given = slopes[0] ** 2 + slopes[1] ** 2 + slopes[2] ** 2
    return Derivation(
        title="Fixup's scale for branches of three layers",
        given=Tuple(*known, equation(L * given, signal**2)),
        claim=final,
        steps=tuple(steps),
        assumptions=(
            Assumption(
                "a branch is the product a_1 a_2 a_3 h of scalars, the smallest model of three layers; the first two "
                "begin at c, the last at 0",
                otherwise="If the last one does not begin at 0, all three contribute, and the branch adds to the "
                "forward second moment from the start (GD-0056).",
            ),
            Assumption(
                "one step of gradient descent changes a branch by -η times the loss' slope times the sum of its own, "
                "squared; L branches shall together change as much as one linear layer does, for which it is h²",
                otherwise="Optimisers that divide the gradient by its own size, such as Adam, change each weight by η: "
                "then the sum of the slopes' sizes counts, and the scale has another exponent.",
            ),
        ),
    )


RESULT = Result(
    title="Fixup: with branches of three layers that end in 0, the others begin at 1/L to the power 1/4: updates add "
    "up to one",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
Scaling branches for the *forward* pass leaves the exponent open: with a last layer of 0 the branch adds nothing, and
any inner scale would do. Fixup asks about the first *update*. Of the three squared slopes, two contain the last
weight and vanish; the third is $(a_1 a_2 h)^2 = c^4 h^2$. There are $L$ branches, all push the output in the same
direction, and their sum shall be that of one layer, not of $L$: $L c^4 = 1$.

With $m$ layers the product has $m - 1$ factors, and squared $2(m - 1)$: $L\,c^{2m - 2} = 1$, which is the published
$c = L^{-1/(2m - 2)}$; for $m = 2$ that is $L^{-1/2}$, here $L^{-1/4}$. Once the last layer has learned something, the
branch is of the size $c^{m - 1} = L^{-1/2}$: the scale that the forward second moment asks for too (GD-0057).

T-Fixup and DeepNorm ask the same question of attention, with other products inside.
""",
    sources=(
        Source(
            "H. Zhang, Y. N. Dauphin, T. Ma: Fixup initialization: residual learning without normalization, ICLR 2019",
            "https://arxiv.org/abs/1901.09321",
        ),
    ),
)
