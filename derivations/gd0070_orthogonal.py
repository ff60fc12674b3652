"""GD-0070: orthogonal weights keep every norm."""

from sympy import KroneckerDelta, Sum

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import KroneckerCollapse, OrthonormalColumns, SquareOfSum, SumsInAnotherOrder
from gainderive.symbols import counter, fan_in, fan_out, indexed

Q, h = indexed("Q"), indexed("h")
i, j, k = counter("i"), counter("j"), counter("k")
n, m = fan_in, fan_out


def derive() -> Derivation:
    """Return the chain from the output's squared norm to the input's."""
    output = Sum(Q[i, j] * h[j], (j, 1, n))
    ranges = (j, 1, n), (k, 1, n)
    whole = Sum(Q[i, j] * h[j] * Q[i, k] * h[k], *ranges, (i, 1, m))
    column = Sum(Q[i, j] * Q[i, k], (i, 1, m))
    inner = Sum(h[j] * h[k] * column, *ranges)
    deltas = Sum(h[j] * h[k] * KroneckerDelta(j, k), *ranges)
    given = Sum(output**2, (i, 1, m))
    steps = (
        Step(whole, SquareOfSum(output**2, indices=(k,))),
        Step(inner, SumsInAnotherOrder(whole, into=inner)),
        Step(deltas, OrthonormalColumns(column, family=Q, rows=m)),
        Step(Sum(h[j] ** 2, (j, 1, n)), KroneckerCollapse(deltas)),
    )
    return Derivation(
        title="Orthogonal weights keep the norm",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "Q has n_out rows and n_in columns, which are orthonormal; so n_out is at least n_in",
                otherwise="With fewer outputs than inputs torch makes the rows orthonormal. The layer then projects: "
                "it forgets n_in - n_out directions, and over random inputs keeps the share n_out / n_in of the "
                "squared norm.",
            ),
        ),
    )


RESULT = Result(
    title="A layer with orthonormal columns keeps the norm of every input exactly, with no mean over weights",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
All other results about weights say something about a mean. This one holds for *each* matrix and *each* input: nothing
fluctuates, at any width. A deep linear network of square orthogonal layers is itself orthogonal, so that every
direction of the input arrives with its length, and every gradient too, whereas a product of Gaussian matrices, whose
norms are right on average, has singular values that spread without limit.

Put a single 1 into $h$: each column has norm 1, so the entries' mean square is $1/n_{\mathrm{out}}$ (the larger of the
two fans, in general). That is where it agrees with a variance of $1/\mathrm{fan_{in}}$ for square and for projecting
layers, and is smaller where a layer grows wider.

With an activation the gain is the same as ever, $(E\varphi^2)^{-1/2}$: a random orthogonal matrix makes
preactivations that are nearly normal for a wide layer, exactly of the input's second moment. `orthogonal_` takes it
as its argument. What orthogonality adds to the gain is that the linear part contributes nothing to the fluctuation of
GD-0051: only the activation's part is left. For ReLU that is most of it.
""",
    sources=(
        Source(
            "A. M. Saxe, J. L. McClelland, S. Ganguli: Exact solutions to the nonlinear dynamics of learning in deep "
            "linear neural networks, ICLR 2014",
            "https://arxiv.org/abs/1312.6120",
        ),
        Source("torch.nn.init.orthogonal_, source (torch 2.13.0: rows are orthonormal where there are fewer of them)"),
    ),
)
