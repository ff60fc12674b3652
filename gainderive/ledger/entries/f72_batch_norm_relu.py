"""F72: how fast gradients grow through batch normalization and ReLU."""

from sympy import Expr, pi, sqrt

from gainderive.ledger import Claim, Compares, Parts, Printed, Said, Source, exact, gain_of


def deviation() -> Expr:
    """Return the standard deviation of a preactivation behind ReLU, at weights of standard deviation √(2/n)."""
    return exact(gain_of("relu")) / exact(gain_of("relu", "centered"))


def factor() -> Expr:
    """Return the gradient's factor: the weights restore the variance, and the slope asks for the backward gain."""
    return exact(gain_of("relu", "centered")) / exact(gain_of("relu", "backward"))


CLAIM = Claim(
    says="Behind a ReLU batch normalization divides by σ ≈ √((π-1)/π) ≈ 0.82, so gradient norms grow by √(π/(π-1)) ≈ "
    "1.21 in every layer.",
    who=(
        Source(
            "K. Luther: Why batch norm causes exploding gradients, 2020",
            "https://kyleluther.github.io/2020/02/18/batchnorm-exploding-gradients.html",
        ),
        Source(
            "G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, S. Schoenholz: A mean field theory of batch "
            "normalization, ICLR 2019, where it is shown",
            "https://arxiv.org/abs/1902.08129",
        ),
    ),
    check=Parts(
        {
            "√(π/(π-1))": Said(Compares("squared factor of the gradient", lambda: factor() ** 2, "=", pi / (pi - 1))),
            "√((π-1)/π)": Said(Compares("standard deviation behind a ReLU", deviation, "=", sqrt((pi - 1) / pi))),
            "0.82": Printed("0.82", deviation, "√((π-1)/π)"),
            "1.21": Printed("1.21", factor, "√(π/(π-1))"),
        }
    ),
    correct="σ = {deviation}, which rounds to 0.83; the factor is {factor} in every layer.",
    remark="For large batches. The factor is the centered gain of ReLU by its backward gain: normalization restores "
    "the variance, and the gradient would need the second moment only.",
    numbers={"deviation": deviation, "factor": factor},
    results=("GD-0005", "GD-0010"),
)
