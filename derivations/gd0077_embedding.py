"""GD-0077: an embedding is a linear layer with fan_in 1."""

from sympy import Sum, Tuple

from gainderive import catalog
from gainderive.assumptions import UNCORRELATED_WEIGHTS, Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Lemma, Substitution
from gainderive.probability import Mean
from gainderive.symbols import counter, fan_in, indexed, parameter, second_moment, weight_variance

W, h = indexed("W"), indexed("h")
i, j = counter("i"), counter("j")
n, v, m = fan_in, weight_variance, second_moment
output = parameter("s", nonnegative=True)


def derive() -> Derivation:
    """Return the chain from a one-hot input to the weights' variance."""
    one_hot, looked_up = equation(m, 1 / n), equation(output, Mean(Sum(W[i, j] * h[j], (j, 1, n)) ** 2))
    separate = catalog.result("GD-0001").derivation
    lines = (
        (equation(output, v * n * m), Lemma(separate)),
        (equation(output, v * n / n), Substitution(m)),
    )
    return Derivation(
        title="Second moment of an embedding",
        given=Tuple(one_hot, looked_up),
        claim=Tuple(one_hot, lines[-1][0]),
        steps=tuple(Step(Tuple(one_hot, line), by) for line, by in lines),
        assumptions=(
            UNCORRELATED_WEIGHTS,
            Assumption(
                "the input h is one-hot: one of its n entries is 1, the others are 0, so that their mean square is 1/n",
                otherwise="A bag of k tokens that are added up has the mean square k/n, and the output k v; their "
                "mean, v/k.",
            ),
        ),
    )


RESULT = Result(
    title="An embedding hands out the weights' own variance: its fan_in is 1, whatever the vocabulary",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    commentary=r"""
As a matrix an embedding has as many inputs as there are tokens, and a library that divides by that number makes
vectors that are far too short. But only one input is ever on. GD-0001 says it without a special case: $n v M_2$ with
the one-hot mean square $M_2 = 1/n$ is $v$.

So the variance to ask for is the second moment that the next layer wants: 1, which is torch's default for
`nn.Embedding` ($N(0, 1)$, no fan at all). Transformers that share the embedding with the output layer are in a bind:
as an output layer the same matrix has fan_in $d$ and wants the variance $1/d$. The original one draws it small and
multiplies the *looked-up* vectors by $\sqrt d$, which serves both.

Kaiming's or Xavier's initializer on an embedding is a mistake that a layer norm behind it hides completely, and
nothing else does.
""",
    sources=(
        Source("torch.nn.Embedding.reset_parameters, source (torch 2.13.0: normal_)"),
        Source(
            "A. Vaswani et al.: Attention is all you need, NeurIPS 2017, section 3.4 (weights multiplied by the root "
            "of d_model)",
            "https://arxiv.org/abs/1706.03762",
        ),
    ),
)
