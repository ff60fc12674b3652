"""GD-0063: the 1/sqrt(d_k) of dot-product attention."""

import numpy as np
from sympy import KroneckerDelta, S, Sum, sqrt

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import (
    Abbreviation,
    Independence,
    KroneckerCollapse,
    MeanOfSum,
    Solving,
    SquareOfSum,
    UncorrelatedWeights,
)
from gainderive.probability import Mean
from gainderive.symbols import counter, indexed, parameter, second_moment

query, key = indexed("q"), indexed("k")
i, j = counter("i"), counter("j")
d = parameter("d_k", integer=True, positive=True)
v, m = parameter("v_q", positive=True), second_moment
scale = parameter("c", positive=True)


def derive() -> Derivation:
    """Return the chain from a score's square to the factor that makes its mean 1."""
    score = Sum(query[i] * key[i], (i, 1, d))
    ranges = (i, 1, d), (j, 1, d)
    doubled = Sum(query[i] * key[i] * query[j] * key[j], *ranges)
    summand = Mean(query[i] * query[j] * key[i] * key[j])
    queries, keys = Mean(query[i] * query[j]), Mean(key[i] * key[j])
    deltas = Sum(v * KroneckerDelta(i, j) * keys, *ranges)
    average = Sum(Mean(key[i] ** 2), (i, 1, d))
    lines = (
        (Mean(doubled), SquareOfSum(score**2, indices=(j,))),
        (Sum(summand, *ranges), MeanOfSum(Mean(doubled))),
        (Sum(queries * keys, *ranges), Independence(summand, family=query)),
        (deltas, UncorrelatedWeights(queries, family=query, variance=v)),
        (v * average, KroneckerCollapse(deltas)),
        (v * d * m, Abbreviation(m, meaning=average / d)),
    )
    steps = [Step(equation(scale**2 * left, S.One), by) for left, by in lines]
    steps.append(Step(equation(scale, 1 / (sqrt(d) * sqrt(v) * sqrt(m))), Solving(scale)))
    return Derivation(
        title="The scale of attention scores",
        given=equation(scale**2 * Mean(score**2), S.One),
        claim=steps[-1].becomes,
        steps=tuple(steps),
        assumptions=(
            Assumption(
                "the d_k entries of a query are centred, uncorrelated, of variance v_q, and independent of the key, as "
                "they are at the start: queries and keys have weights of their own",
                otherwise="Where training has aligned queries and keys, the d_k products have a mean of their own, and "
                "their sum grows like d_k instead of √d_k; 1/d_k is then the scale that does not depend on the width.",
            ),
            Assumption(
                "M_2 is the mean second moment of a key's entries, and not 0",
                otherwise="With keys of 0 all scores are 0 at any scale.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    inputs, head = 8, 16
    first, second = generator.standard_normal((2, size, inputs)) + 0.5
    first, second = (
        token * np.sqrt(inputs) / np.linalg.norm(token, axis=1, keepdims=True) for token in (first, second)
    )
    weights = generator.uniform(-1, 1, (2, size, head, inputs)) * np.sqrt(3 / inputs)
    queries = np.einsum("rij,rj->ri", weights[0], first)
    keys = np.einsum("rij,rj->ri", weights[1], second)
    return np.asarray(np.sum(queries * keys, axis=1) ** 2 / head)


RESULT = Result(
    title="Attention scores have unit second moment with the scale 1/√d_k, if queries and keys have",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
A score is a sum of $d_k$ products, and at the start their signs are random: it grows like the *square root* of their
number. With $v_q = M_2 = 1$ the factor is $1/\sqrt{d_k}$. It is the derivation of GD-0001 once more, with a query in
the place of a row of weights.

Why bother? The scores go into a softmax. Scores of standard deviation 8 make it almost a maximum: one weight near 1,
the others near 0, and a derivative near 0 with them, which is saturation by another name.

The fine print is in $v_q$ and $M_2$. If the tokens come from a layer norm (second moment 1), the projections need
$\mathrm{Var}\,W = 1/n_{\mathrm{in}}$, gain 1, to make $v_q = M_2 = 1$. torch's `MultiheadAttention` draws its three
projections as *one* matrix of shape $3d \times d$ by `xavier_uniform_`, so their variance is $2/(4d) = 1/(2d)$: queries
and keys start with half of the second moment, and scores with a quarter.
""",
    experiment=Experiment(
        what="the score of two given tokens of 8 entries in a head of 16, fresh uniform projections, scale 1/√16",
        draw=_draw,
        expected=1.0,
    ),
    sources=(
        Source(
            "A. Vaswani et al.: Attention is all you need, NeurIPS 2017, section 3.2.1 (footnote on the variance d_k)",
            "https://arxiv.org/abs/1706.03762",
        ),
        Source("torch.nn.MultiheadAttention, source of its reset (torch 2.13.0)"),
    ),
)
