"""F76: the constants of StarReLU."""

from sympy import Max, sqrt

from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Printed, PrintedTable, Source
from gainderive.symbols import x

_SQUARED = Max(x, 0) ** 2
_MEAN = GaussMean(_SQUARED, x, 1)
SCALE = 1 / sqrt(GaussMean(_SQUARED**2, x, 1) - _MEAN**2)
BIAS = -_MEAN * SCALE

CLAIM = Claim(
    says="s·relu(x)² + b has mean 0 and variance 1 for a standard normal x, at s = 0.8944 and b = -0.4472.",
    who=(Source("W. Yu et al.: MetaFormer baselines for vision, 2022, StarReLU", "https://arxiv.org/abs/2210.13452"),),
    check=PrintedTable({"s": Printed("0.8944", SCALE), "b": Printed("-0.4472", BIAS)}),
    remark="Exactly 2/√5 = {scale} and -1/√5 = {bias}: the squared ReLU has mean 1/2 and variance 5/4.",
    numbers={"scale": (SCALE, 10), "bias": (BIAS, 10)},
)
