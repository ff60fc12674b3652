"""GD-0007: convolutions, and what their fans are."""

from sympy import KroneckerDelta, S, Sum, Tuple

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import (
    Abbreviation,
    Independence,
    KroneckerCollapse,
    MeanOfSum,
    Solving,
    SquareOfSum,
    Substitution,
    UncorrelatedWeights,
)
from gainderive.probability import Mean
from gainderive.symbols import channels, counter, g, indexed, kernel_size, second_moment, weight_variance

W, h = indexed("W"), indexed("h")
c, d, k, s = counter("c"), counter("d"), counter("k"), counter("l")
C, K, v, m = channels, kernel_size, weight_variance, second_moment


def derive() -> Derivation:
    """Return the chain from one output position of a convolution to gain 1."""
    output = Sum(W[c, k] * h[c, k], (c, 1, C), (k, 1, K))
    ranges = (c, 1, C), (k, 1, K), (d, 1, C), (s, 1, K)
    doubled = Sum(W[c, k] * h[c, k] * W[d, s] * h[d, s], *ranges)
    summand = Mean(W[c, k] * W[d, s] * h[c, k] * h[d, s])
    weights, inputs = Mean(W[c, k] * W[d, s]), Mean(h[c, k] * h[d, s])
    deltas = Sum(v * KroneckerDelta(c, d) * KroneckerDelta(k, s) * inputs, *ranges)
    average = Sum(Mean(h[c, k] ** 2), (c, 1, C), (k, 1, K))
    scale = equation(v, g**2 / (C * K))
    lines = (
        (Mean(doubled), SquareOfSum(output**2, indices=(d, s))),
        (Sum(summand, *ranges), MeanOfSum(Mean(doubled))),
        (Sum(weights * inputs, *ranges), Independence(summand, family=W)),
        (deltas, UncorrelatedWeights(weights, family=W, variance=v)),
        (v * average, KroneckerCollapse(deltas)),
        (v * C * K * m, Abbreviation(m, meaning=average / (C * K))),
    )
    steps = [Step(Tuple(scale, equation(left, S.One)), by) for left, by in lines]
    steps += [
        Step(Tuple(scale, equation(g**2 * m, S.One)), Substitution(v)),
    ]
    final = Tuple(scale, equation(g, 1 / m**S.Half))
    steps.append(Step(final, Solving(g)))
    return Derivation(
        title="Second moment behind a convolution",
        given=Tuple(scale, equation(Mean(output**2), S.One)),
        claim=final,
        steps=tuple(steps),
        assumptions=(
            Assumption(
                "the kernel's weights have mean 0 and variance v, are uncorrelated, and independent of the inputs",
                otherwise="A mean μ of the weights adds μ² E (Σ h)², and correlated weights leave cross terms; both "
                "are large where neighbouring inputs are alike, as in images (compare GD-0001).",
            ),
            Assumption(
                "C is the number of input channels per group (in_channels / groups), K the number of kernel entries",
                otherwise="Who counts the channels of all groups makes the variance too small by the number of "
                "groups, and the second moment falls by that factor in every layer.",
            ),
            Assumption(
                "the output position lies so far inside that the kernel meets no padding",
                otherwise="Where zero padding covers part of the kernel, only the share of the terms that is left "
                "counts: a corner of a 3 × 3 kernel with padding 1 keeps 4/9 of the second moment.",
            ),
        ),
    )


RESULT = Result(
    title="A convolution is a linear layer with fan_in = channels × kernel size; its gain is 1 for unit inputs",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    commentary=r"""
At one output position a convolution is a weighted sum of $C K$ inputs, so it behaves like a linear layer with
$n_{\mathrm{in}} = C K$. That the same weights are used at other positions does not matter for the second moment at
this one: the derivation never compares positions. With inputs of mean second moment $M_2 = 1$ the gain is 1, and
with an activation before it the gain is that activation's, as for a linear layer (GD-0003).

torch counts $n_{\mathrm{in}}$ = `weight.size(1) * kernel`, which is right also with groups, because
`weight.size(1)` is in_channels / groups. It counts $n_{\mathrm{out}}$ = `weight.size(0) * kernel`, which forgets
groups and stride. For a *transposed* convolution the roles of the two sizes are exchanged in the stored weight, so
torch's "fan_in" of such a layer is the number of outputs that an input feeds (its fan_out), and torch's "fan_out"
is in_channels times the kernel's size, from which groups and stride are missing.

Zero padding removes terms from the sum at the border, so a border position has a smaller second moment.
""",
    sources=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, section 2.2 (n = k^2 c)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
)
