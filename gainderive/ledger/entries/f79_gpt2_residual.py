"""F79: GPT-2's scale of residual projections."""

from sympy import Integer, sqrt

from gainderive.ledger import Claim, Identity, Said, Source
from gainderive.symbols import counter

_N = counter("N")

CLAIM = Claim(
    says="At initialization scale the weights of the N residual layers by 1/√N: that accounts for what adds up on the "
    "residual path with depth.",
    who=(
        Source("A. Radford et al.: Language models are unsupervised multitask learners, 2019, section 2.3"),
        Source("nanoGPT, model.py, whose N is twice the number of blocks", "https://github.com/karpathy/nanoGPT"),
    ),
    check=Said(
        Identity(_N * (1 / sqrt(_N)) ** 2, Integer(1), "variance that N independent branches add, each scaled by 1/√N")
    ),
    remark="For branches that are independent and centred, as they are over random projections. All of them together "
    "then add as much as one branch would without the factor, however deep the net.",
    results=("GD-0001",),
)
