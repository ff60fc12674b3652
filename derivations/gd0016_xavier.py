"""GD-0016: Xavier's (Glorot's) initialization."""

from sympy import S, Tuple

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Solving, Substitution
from gainderive.symbols import backward_factor, fan_in, fan_out, forward_factor, weight_variance

v = weight_variance


def derive() -> Derivation:
    """Return the chain from 'the two factors average to 1' to ``Var W = 2 / (n_in + n_out)``."""
    forward, backward = equation(forward_factor, fan_in * v), equation(backward_factor, fan_out * v)
    compromise = equation((forward_factor + backward_factor) / 2, S.One)
    put_in = equation((fan_in * v + backward_factor) / 2, S.One)
    both = equation((fan_in * v + fan_out * v) / 2, S.One)
    steps = (
        Step(Tuple(forward, backward, put_in), Substitution(forward_factor)),
        Step(Tuple(forward, backward, both), Substitution(backward_factor)),
        Step(Tuple(forward, backward, equation(v, 2 / (fan_in + fan_out))), Solving(v)),
    )
    return Derivation(
        title="Xavier's initialization",
        given=Tuple(forward, backward, compromise),
        claim=steps[-1].becomes,
        steps=steps,
        assumptions=(
            Assumption(
                "the activation acts like the identity (slope 1 and value 0 at 0, small preactivations)",
                otherwise="The factors are then n_in Var W M_2(q)/q and n_out Var W D(q), and Var W has to be "
                "multiplied by a gain squared (GD-0003): behind ReLU both means are half as large, and without a gain "
                "a square layer halves the second moment in either direction.",
            ),
            Assumption(
                "forward factor n_in Var W by GD-0001, backward factor n_out Var W by GD-0002, and their assumptions",
                otherwise="Where one of their assumptions fails, the factor in that direction is another one, and the "
                "two do not average to 1 at this variance.",
            ),
        ),
    )


RESULT = Result(
    title="Xavier: Var W = 2 / (fan_in + fan_out) is the stated compromise between the two directions",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
Forward asks for $n_{\mathrm{in}}\,\mathrm{Var}\,W = 1$, backward for $n_{\mathrm{out}}\,\mathrm{Var}\,W = 1$.
Unless the layer is square both cannot hold. Glorot and Bengio settle for the mean of the two factors being 1, which
makes $\mathrm{Var}\,W$ the harmonic mean of $1/n_{\mathrm{in}}$ and $1/n_{\mathrm{out}}$. It is a *compromise*, not
a solution: each layer multiplies the signal's second moment by $2 n_{\mathrm{in}}/(n_{\mathrm{in}} +
n_{\mathrm{out}})$.

With a gain $g$ torch uses $g^2 \cdot 2/(n_{\mathrm{in}} + n_{\mathrm{out}})$, the same for `xavier_uniform_` and
`xavier_normal_`: the two differ in the distribution, not in the variance.
""",
    sources=(
        Source(
            "X. Glorot, Y. Bengio: Understanding the difficulty of training deep feedforward neural networks, "
            "AISTATS 2010, eq. (10)-(12), (16)"
        ),
    ),
)
